package journal

import (
	"sort"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
)

// parseTree parses markdown as people write it on code hosts.
func parseTree(source []byte) ast.Node {
	markdown := goldmark.New(goldmark.WithExtensions(
		extension.Table, extension.Strikethrough, extension.TaskList, extension.DefinitionList,
	))
	return markdown.Parser().Parse(text.NewReader(source))
}

// parse reads a journal that [clean] has prepared.
func parse(source string) *document {
	b := &builder{source: []byte(source), lines: strings.Split(source, "\n")}
	for i, offset := 0, 0; i < len(b.lines); i++ {
		b.starts = append(b.starts, offset)
		offset += len(b.lines[i]) + 1
	}
	root := &section{span: span{1, len(b.lines)}, body: span{1, len(b.lines)}}
	b.sections(root, parseTree(b.source))
	return &document{lines: b.lines, root: root}
}

// A builder turns goldmark's tree into a document.
type builder struct {
	source []byte
	lines  []string
	starts []int // offset of every line
	depth  int   // of the list or quote at hand
}

// maxDepth is how deep lists and quotes nest that somebody may have written by hand; what lies deeper is only text.
const maxDepth = 8

func (b *builder) line(offset int) int {
	return sort.Search(len(b.starts), func(i int) bool { return b.starts[i] > offset })
}

// sections nests the headings below root and gives each section the blocks that follow its heading.
func (b *builder) sections(root *section, tree ast.Node) {
	current := root
	for node, s := range b.children(tree, root.last) {
		heading, ok := node.(*ast.Heading)
		if !ok {
			current.blocks = append(current.blocks, b.block(node, s)...)
			continue
		}
		for current.depth >= heading.Level {
			current.last = b.lastText(current.first, s.first-1)
			current.body.last = current.last
			current = current.parent
		}
		child := &section{
			span: span{s.first, b.lastText(s.first, root.last)}, body: span{s.last + 1, b.lastText(s.first, root.last)},
			heading: b.plain(heading), depth: heading.Level, parent: current,
		}
		current.sections = append(current.sections, child)
		current = child
	}
}

// lastText is the last line up to last that is not blank.
func (b *builder) lastText(first, last int) int {
	for last > first && strings.Trim(b.lines[last-1], " \t>") == "" {
		last--
	}
	return last
}

// children yields the block nodes below parent with their lines: each reaches up to where the next one begins.
func (b *builder) children(parent ast.Node, last int) func(func(ast.Node, span) bool) {
	return func(yield func(ast.Node, span) bool) {
		for node := parent.FirstChild(); node != nil; node = node.NextSibling() {
			s := span{b.line(node.Pos()), last}
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

func (b *builder) block(node ast.Node, s span) []block {
	made := block{span: s, kind: other, text: b.cut(node, s)}
	if b.depth++; b.depth > maxDepth {
		b.depth--
		return []block{made}
	}
	defer func() { b.depth-- }()
	switch node := node.(type) {
	case *ast.Paragraph, *ast.TextBlock:
		made.kind = paragraph
	case *ast.FencedCodeBlock:
		made.kind, made.code = fence, b.code(node)
		made.lang = strings.ToLower(string(node.Language(b.source)))
	case *ast.List:
		made.kind = list
		for child, at := range b.children(node, s.last) {
			made.items = append(made.items, b.item(child, at))
		}
	case *ast.Blockquote:
		made.kind = quote
		for child, at := range b.children(node, s.last) {
			made.blocks = append(made.blocks, b.block(child, at)...)
		}
		made.tells = tellStory(made.blocks)
	case *extast.Table:
		made.kind = table
		b.table(&made, node)
	case *extast.DefinitionList:
		return b.definitions(node, s)
	}
	return []block{made}
}

func (b *builder) item(node ast.Node, s span) item {
	made := item{span: s}
	var texts []located
	for child, at := range b.children(node, s.last) {
		for _, inner := range b.block(child, at) {
			made.blocks = append(made.blocks, inner)
			texts = append(texts, located{inner.span, inner.text})
		}
	}
	made.text = gather(texts)
	made.tells = tellStory(made.blocks)
	return made
}

// definitions turns a term and its definitions into paragraphs that open with a bold label.
func (b *builder) definitions(list ast.Node, s span) []block {
	var blocks []block
	for child, at := range b.children(list, s.last) {
		if child.Kind() == extast.KindDefinitionTerm {
			blocks = append(blocks, block{span: at, kind: paragraph, text: "**" + b.plain(child) + ":**"})
			continue
		}
		for inner, place := range b.children(child, at.last) {
			blocks = append(blocks, b.block(inner, place)...)
		}
	}
	return blocks
}

func (b *builder) table(made *block, node ast.Node) {
	for child := node.FirstChild(); child != nil; child = child.NextSibling() {
		var cells []string
		for cell := child.FirstChild(); cell != nil; cell = cell.NextSibling() {
			cells = append(cells, strings.ReplaceAll(strings.TrimSpace(string(cell.Lines().Value(b.source))), `\|`, "|"))
		}
		if _, ok := child.(*extast.TableHeader); ok {
			made.header = cells
		} else {
			made.rows = append(made.rows, row{line: b.line(child.Pos()), cells: cells})
		}
	}
}

func (b *builder) code(node *ast.FencedCodeBlock) string {
	return strings.TrimRight(string(node.Lines().Value(b.source)), "\n")
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

// plain is the text of a heading or term without its markup.
func (b *builder) plain(node ast.Node) string {
	if node.Lines() == nil {
		return ""
	}
	return unmarked(string(node.Lines().Value(b.source)))
}
