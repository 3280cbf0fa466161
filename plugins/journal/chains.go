package journal

import "slices"

// chains finds what leads from a problem through its cause to the fix: in sections named after these parts, under labels, in
// list items and in table rows. A lesson is a chain too: its title and what happened are the problem.
func chains(d *document) []finding {
	f := &chainFinder{finder: finder{document: d}, isPartOf: map[*section]bool{}}
	f.visit(d.root)
	for _, s := range d.root.all() {
		tables(s.blocks, func(t block) { f.table(s, t) })
		f.items(s, s.blocks)
		if several := boldParagraphs(s.blocks); len(several) > 1 {
			for _, it := range several {
				f.lessonItem(s, it, cause)
			}
		}
	}
	return f.found
}

type chainFinder struct {
	finder
	isPartOf map[*section]bool // the results of joins, which is called again and again for the same section
}

// visit tells the stories of a section, which consist of its own blocks and of those sections below it that are parts of its
// story. It visits the other sections below it on their own.
func (f *chainFinder) visit(s *section) {
	all := ownParts(s)
	for i, child := range s.sections {
		if f.joins(child, s.sections[i+1:]) {
			all = append(all, f.expand(child)...)
			f.visitBelow(child)
		} else {
			f.visit(child)
		}
	}
	told := divide(all)
	if !slices.ContainsFunc(told, story.complete) {
		if one, ok := f.lesson(s); ok {
			told = []story{one}
		} else if one, ok := f.remedies(s); ok {
			told = []story{one}
		}
		f.labelledLessons(s)
	}
	for _, one := range told {
		if s.depth <= 1 && !(one.has(cause) && one.has(solution)) {
			one.lead = nil // every document opens with some text, which need not be a problem
		}
		f.tell(s, one, len(told) == 1)
	}
}

// ownParts makes parts of a section's own blocks.
func ownParts(s *section) []part {
	around := s.title.role & chainParts
	if s.tabled() || s.depth <= 1 && len(s.sections) > 0 {
		around = 0
	}
	all := parts(pieces(s.blocks), around)
	if s.depth <= 1 { // facts about the journal, such as its date, tell nothing
		all = slices.DeleteFunc(all, func(p part) bool { return p.label != "" && p.role&chainParts == 0 })
	}
	return all
}

// tabled reports whether a section holds nothing but a table.
func (s *section) tabled() bool { return len(s.blocks) == 1 && s.blocks[0].kind == table }

// joins reports whether a section is a part of the story that the section above it tells.
func (f *chainFinder) joins(s *section, later []*section) bool {
	known, ok := f.isPartOf[s]
	if !ok {
		known = f.isPart(s, later)
		f.isPartOf[s] = known
	}
	return known
}

func (f *chainFinder) isPart(s *section, later []*section) bool {
	r, title := s.title.role, s.title.rest
	switch {
	case r&chainParts == 0, r&(unproven|antipattern) != 0 && r&(cause|solution) == 0:
		return false
	case r&chainParts == insight:
		return len(s.sections) == 0 && title == ""
	case r&problem == 0:
		return true
	case len(s.blocks) == 0 && len(s.sections) > 0 && !f.joins(s.sections[0], s.sections[1:]):
		return false // a chapter of problems
	case s.tabled():
		return false // a problem in each row
	}
	if _, ok := f.lesson(s); ok && title != "" {
		return false
	}
	ending := cause | solution // what makes the section a story of its own
	if len(later) > 0 && later[0].title.role&solution != 0 {
		ending = solution
	}
	return !slices.ContainsFunc(divide(f.expand(s)), func(one story) bool { return one.has(ending) })
}

// expand turns a section into parts. Sections below it that are no part themselves belong to the last part, and may also tell
// stories of their own.
func (f *chainFinder) expand(s *section) []part {
	r, title := s.title.role, s.title.rest
	all := parts(pieces(s.blocks), r&chainParts)
	if len(all) == 0 {
		all = []part{{span: s.span, role: r & chainParts}}
	}
	all[0].first = s.first
	if title != "" {
		all[0].texts = append([]located{{span{s.first - 1, s.first - 1}, title}}, all[0].texts...)
	}
	for i, child := range s.sections {
		if child.title.role&chainParts != 0 && f.joins(child, s.sections[i+1:]) {
			all = append(all, f.expand(child)...)
			continue
		}
		last := &all[len(all)-1]
		last.texts = append(last.texts, located{child.span, f.slice(child.span)})
		last.last = child.last
	}
	return all
}

// visitBelow visits the sections that expand has taken only as text.
func (f *chainFinder) visitBelow(s *section) {
	for i, child := range s.sections {
		if child.title.role&chainParts != 0 && f.joins(child, s.sections[i+1:]) {
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
			if !together && !forbids(unmarked(it.text)) {
				f.aside(s, it.blocks)
				f.lessonItem(s, it, cause|solution)
			}
			f.items(s, it.blocks)
		}
	}
}

// aside tells the stories of an item or a quote, unless it is about a command.
func (f *chainFinder) aside(s *section, blocks []block) {
	all := pieces(blocks)
	if slices.ContainsFunc(all, func(p piece) bool { return p.role&command != 0 && p.role&chainParts == 0 }) {
		return
	}
	for _, one := range stories(all) {
		if one.complete() {
			f.tell(s, one, false)
		}
	}
}
