package journal

import "strings"

var teaching = newForm(`(?i)\b(?:lessons?|learn(?:ed|t)|takeaways?|mistakes|gotchas|pitfalls|post-?mortem|retrospective)\b`)

// teaches reports whether a section stands in a chapter, or in a journal, of lessons.
func (d *document) teaches(s *section) bool {
	return s.within(insight|problem) || teaching().MatchString(d.meta.title)
}

// lesson tells the story of a section without labels, if its chapter teaches or its sentences name their parts.
func (f *chainFinder) lesson(s *section) (story, bool) {
	if s.depth <= 1 || s.within(antipattern) || len(s.sections) > 0 || len(s.blocks) == 0 || len(s.blocks) > 8 || s.blocks[0].kind != paragraph {
		return story{}, false
	}
	for _, p := range pieces(s.blocks) {
		if p.label != "" || p.apart || p.block.kind == list && f.teaches(s) {
			return story{}, false
		}
	}
	if len(boldParagraphs(s.blocks)) > 1 {
		return story{}, false
	}
	title := unnumbered(s.heading)
	if !asksWhy(title) {
		one, named := unlabelled("", s.blocks, problem)
		one.span = s.span
		return one, one.has(problem) && one.has(cause|solution) && (named || f.teaches(s))
	}
	one, named := unlabelled("", s.blocks, cause)
	one.span = s.span
	one.parts = append([]part{{span: s.span, role: problem, texts: []located{{s.span, title}}}}, one.parts...)
	return one, (named || whyPast().MatchString(title)) && one.has(cause|solution)
}

// boldParagraphs returns the paragraphs that open with a bold sentence: if there are several, each is a lesson of its own.
func boldParagraphs(blocks []block) []item {
	var all []item
	for _, b := range blocks {
		_, _, labelled := leading(b.text)
		if _, _, sentence := boldTitle(b.text); sentence && !labelled && b.kind == paragraph {
			all = append(all, newItem(b.span, b.text, []block{b}))
		}
	}
	return all
}

// lessonItem tells the story of a list item such as "**Check the gate.** It was closed, because ...", if it has a problem and
// one of the needed parts.
func (f *chainFinder) lessonItem(s *section, it item, needed role) {
	if len(it.blocks) == 0 || it.blocks[0].kind != paragraph || !f.teaches(s) {
		return
	}
	first := it.blocks[0]
	title, text, sentence := boldTitle(first.text)
	if !sentence && !s.within(insight) || title == "" && len(sentences(text)) < 2 {
		return
	}
	if _, _, labelled := leading(text); labelled || roleOf(title) != 0 || text == "" {
		return
	}
	untitled := block{span: first.span, kind: paragraph, text: text}
	one, _ := unlabelled(title, append([]block{untitled}, it.blocks[1:]...), problem)
	if !one.has(problem) || !one.has(needed) {
		return
	}
	one.span = it.span
	if title != "" && !advises(title) {
		if !sentence {
			title += ":"
		}
		one.parts[0].texts = append([]located{{span{it.first, it.first}, title}}, one.parts[0].texts...)
	}
	f.tell(s, one, false)
}

// labelledLessons tells the stories of paragraphs such as "**Lesson 1: check the gate.** It was closed, because ...".
func (f *chainFinder) labelledLessons(s *section) {
	for _, p := range pieces(s.blocks) {
		title, text, ok := strings.Cut(p.rest, ". ")
		if p.role&chainParts != insight || !ok {
			continue
		}
		one, _ := unlabelled(title+".", []block{{span: p.span, kind: paragraph, text: text}}, problem)
		if one.span = p.span; one.has(problem) && one.has(cause) {
			f.tell(s, one, false)
		}
	}
}
