package journal

import "strings"

// A document is a journal as this package sees it: sections that nest by their headings and hold blocks. Everything
// knows its lines, and its text is cut from the source, so that lists and code stay as they were written.
type document struct {
	meta  meta
	lines []string
	root  *section // what stands before the first heading, and every section below it
}

// A span is a range of lines, 1-based, both ends included.
type span struct{ first, last int }

type section struct {
	span
	heading  string // as written, without markup; empty for the root
	title    title  // the heading taken apart
	unsigned title  // the same for the heading without emoji and the like
	depth    int
	parent   *section
	body     span // the lines below the heading, sections below it included
	blocks   []block
	sections []*section
}

type kind int

const (
	paragraph kind = iota
	list
	fence // indented code too
	table
	quote
	rule  // between two topics
	other // what no recogniser looks into
)

// A block is one block of markdown.
type block struct {
	span
	kind     kind
	text     string  // the source without the indentation of what contains the block
	pieces   []piece // of a paragraph that was parsed from the journal
	code     string  // of a fence
	lang     string  // of a fence
	codeLine int     // the line where the code of a fence begins
	items    []item  // of a list
	header   []string
	rows     []row   // of a table
	blocks   []block // of a quote
	tells    bool    // a quote that tells a whole story
}

// An item is one item of a list.
type item struct {
	span
	text   string // without the marker
	blocks []block
	tells  bool // a whole story

	label, rest string // the label that opens it, and the text after that
	labelled    bool
}

// newItem makes an item of its blocks. The first of several may be nothing but the label.
func newItem(at span, text string, blocks []block) item {
	made := item{span: at, text: text, blocks: blocks}
	if len(blocks) > 1 && roleOf(blocks[0].text)&chainParts != 0 {
		made.label, made.rest, made.labelled = blocks[0].text, strings.TrimPrefix(text, blocks[0].text), true
	} else {
		made.label, made.rest, made.labelled = leading(text)
	}
	return made
}

// A row is one row of a table.
type row struct {
	line  int
	cells []string
}

// all lists the section and every section below it, in the order of the journal.
func (s *section) all() []*section {
	list := []*section{s}
	for _, child := range s.sections {
		list = append(list, child.all()...)
	}
	return list
}

// path lists the headings that lead to the section, without the journal's title.
func (s *section) path() []string {
	if s.parent == nil || s.depth <= 1 {
		return nil
	}
	return append(s.parent.path(), unnumbered(s.heading))
}

// within reports whether the section or one that contains it has a heading with one of the roles.
func (s *section) within(roles role) bool {
	for ; s != nil && s.depth > 1; s = s.parent {
		if s.title.role&roles != 0 {
			return true
		}
	}
	return false
}

// slice cuts lines from the source, without blank ones around them.
func (d *document) slice(s span) string {
	if s.first > s.last {
		return ""
	}
	return strings.Trim(strings.Join(d.lines[s.first-1:s.last], "\n"), "\n")
}

// tables calls yield with every table in blocks, at any depth.
func tables(blocks []block, yield func(block)) {
	for _, b := range blocks {
		if b.kind == table {
			yield(b)
		}
		for _, it := range b.items {
			tables(it.blocks, yield)
		}
		tables(b.blocks, yield)
	}
}

// cell returns a row's cell; it is empty if the row is too short.
func (r row) cell(i int) string {
	if i < 0 || i >= len(r.cells) {
		return ""
	}
	return r.cells[i]
}

// gather joins the texts of neighbouring blocks as they stood in the source.
func gather(texts []located) string {
	var b strings.Builder
	for i, t := range texts {
		if i > 0 && b.Len() > 0 {
			b.WriteString(between(texts[i-1].last, t.first))
		}
		b.WriteString(t.text)
	}
	return strings.TrimSpace(b.String())
}

// between returns what separates text that ends on one line from text that begins on another.
func between(last, first int) string {
	switch {
	case first > last+1:
		return "\n\n"
	case first > last:
		return "\n"
	}
	return " "
}

// located is text with its place.
type located struct {
	span
	text string
}
