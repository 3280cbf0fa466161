package journal

import "slices"

var troubling = newForm(`(?i)\b(?:troubleshoot\w*|(?:known|common) (?:issues|problems|errors|pitfalls))\b`)

// troubles reports whether a section's heading is a problem: it names no part of a story, and stands in a chapter, or in
// a journal, of problems.
func (d *document) troubles(s *section) bool {
	if s.depth <= 1 || s.unsigned.role != 0 {
		return false
	}
	return s.parent.within(problem) || troubling().MatchString(s.parent.heading) || troubling().MatchString(d.meta.title)
}

// remedies tells the story of a section about a trouble that holds nothing but steps which tell the reader what to do.
func (f *chainFinder) remedies(s *section) (story, bool) {
	title := f.title(s)
	if !f.troubles(s) || len(s.sections) > 0 || words(title) < 2 || instructs(title) {
		return story{}, false
	}
	idle := func(it item) bool { return !advises(firstLine(it.text)) }
	var steps []located
	for _, b := range s.blocks {
		if b.kind != list || slices.ContainsFunc(b.items, idle) {
			return story{}, false
		}
		steps = append(steps, located{b.span, b.text})
	}
	one := story{span: s.span, parts: []part{
		{span: s.span, role: problem, texts: []located{{span{s.first, s.first}, title}}},
		{span: s.span, role: solution, texts: steps},
	}}
	return one, len(steps) > 0
}
