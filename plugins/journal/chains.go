package journal

import (
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

// chains finds what leads from a problem over its cause to the fix: sections named after these parts, labels, list
// items, table rows. A lesson is a chain too: its title and what happened are the problem.
func chains(d *document) []finding {
	f := &chainFinder{document: d}
	f.visit(d.root)
	for _, s := range d.root.all() {
		tables(s.blocks, func(t block) { f.table(s, t) })
		f.items(s, s.blocks)
	}
	return f.found
}

type chainFinder struct {
	*document
	found []finding
}

// visit tells the stories of a section: of its own blocks and of those sections below it that are parts of its story.
func (f *chainFinder) visit(s *section) {
	all := parts(pieces(s.blocks), 0)
	if r, _ := titled(s.heading); r&chainParts != 0 {
		all = parts(pieces(s.blocks), r&chainParts)
	}
	if s.depth <= 1 {
		all = unlabelledOrPart(all)
	}
	for i, child := range s.sections {
		if f.joins(child, s.sections[i+1:]) {
			all = append(all, f.expand(child)...)
			f.visitBelow(child)
		} else {
			f.visit(child)
		}
	}
	told := divide(all)
	for _, one := range told {
		f.tell(s, one, len(told) == 1)
	}
}

// unlabelledOrPart leaves out facts about the journal, such as its date.
func unlabelledOrPart(all []part) []part {
	var kept []part
	for _, p := range all {
		if p.label == "" || p.role&chainParts != 0 {
			kept = append(kept, p)
		}
	}
	return kept
}

// joins reports whether a section is a part of the story that the section above it tells.
func (f *chainFinder) joins(s *section, later []*section) bool {
	r, title := titled(s.heading)
	switch {
	case r&chainParts == 0, r&(unproven|antipattern) != 0 && r&(cause|solution) == 0:
		return false
	case r&chainParts == insight:
		return len(s.sections) == 0 && title == ""
	case r&problem == 0:
		return true
	case len(s.blocks) == 0 && len(s.sections) > 0 && s.sections[0].role()&chainParts == 0:
		return false // a chapter of problems
	case len(s.blocks) == 1 && s.blocks[0].kind == table:
		return false // a problem in each row
	}
	for _, one := range divide(f.expand(s)) {
		followed := len(later) > 0 && later[0].role()&solution != 0
		if one.has(solution) || one.has(cause) && !followed {
			return false
		}
	}
	return true
}

// expand turns a section into parts. Sections below it that have no part of their own belong to the last one, and may
// tell stories of their own besides.
func (f *chainFinder) expand(s *section) []part {
	r, title := titled(s.heading)
	all := parts(pieces(s.blocks), r&chainParts)
	if len(all) == 0 {
		all = []part{{span: s.span, role: r & chainParts}}
	}
	all[0].first = s.first
	if title != "" {
		all[0].texts = append([]located{{span{s.first - 1, s.first - 1}, title}}, all[0].texts...)
	}
	for i, child := range s.sections {
		if child.role()&chainParts != 0 && f.joins(child, s.sections[i+1:]) {
			all = append(all, f.expand(child)...)
			continue
		}
		last := &all[len(all)-1]
		last.texts = append(last.texts, located{child.span, f.slice(child.span)})
		last.last = child.last
	}
	return all
}

// visitBelow visits sections that expand has only taken as text.
func (f *chainFinder) visitBelow(s *section) {
	for i, child := range s.sections {
		if child.role()&chainParts != 0 && f.joins(child, s.sections[i+1:]) {
			f.visitBelow(child)
		} else {
			f.visit(child)
		}
	}
}

// items tells the stories that list items and quotes hold, each on its own.
func (f *chainFinder) items(s *section, blocks []block) {
	for _, b := range blocks {
		if b.kind == quote {
			f.aside(s, b.blocks)
		}
		f.items(s, b.blocks)
		together := tellsStory(b)
		for _, it := range b.items {
			if !together && !forbids.MatchString(unmarked(it.text)) {
				f.aside(s, it.blocks)
			}
			f.items(s, it.blocks)
		}
	}
}

// aside tells the stories of an item or a quote, unless it is about a command.
func (f *chainFinder) aside(s *section, blocks []block) {
	all := pieces(blocks)
	for _, p := range all {
		if p.role&command != 0 && p.role&chainParts == 0 {
			return
		}
	}
	for _, one := range stories(all) {
		if one.complete() {
			f.tell(s, one, false)
		}
	}
}

// table tells a story for each row of a table whose columns are a problem and its cause or fix.
func (f *chainFinder) table(s *section, t block) {
	if story, ok := sideways(t); ok {
		f.tell(s, story, true)
		return
	}
	columns := make([]role, len(t.header))
	seen := role(0)
	for i, header := range t.header {
		columns[i] = roleOf(header) & (problem | cause | solution)
		if r := roleOf(header); r&command != 0 && r&chainParts == 0 {
			return // why a command is used is no cause
		}
		seen |= columns[i]
	}
	if seen&problem == 0 || seen&(cause|solution) == 0 {
		return
	}
	for _, r := range t.rows {
		one := story{span: span{r.line, r.line}}
		for i, c := range columns {
			if text := known(r.cell(i)); text != "" && c != 0 {
				one.parts = append(one.parts, part{span: one.span, role: c, texts: []located{{one.span, text}}})
			}
		}
		f.tell(s, one, false)
	}
}

// sideways reads a table whose first column names the parts.
func sideways(t block) (story, bool) {
	one := story{span: t.span}
	for _, r := range append([]row{{t.first, t.header}}, t.rows...) {
		if c := roleOf(r.cell(0)) & chainParts; c != 0 && len(r.cells) == 2 && known(r.cell(1)) != "" {
			at := span{r.line, r.line}
			one.parts = append(one.parts, part{span: at, role: c, texts: []located{{at, r.cell(1)}}})
		}
	}
	return one, one.has(problem) && one.has(cause|solution) && !(one.has(problem) && roleOf(strings.Join(t.header, " "))&problem != 0)
}

// tell emits a story as a chain, or says why it is none.
func (f *chainFinder) tell(s *section, one story, whole bool) {
	chain := sdk.ReasoningChain{
		RootCause: known(one.get(cause)),
		Reasoning: known(one.get(insight)),
		Solution:  known(one.get(solution)),
	}
	what := known(joined("\n\n", one.get(problem), one.get(impact)))
	if !one.has(problem) && len(one.lead) > 0 {
		what = known(gather(one.lead))
	}
	title := ""
	if s.depth > 1 && s.role() == 0 {
		title = trimSymbols(unnumbered(s.heading))
	} else if _, rest := titled(s.heading); s.depth > 1 {
		title = rest
	}
	if what == "" && chain.RootCause != "" && chain.Solution != "" && words(title) > 2 {
		what, title = title, ""
	}
	switch {
	case what == "":
		f.refuse(one.span, "a cause or a fix without a problem")
		return
	case chain.RootCause == "" && chain.Solution == "":
		f.refuse(one.span, "a problem without a cause or a fix")
		return
	}
	chain.Problem = what
	if whole && title != "" && !strings.HasPrefix(strings.ToLower(what), strings.ToLower(title)) {
		chain.Problem = title + "\n\n" + what
	}
	f.found = append(f.found, finding{span: one.span, example: &sdk.Example{
		Context: f.context(s), Chain: &chain,
	}})
}

func (f *chainFinder) refuse(at span, cause string) {
	f.found = append(f.found, finding{span: at, refused: cause})
}

// known empties a text that only says that nothing is known.
func known(text string) string {
	switch normal(text) {
	case "", "none", "n a", "na", "tbd", "todo", "unknown", "not yet", "none yet", "pending", "open", "wip", "fixme", "to be determined", "see above", "see below":
		return ""
	}
	return strings.TrimSpace(text)
}
