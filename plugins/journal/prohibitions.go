package journal

import "strings"

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

// bold takes a paragraph that opens with a bold "Don't X." and continues with the reason.
func (f *antipatternFinder) bold(s *section, p piece, later []piece) bool {
	title, rest, _ := boldTitle(p.text)
	if !forbids(title) || words(title) < 3 {
		return false
	}
	if strings.HasSuffix(rest, ":") && len(later) > 0 && later[0].label == "" {
		rest += "\n" + later[0].text
	}
	if words(rest) > 1 {
		f.forbid(s, p.span, tidyPattern(title), because(rest), p.text)
	}
	return true
}

// prose takes the sentences of a paragraph that forbid something and say why.
func (f *antipatternFinder) prose(s *section, p piece) {
	for _, sentence := range sentences(p.text) {
		if f.exchange(s, p.span, sentence, "") || !forbids(unmarked(sentence)) || question().MatchString(sentence) {
			continue
		}
		if pattern, reason := splitReason(sentence); reason != "" && words(reason) > 1 {
			f.forbid(s, p.span, pattern, reason, sentence)
		}
	}
}

// heading takes a section below a chapter of things not to do, or one such as "Anti-pattern: magic numbers".
func (f *antipatternFinder) heading(s *section) {
	r, title := s.title.role, s.title.rest
	if title == "" && s.parent != nil && s.parent.unsigned.role&antipattern != 0 && (r == 0 || signRole(s.heading) != 0) {
		title = unnumbered(s.heading)
		r = antipattern
	}
	if f.exchange(s, s.span, unnumbered(s.heading), f.slice(s.body)) || r&antipattern == 0 || title == "" || len(s.blocks) == 0 {
		return
	}
	if words(title) > 1 && !allows().MatchString(title) {
		f.forbid(s, s.span, tidyPattern(title), f.slice(s.body), "")
	}
}
