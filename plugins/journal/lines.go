package journal

import (
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// line returns the number of the line that an offset is on.
func (b *builder) line(offset int) int {
	begun, _ := slices.BinarySearch(b.starts, offset+1)
	return begun
}

// ruler matches a line that only separates what stands above it from what follows.
var ruler = newForm(`^(?:[-*_] *){3,}$`)

// lastText returns the last line from first to last that says something, or first if none does.
func (b *builder) lastText(first, last int) int {
	for last > first && ruler().ReplaceAllString(strings.Trim(b.lines[last-1], " \t>"), "") == "" {
		last--
	}
	return last
}

// children iterates over the block nodes below parent with their lines: each reaches up to where the next one begins.
func (b *builder) children(parent ast.Node, last int) func(func(ast.Node, span) bool) {
	return func(yield func(ast.Node, span) bool) {
		for node := parent.FirstChild(); node != nil; node = node.NextSibling() {
			first := b.line(node.Pos())
			s := span{first, max(first, last)} // what is code to markdown may have looked blank to lastText
			if next := node.NextSibling(); next != nil {
				s.last = max(b.line(next.Pos())-1, s.first)
			}
			s.last = b.lastText(s.first, s.last)
			if !yield(node, s) {
				return
			}
		}
	}
}

// cut takes a block's lines from the source and removes the indentation, the list markers and the quote signs of what
// contains it.
func (b *builder) cut(node ast.Node, s span) string {
	indent := max(node.Pos()-b.starts[s.first-1], 0)
	lines := make([]string, 0, s.last-s.first+1)
	for i, line := range b.lines[s.first-1 : s.last] {
		if i == 0 {
			lines = append(lines, line[min(indent, len(line)):])
			continue
		}
		n := 0
		for n < indent && n < len(line) && strings.IndexByte(" \t>", line[n]) >= 0 {
			n++
		}
		lines = append(lines, line[n:])
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n")
}
