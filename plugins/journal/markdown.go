package journal

import (
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
	for _, s := range root.all() {
		for lastOf(s.blocks).kind == rule {
			s.blocks = s.blocks[:len(s.blocks)-1] // it separates the section from the next one
		}
	}
	if len(root.sections) > 1 && root.sections[1].depth == 1 {
		for _, s := range root.all()[1:] {
			s.depth++ // no heading is the journal's title: each opens a chapter
		}
	}
	return &document{lines: b.lines, root: root}
}

// A builder turns goldmark's tree into a document.
type builder struct {
	source []byte
	lines  []string
	starts []int // offset of every line
	depth  int   // of the list or quote at hand
}

// maxDepth is how deep lists and quotes written by hand may nest; what lies deeper is read as mere text.
const maxDepth = 8

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
		child.title, child.unsigned = titled(child.heading), titled(trimSymbols(child.heading))
		current.sections = append(current.sections, child)
		current = child
	}
}

func (b *builder) block(node ast.Node, s span) []block {
	if b.depth == maxDepth {
		return []block{{span: s, kind: other, text: b.cut(node, s)}}
	}
	b.depth++
	defer func() { b.depth-- }()
	if definitions, ok := node.(*extast.DefinitionList); ok {
		return b.definitions(definitions, s)
	}
	made := block{span: s, kind: other, text: b.cut(node, s)}
	switch node := node.(type) {
	case *ast.Paragraph, *ast.TextBlock:
		made.kind = paragraph
		if made.signs(); made.kind == paragraph {
			made.pieces = paragraphPieces(made)
		}
	case *ast.ThematicBreak:
		made.kind = rule
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		b.fence(&made, node)
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
	}
	return []block{made}
}

// signs makes a list of a paragraph whose lines all begin with a sign for good or bad: some people use these as list markers.
func (made *block) signs() {
	lines := strings.Split(made.text, "\n")
	for _, line := range lines {
		if signRole(line) == 0 || len(lines) < 2 || words(line) == 0 {
			return
		}
	}
	made.kind = list
	for i, line := range lines {
		at := span{made.first + i, made.first + i}
		made.items = append(made.items, newItem(at, line, []block{{span: at, kind: paragraph, text: line}}))
	}
}

// fence reads code. Indented code gets a fence, so that it stays code wherever its text goes.
func (b *builder) fence(made *block, node ast.Node) {
	made.kind, made.codeLine = fence, made.first
	made.code = strings.TrimRight(string(node.Lines().Value(b.source)), "\n")
	if fenced, ok := node.(*ast.FencedCodeBlock); ok {
		made.lang = strings.ToLower(string(fenced.Language(b.source)))
		made.codeLine++
		return
	}
	made.text = "```\n" + made.code + "\n```"
}

func (b *builder) item(node ast.Node, s span) item {
	var blocks []block
	var texts []located
	for child, at := range b.children(node, s.last) {
		for _, inner := range b.block(child, at) {
			blocks = append(blocks, inner)
			texts = append(texts, located{inner.span, inner.text})
		}
	}
	made := newItem(s, gather(texts), blocks)
	made.tells = tellStory(blocks)
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

// plain returns the text of a heading or term without its markup.
func (b *builder) plain(node ast.Node) string {
	if node.Lines() == nil {
		return ""
	}
	return unmarked(string(node.Lines().Value(b.source)))
}
