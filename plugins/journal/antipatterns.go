package journal

import (
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

// antipatterns finds what not to do: list items and headings in chapters about it, items and bold sentences that say
// "don't" with a reason, table rows, prose marked as bad, and bad code without a good version.
func antipatterns(d *document, u codeLines) []finding {
	f := &antipatternFinder{finder: finder{document: d}, used: u}
	for _, s := range d.root.all() {
		forbidden := forbidden(s)
		f.blocks(s, s.blocks, forbidden)
		tables(s.blocks, func(t block) { f.table(s, t) })
		f.heading(s)
		f.code(s, s.blocks)
	}
	return f.found
}

// forbidden reports whether a section is about what not to do. Of the headings that tell, the nearest one decides.
func forbidden(s *section) bool {
	for ; s != nil && s.depth > 1; s = s.parent {
		switch r := s.unsigned.role; {
		case r&antipattern != 0:
			return true
		case r&(good|remedy|cause|solution) != 0:
			return false
		}
	}
	return false
}

type antipatternFinder struct {
	finder
	used codeLines
}

// blocks looks at lists and bold sentences. Below a label such as "Avoid:" a list is one of things not to do.
func (f *antipatternFinder) blocks(s *section, blocks []block, forbidden bool) {
	below := forbidden
	all := pieces(blocks)
	for i, p := range all {
		switch {
		case p.label == "" && p.block.kind == list:
			for j, it := range p.block.items {
				f.item(s, it, better(p.block.items[j+1:]), below)
			}
		case p.label != "" && p.role&bad != 0 && !compares[normal(p.label)] && words(p.rest) > 3 && !strings.HasSuffix(p.rest, ":"):
			f.contrast(s, p, all[i+1:])
		case p.label != "" && forbids(p.label) && words(p.label) > 2:
			f.sentence(s, p, all[i+1:])
		case p.label != "":
			below = forbidden || p.role&antipattern != 0 && p.role&(cause|solution|problem) == 0
		case p.block.kind == paragraph:
			introduces := i > 0 && strings.HasSuffix(p.text, ":") // what follows belongs to this sentence
			below = forbidden && !introduces || roleOf(p.text)&antipattern != 0
			if !f.bold(s, p, all[i+1:]) {
				f.prose(s, p)
			}
		}
	}
}

// compares are labels that compare two states of a program and forbid nothing.
var compares = set("before old original previously was tried actual fails failing no not")

// better returns what the next item says to do instead, if it is marked as good.
func better(later []item) string {
	if len(later) == 0 {
		return ""
	}
	label, rest, ok := leading(later[0].text)
	switch {
	case ok && roleOf(label)&(good|remedy) != 0 && roleOf(label)&bad == 0 && !compares[normal(label)]:
		return "Instead: " + rest
	case signRole(later[0].text)&good != 0:
		return "Instead: " + trimSymbols(later[0].text)
	}
	return ""
}

// item reads one item of a list; instead is what the item after it adds.
func (f *antipatternFinder) item(s *section, it item, instead string, forbidden bool) {
	if len(it.blocks) == 0 || f.used.has(it.first) {
		return
	}
	first := it.blocks[0].text
	if label, rest, ok := leading(first); ok && marksBad(label, forbidden) {
		first, forbidden = rest, true
	}
	lead := trimSymbols(unmarked(first))
	act := gerund().MatchString(lead)
	says := forbids(lead) || act && s.parent != nil && habits().MatchString(s.heading)
	forbidden = forbidden || signRole(it.text)&bad != 0 && (act || advises(lead)) // a sign alone may stand before any fact
	if lead == "" || question().MatchString(lead) || signRole(first)&good != 0 || !says && allows().MatchString(lead) {
		return
	}
	if f.exchange(s, it.span, lead, "") {
		return
	}
	if !forbidden && !says {
		f.blocks(s, it.blocks[1:], false)
		return
	}
	pattern, reason := splitReason(first)
	reason = joined("\n\n", reason, it.below(), instead)
	if forbidden || reason != "" {
		f.forbid(s, it.span, pattern, reason, it.text)
	}
}

// marksBad reports whether the label of an item says that what follows is bad. A label that may also open a part of a story
// says so only among things not to do.
func marksBad(label string, forbidden bool) bool {
	r := roleOf(label)
	return r&bad != 0 && (forbidden || r&chainParts == 0) && !compares[normal(label)]
}

// below returns what an item says after its first block.
func (it item) below() string {
	var texts []located
	for _, b := range it.blocks[1:] {
		texts = append(texts, located{b.span, b.text})
	}
	return gather(texts)
}

// gerund matches the beginning of an item that names a habit, such as "Setting state in render".
var (
	gerund = newForm(`^[A-Z][a-z]+ing\b`)
	habits = newForm(`(?i)\b(?:pitfalls?|traps?|mistakes?|habits?)\b`)
)

// breaksOff matches words that are incomplete, such as "Avoid caching when": what follows them is no reason.
var breaksOff = newForm(`(?i)\b(?:when|if|unless|while|because|for|with|to|of|and|or|the|an?)$`)

// forbid emits an anti-pattern. If a pattern with a reason still holds a dash, the line as written is part of the context,
// because it is a guess which dash comes before the reason.
func (f *antipatternFinder) forbid(s *section, at span, pattern, reason, written string) {
	if words(pattern) < 2 && !strings.Contains(pattern, "`") {
		f.reject(at, "the text does not say what not to do")
		return
	}
	if breaksOff().MatchString(pattern) {
		f.reject(at, "the text about what not to do is incomplete")
		return
	}
	if written = unmarked(firstLine(written)); reason == "" || !strings.ContainsAny(pattern, "-–—") {
		written = ""
	}
	f.keep(s, at, sdk.Example{Context: written, Negative: &sdk.AntiPattern{Pattern: pattern, Reason: reason}})
}
