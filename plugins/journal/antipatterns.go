package journal

import (
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

// antipatterns finds what not to do: list items and headings in chapters about it, items and bold sentences that say
// "don't" with a reason, table rows, prose marked as bad, bad code of which no good version is shown.
func antipatterns(d *document, u used) []finding {
	f := &antipatternFinder{document: d, used: u}
	for _, s := range d.root.all() {
		forbidden := forbidden(s)
		f.blocks(s, s.blocks, forbidden)
		tables(s.blocks, func(t block) { f.table(s, t) })
		f.heading(s)
		f.code(s, s.blocks)
	}
	return f.found
}

// forbidden reports whether the nearest heading that says so is about what not to do.
func forbidden(s *section) bool {
	for ; s != nil && s.depth > 1; s = s.parent {
		switch r := s.role(); {
		case r&antipattern != 0:
			return true
		case r&(good|remedy|cause|solution) != 0:
			return false
		}
	}
	return false
}

type antipatternFinder struct {
	*document
	used  used
	found []finding
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
		case p.label != "" && forbids.MatchString(p.label) && words(p.label) > 2:
			f.sentence(s, p, all[i+1:])
		case p.label != "":
			below = forbidden || p.role&antipattern != 0 && p.role&(cause|solution|problem) == 0
		case p.block.kind == paragraph:
			below = forbidden || roleOf(p.text)&antipattern != 0
			f.bold(s, p, all[i+1:])
		}
	}
}

// compares are labels that compare two states of a program and forbid nothing.
var compares = set("before old original previously was tried actual fails failing no not")

// better is what the next item says to do instead, if it is marked as good.
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
	if len(it.blocks) == 0 || f.used[it.first] {
		return
	}
	first := it.blocks[0].text
	lead := trimSymbols(unmarked(first))
	sign := signRole(first)
	if label, rest, ok := leading(first); ok && roleOf(label)&bad != 0 && roleOf(label)&chainParts == 0 && !compares[normal(label)] {
		lead, forbidden = unmarked(rest), true
		first = rest
	}
	says := forbids.MatchString(lead)
	switch {
	case sign&good != 0, !says && allows.MatchString(lead), lead == "":
		return
	case !forbidden && !says && sign&bad == 0:
		f.blocks(s, it.blocks[1:], false)
		return
	}
	pattern, reason := splitReason(first)
	var below []located
	for i, b := range it.blocks {
		if i > 0 {
			below = append(below, located{b.span, b.text})
		}
	}
	reason = joined("\n\n", reason, gather(below), instead)
	if !forbidden && reason == "" {
		return
	}
	f.forbid(s, it.span, pattern, reason, it.text)
}

// contrast takes prose marked as bad, with the prose marked as good that follows it.
func (f *antipatternFinder) contrast(s *section, p piece, later []piece) {
	if p.role&(cause|solution|problem) != 0 && roleOf(p.label)&antipattern == 0 {
		return
	}
	if _, ok := inlineCode(p.rest); ok {
		return
	}
	pattern, reason := splitReason(p.rest)
	at := p.span
	if len(later) > 0 && later[0].role&(good|remedy) != 0 && later[0].rest != "" {
		reason = joined("\n\n", reason, "Instead: "+later[0].rest)
		at.last = later[0].last
	}
	if reason != "" {
		f.forbid(s, at, pattern, reason, p.text)
	}
}

// sentence takes a bold "Don't X" that opens a paragraph, with what follows it.
func (f *antipatternFinder) sentence(s *section, p piece, later []piece) {
	reason := p.rest
	at := p.span
	if strings.HasSuffix(reason, ":") && len(later) > 0 && later[0].label == "" {
		reason, at.last = reason+"\n"+later[0].text, later[0].last
	}
	if words(reason) > 1 {
		f.forbid(s, at, tidyPattern(p.label), because(strings.TrimLeft(reason, "-–— ")), p.text)
	}
}

