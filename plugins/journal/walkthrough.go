package journal

import (
	"errors"
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

// walkthrough reads parts that name a command, why it is used and what came of it.
func (f *commandFinder) walkthrough(s *section, all []part) {
	for i, p := range all {
		if p.role&command == 0 || p.role&chainParts != 0 {
			continue
		}
		codes := codesOf(p.text())
		if len(codes) == 0 {
			continue
		}
		why, came := reasonAndResult(all, i)
		if why == "" {
			continue
		}
		for line := p.first; line <= p.last; line++ {
			f.walked[line] = true
		}
		if failedResult(came) {
			f.ignore(p.first)
			continue
		}
		f.one(s, p.span, codes, why)
	}
}

// reasonAndResult looks around the part of a command for why it is used and what came of it, up to the next command.
func reasonAndResult(all []part, i int) (why, came string) {
	if i > 0 && all[i-1].role&(purpose|cause) != 0 {
		why = all[i-1].text()
	}
	before := why != ""
	for _, next := range all[i+1:] {
		switch {
		case next.role&(purpose|cause) != 0 && next.role&result == 0:
			if before || why != "" {
				return why, came
			}
			why = next.text()
		case next.role&(result|impact) != 0:
			came = next.text()
		case next.role&command != 0:
			return why, came
		}
	}
	return why, came
}

var nothing = newForm(`(?i)^\W*(?:errors?|no|nothing|none)\b`)

// failedResult reports whether a result says that a command failed.
func failedResult(text string) bool {
	return failure().MatchString(text) || nothing().MatchString(text)
}

// heading takes a section whose heading is a call: its first sentence says what the call is for.
func (f *commandFinder) heading(s *section) {
	code, ok := inlineCode(s.heading)
	if !ok || len(s.blocks) == 0 || s.blocks[0].kind != paragraph {
		return
	}
	call, err := f.tools.parse(code)
	why := sentences(s.blocks[0].text)[0]
	if !f.tools.knows(call.Tool) || !strings.Contains(code, "(") || failure().MatchString(why) {
		return
	}
	switch at := (span{s.first, s.blocks[0].last}); {
	case err == nil:
		f.emit(s, at, why, []sdk.Call{call})
	case errors.Is(err, errAmbiguous):
		f.reject(at, err.Error())
	}
}

// sectionParts makes a part of each section below s. The part is empty unless the section holds only one block, which is no
// table or list.
func sectionParts(s *section) []part {
	var all []part
	for _, child := range s.sections {
		p := part{span: child.span}
		if len(child.blocks) == 1 && len(child.sections) == 0 && child.blocks[0].kind != table && child.blocks[0].kind != list {
			p.role, p.texts = child.title.role, []located{{child.body, child.blocks[0].text}}
		}
		all = append(all, p)
	}
	return all
}

// codesOf lists the code of a part: that of its fences or, if it has none, its inline code.
func codesOf(text string) []string {
	if !strings.Contains(text, "```") {
		return inlineCodes(text)
	}
	var codes []string
	for _, b := range parse(text).root.blocks {
		if b.kind == fence {
			codes = append(codes, strings.TrimSpace(b.code))
		}
	}
	return codes
}
