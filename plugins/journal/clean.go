package journal

import (
	"bytes"
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"golang.org/x/text/encoding/charmap"
)

var (
	errNotText = errors.New("the file is not text")
	errUTF16   = errors.New("the file is UTF-16: save it as UTF-8")
)

// Bounds of what somebody may have written by hand, in bytes: a line, and the list and quote markers in front of it. The time
// that the markdown parser takes for nesting grows with its square.
const (
	maxLine    = 64 << 10
	maxMarkers = 1 << 8
)

// A manuscript is a journal's text made uniform: UTF-8, and lines that end in a line feed. Every line is where it was.
type manuscript struct {
	text      string
	withdrawn int   // struck-through texts and HTML comments, blanked: their author has withdrawn them
	long      []int // the lines beyond these bounds, which are blanked
}

func clean(raw []byte) (manuscript, error) {
	raw, err := decode(raw)
	if err != nil {
		return manuscript{}, err
	}
	raw = bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n"))
	raw = bytes.ReplaceAll(raw, []byte("\r"), []byte("\n"))
	lines := bytes.Split(raw, []byte("\n"))
	var m manuscript
	for i, line := range lines {
		if len(line) > maxLine || len(line)-len(bytes.TrimLeft(line, " \t>-+*.)0123456789")) > maxMarkers {
			lines[i] = nil
			m.long = append(m.long, i+1)
		}
	}
	raw = bytes.Join(lines, []byte("\n"))
	m.withdrawn = withdraw(raw)
	m.text = string(raw)
	return m, nil
}

// decode converts text to UTF-8. Text that has invalid bytes but no UTF-8 character beyond ASCII is taken for Windows-1252.
func decode(raw []byte) ([]byte, error) {
	raw = bytes.TrimPrefix(raw, []byte("\ufeff"))
	invalid := len(raw) - len(bytes.ToValidUTF8(raw, nil))
	switch {
	case bytes.IndexByte(raw, 0) >= 0 && (bytes.HasPrefix(raw, []byte("\xff\xfe")) || bytes.HasPrefix(raw, []byte("\xfe\xff"))):
		return nil, errUTF16
	case bytes.IndexByte(raw, 0) >= 0, invalid*10 > len(raw):
		return nil, errNotText
	case invalid == 0:
		return raw, nil
	case utf8.RuneCount(raw) == len(raw): // an invalid byte counts as one
		return charmap.Windows1252.NewDecoder().Bytes(raw)
	}
	return bytes.ToValidUTF8(raw, []byte("\ufffd")), nil
}

// withdraw blanks struck-through text and HTML comments, and counts them.
func withdraw(source []byte) int {
	n := 0
	_ = ast.Walk(parseTree(source), func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		first, last := -1, -1
		switch node := node.(type) {
		case *extast.Strikethrough:
			first, last = node.Pos(), endOfStrike(source, node)
		case *ast.HTMLBlock:
			first, last = comment(source, node.Pos())
		case *ast.RawHTML:
			first, last = comment(source, node.Pos())
		}
		if first >= 0 && last <= len(source) && first < last {
			blank(source[first:last])
			n++
			return ast.WalkSkipChildren, nil
		}
		return ast.WalkContinue, nil
	})
	return n
}

// comment returns where an HTML comment at offset begins and ends; -1 if there is none.
func comment(source []byte, offset int) (first, last int) {
	if offset < 0 || !bytes.HasPrefix(source[offset:], []byte("<!--")) {
		return -1, -1
	}
	end := bytes.Index(source[offset:], []byte("-->"))
	if end < 0 {
		return -1, -1
	}
	return offset, offset + end + len("-->")
}

// endOfStrike finds the end of the tildes that close struck-through text: they follow its last character.
func endOfStrike(source []byte, node ast.Node) int {
	end := node.Pos()
	_ = ast.Walk(node, func(inner ast.Node, entering bool) (ast.WalkStatus, error) {
		if t, ok := inner.(*ast.Text); ok && entering {
			end = max(end, t.Segment.Stop)
		}
		return ast.WalkContinue, nil
	})
	tildes := bytes.IndexByte(source[end:], '~')
	if tildes < 0 {
		return end
	}
	for end += tildes; end < len(source) && source[end] == '~'; end++ {
	}
	return end
}

func blank(text []byte) {
	for i, c := range text {
		if c != '\n' {
			text[i] = ' '
		}
	}
}

var (
	anyHeading     = newForm(`(?m)^#{1,4} .*$`)
	versionHeading = newForm(`(?m)^#{1,4} (?:version |release )?\[?v?\d+\.\d+[\d\pL./+\[\]_-]*(?:\([^()\n]*\)|[\s\d.,/|()–—-])*$`)
	// changeHeading matches the kinds of changes of https://keepachangelog.com, which stand below each version.
	changeHeading = newForm(`(?m)^#{1,4} \[?(?:Unreleased|Added|Changed|Deprecated|Removed|Fixed|Security)\]?$`)
)

// isChangelog reports whether at least three of a document's headings are versions without a title, and at least half of all
// its headings are such versions or kinds of changes.
func isChangelog(source string) bool {
	versions, changes := versionHeading().FindAllString(source, -1), changeHeading().FindAllString(source, -1)
	return len(versions) > 2 && 2*(len(versions)+len(changes)) >= len(anyHeading().FindAllString(source, -1))
}

// isNoJournal reports whether a file is no journal, judging by its name and content: it is an index or the like, lists changes,
// or only shows how to write a journal.
func isNoJournal(name, source string) bool {
	base := strings.ToLower(strings.TrimSuffix(name[strings.LastIndexByte(name, '/')+1:], ".md"))
	base = strings.TrimSuffix(base, ".markdown")
	switch base {
	case "readme", "index", "_index", "contents", "toc", "contributing", "changelog", "history", "news", "license", "code_of_conduct", "summary":
		return true
	}
	return strings.Contains(base, "template") || isChangelog(source) || len(placeholder().FindAllString(source, 3)) > 2 || strings.Contains(source, "YYYY-MM-DD") && placeholder().MatchString(source)
}