// bold takes a paragraph that opens with a bold "Don't X." and goes on with the reason.
func (f *antipatternFinder) bold(s *section, p piece, later []piece) {
	at := boldLead.FindStringSubmatchIndex(p.text)
	if at == nil || !forbids.MatchString(p.text[at[2]:at[3]]) || words(p.text[at[2]:at[3]]) < 3 {
		return
	}
	rest := strings.TrimLeft(p.text[at[1]:], " .:-–—\n")
	if strings.HasSuffix(rest, ":") && len(later) > 0 && later[0].label == "" {
		rest += "\n" + later[0].text
	}
	if words(rest) > 1 {
		f.forbid(s, p.span, tidyPattern(p.text[at[2]:at[3]]), because(rest), p.text)
	}
}

// heading takes a section below a chapter of things not to do, or one such as "Anti-pattern: magic numbers".
func (f *antipatternFinder) heading(s *section) {
	r, title := titled(s.heading)
	if title == "" && s.parent != nil && s.parent.role()&antipattern != 0 && (r == 0 || signRole(s.heading) != 0) {
		title = unnumbered(s.heading)
		r = antipattern
	}
	if r&antipattern == 0 || title == "" || len(s.blocks) == 0 {
		return
	}
	if words(title) > 1 && !allows.MatchString(title) {
		f.forbid(s, s.span, tidyPattern(title), f.slice(s.body), "")
	}
}

// table reads a table with a column of things not to do.
func (f *antipatternFinder) table(s *section, t block) {
	what, why, instead := -1, -1, -1
	for i, header := range t.header {
		switch r := roleOf(header) | signRole(header); {
		case what < 0 && r&antipattern != 0:
			what = i
		case why < 0 && r&cause != 0 || why < 0 && what >= 0 && r&(problem|impact) != 0:
			why = i
		case instead < 0 && r&(remedy|solution) != 0:
			instead = i
		}
	}
	if what < 0 || why < 0 && instead < 0 {
		return
	}
	for _, r := range t.rows {
		_, wasCode := inlineCode(r.cell(what))
		_, isCode := inlineCode(r.cell(instead))
		if wasCode && isCode {
			continue // bad and good code: a correction
		}
		reason := known(r.cell(why))
		if better := known(r.cell(instead)); better != "" {
			reason = joined("\n\n", reason, "Instead: "+better)
		}
		f.forbid(s, span{r.line, r.line}, tidyPattern(r.cell(what)), reason, "")
	}
}

// code takes bad code that no good version follows, where its mark says what is bad about it.
func (f *antipatternFinder) code(s *section, blocks []block) {
	for _, b := range blocks {
		if b.kind == fence {
			all := sides(b)
			for i, one := range all {
				alone := i+1 == len(all) || all[i+1].role == bad
				first := i == 0 || all[i-1].role == bad
				if one.role == bad && alone && first && words(one.reason) > 1 && hasCode(one.code) {
					pattern := one.reason + "\n\n```" + b.lang + "\n" + strings.Trim(one.code, "\n") + "\n```"
					f.forbid(s, one.span, pattern, remark(one.code), "")
				}
			}
		}
		for _, it := range b.items {
			f.code(s, it.blocks)
		}
		f.code(s, b.blocks)
	}
}

// remark is the first comment at the end of a line of code.
func remark(code string) string {
	for line := range strings.SplitSeq(code, "\n") {
		if at := trailingMark.FindStringSubmatch(line); at != nil && !commentLine.MatchString(line) {
			return at[1]
		}
	}
	return ""
}

// forbid emits an anti-pattern. The line as written goes with the context: pattern and reason no longer show how they
// were joined.
func (f *antipatternFinder) forbid(s *section, at span, pattern, reason, written string) {
	if words(pattern) < 2 && !strings.Contains(pattern, "`") {
		f.found = append(f.found, finding{span: at, refused: "nothing is said about what not to do"})
		return
	}
	written, _, _ = strings.Cut(written, "\n")
	f.found = append(f.found, finding{span: at, example: &sdk.Example{
		Context:  joined("\n", f.context(s), unmarked(written)),
		Negative: &sdk.AntiPattern{Pattern: pattern, Reason: reason},
	}})
}
