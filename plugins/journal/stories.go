package journal

import (
	"cmp"
	"slices"
	"strings"
)

// A part is one labelled piece of a story with everything that belongs to it.
type part struct {
	span
	role  role
	label string
	texts []located
}

func (p part) text() string { return gather(p.texts) }

// A story is the parts that tell of one thing: its problem, its cause, its solution.
type story struct {
	span
	lead  []located // what stands before the first label
	usage bool      // it tells how a command is used
	parts []part
	told  role // the roles of the parts with text that [divide] has given it
}

// get joins the texts of all parts that have one of the roles.
func (s story) get(roles role) string {
	var texts []string
	for _, p := range s.parts {
		if p.role&roles != 0 {
			texts = append(texts, p.text())
		}
	}
	return joined("\n\n", texts...)
}

func (s story) has(roles role) bool {
	return slices.ContainsFunc(s.parts, func(p part) bool { return p.role&roles != 0 && len(p.texts) > 0 })
}

// parts groups pieces under the labels that open them. What comes before the first label has the role of around, the
// heading above it.
func parts(all []piece, around role) []part {
	var made []part
	for i, p := range all {
		if around != 0 && p.label == "" && p.block.kind == rule {
			continue
		}
		afterClosed := i > 0 && all[i-1].closed
		if next, ok := p.newPart(lastOf(made), around, afterClosed); ok {
			made = append(made, next)
		} else if len(made) == 0 {
			made = append(made, p.textPart(around))
		} else {
			last := &made[len(made)-1]
			last.last = p.last
			last.texts = append(last.texts, p.located)
		}
	}
	return made
}

// newPart returns the part that a piece begins; it reports false if the piece continues the last part.
// afterClosed tells that the piece before it ends a paragraph of labels.
func (p piece) newPart(last part, around role, afterClosed bool) (part, bool) {
	switch {
	case p.apart, p.label == "" && p.block.kind == rule:
		return part{span: p.span}, true
	case p.label != "":
		return p.part(), around == 0 || last.label != "" || p.role&(problem|cause|solution) != 0 || around&problem != 0 && p.side()
	case afterClosed && p.block.kind == paragraph:
		return p.textPart(0), true
	case around != 0, last.role&(problem|cause) == 0:
		return part{}, false
	case showsBoth(p.block):
		return p.textPart(solution), true
	}
	r := namesPart(p)
	return p.textPart(r), r&^last.role != 0
}

// showsBoth reports whether a block is code that shows how not to do it and how to: that is a fix, whatever stands above.
func showsBoth(b block) bool {
	seen := role(0)
	if b.kind == fence {
		for _, one := range sides(b) {
			seen |= one.role
		}
	}
	return seen == bad|good
}

// maxLead is how many blocks without a label may tell a story's problem; more than that are a chapter of their own.
const maxLead = 4

// stories finds the stories in pieces that stand together.
func stories(all []piece) []story { return divide(parts(all, 0)) }

// tellStory reports whether blocks tell a whole story.
func tellStory(blocks []block) bool {
	return slices.ContainsFunc(stories(pieces(blocks)), func(one story) bool { return one.complete() && one.has(problem) })
}

// divide makes stories of parts. A new story begins where a new problem comes after a cause or a solution.
func divide(all []part) []story {
	var told []story
	var current story
	finish := func() {
		current.adviceAsSolution()
		if !current.usage && current.told&(problem|cause|solution) != 0 {
			told = append(told, current)
		}
		current = story{}
	}
	for i, p := range all {
		if current.told&solution != 0 && p.role&(result|problem) == result {
			continue // what came of the fix
		}
		opensNext := p.role == 0 && i+1 < len(all) && all[i+1].role&solution != 0
		if current.told&(cause|solution) != 0 && p.role&problem != 0 && current.endsBefore(p) || current.told&solution != 0 && opensNext {
			finish()
		}
		current.add(p)
	}
	finish()
	return told
}

// add adds a part to the story, or what stands around it: how a command is used, or text before the first label.
func (s *story) add(p part) {
	s.first = cmp.Or(s.first, p.first)
	if p.role&chainParts == 0 {
		s.usage = s.usage || p.role&command != 0 && s.told&problem == 0
		if len(s.parts) == 0 && p.leads() {
			s.lead = append(s.lead, located{p.span, p.whole()})
		}
		return
	}
	s.last = p.last
	s.parts = append(s.parts, p)
	if len(p.texts) > 0 {
		s.told |= p.role
	}
}

// leads reports whether a part that is none of a story's may tell its problem.
func (p part) leads() bool {
	return p.role&(bad|good|command) == 0 && !about[normal(p.label)] && len(p.texts) > 0 && len(p.texts) <= maxLead
}

// adviceAsSolution makes the rule that a mistake has taught the story's solution, if nothing else was done about the mistake.
func (s *story) adviceAsSolution() {
	if s.has(solution) || !s.has(problem|cause) {
		return
	}
	for i, p := range s.parts {
		if p.role&advice != 0 {
			s.parts[i].role = solution
		}
	}
}

// endsBefore reports whether a part with a problem begins another story: the story at hand is solved, or its own problem
// has the same label. Some stories begin with the cause, so a story without a problem takes the part.
func (s story) endsBefore(next part) bool {
	same := func(p part) bool { return p.role&problem != 0 && normal(p.label) == normal(next.label) }
	return slices.ContainsFunc(s.parts, same) || s.has(solution) && (s.has(problem) || len(s.lead) > 0)
}

// about holds the labels of facts around a story that are no part of it.
var about = set(`account author date environment example file files location priority related severity status tags
	ticket time usage version`)

// whole returns a part's text with the label in front.
func (p part) whole() string {
	if p.label == "" {
		return p.text()
	}
	if strings.HasPrefix(p.text(), "```") {
		return p.label + ":\n" + p.text()
	}
	return strings.TrimSpace(p.label + ": " + p.text())
}

// complete reports whether a story has what a chain needs.
func (s story) complete() bool {
	return !s.usage && (s.has(problem) || len(s.lead) > 0) && s.has(cause|solution)
}
