package journal

import "strings"

var (
	insteadFirst  = newForm(`^(?i:instead of|rather than)\s+`)
	insteadLast   = newForm(`\s+(?i:instead of|rather than)\s+`)
	explainedCode = newForm("^(`[^`]+`)(?:\\s*[:;–—-]+\\s+|\\s+because\\s+|,\\s+)(.+)$")
	afterComma    = newForm(`,\s+`)
	useWord       = newForm(`^(?i:(?:just|simply|always)\s+)?(?i:use|prefer|call|write|do|try)\s+`)
)

// An exchange is what a sentence such as "Instead of X, use Y: it is faster" says.
type exchange struct{ worse, better, reason string }

// exchanged reads a sentence that tells the reader to do one thing instead of another.
func exchanged(sentence string) (exchange, bool) {
	text := unmarked(sentence)
	if lower := strings.ToLower(text); !strings.Contains(lower, "instead of") && !strings.Contains(lower, "rather than") {
		return exchange{}, false
	}
	if at := insteadFirst().FindStringIndex(text); at != nil {
		comma := outsideCode(afterComma, text[at[1]:])
		if comma == nil || !advises(text[at[1]+comma[1]:]) {
			return exchange{}, false
		}
		better, reason := codeOrReason(useWord().ReplaceAllString(text[at[1]+comma[1]:], ""))
		return exchange{worse: text[at[1]:][:comma[0]], better: better, reason: reason}, true
	}
	at := outsideCode(insteadLast, text)
	if at == nil || !useWord().MatchString(text[:at[0]]) {
		return exchange{}, false
	}
	better := useWord().ReplaceAllString(text[:at[0]], "")
	if strings.HasPrefix(better, "to ") {
		return exchange{}, false
	}
	worse, reason := codeOrReason(text[at[1]:])
	return exchange{worse: worse, better: better, reason: reason}, true
}

// codeOrReason splits a side from the reason that follows it.
func codeOrReason(text string) (side, reason string) {
	if at := explainedCode().FindStringSubmatch(text); at != nil {
		return at[1], because(at[2])
	}
	return splitReason(text)
}

// codes returns the two sides of an exchange; it reports false unless both are code.
func (e exchange) codes() (worse, better string, ok bool) {
	worse, wasCode := inlineCode(e.worse)
	better, isCode := inlineCode(e.better)
	return worse, better, wasCode && isCode && !path().MatchString(worse) && !path().MatchString(better)
}

// exchanges takes sentences that replace code by code.
func (f *correctionFinder) exchanges(s *section, blocks []block) {
	for _, b := range blocks {
		if b.kind == paragraph {
			for _, sentence := range sentences(b.text) {
				one, ok := exchanged(sentence)
				if worse, better, code := one.codes(); ok && code {
					f.correct(s, version{side: side{span: b.span, code: worse}}, version{side: side{span: b.span, code: better, reason: one.reason}})
				}
			}
		}
		for _, it := range b.items {
			f.exchanges(s, it.blocks)
		}
		f.exchanges(s, b.blocks)
	}
}

// exchange takes a sentence that replaces one habit by another.
func (f *antipatternFinder) exchange(s *section, at span, sentence, more string) bool {
	one, ok := exchanged(sentence)
	if _, _, code := one.codes(); !ok || code || strings.HasSuffix(sentence, ":") {
		return false
	}
	f.forbid(s, at, tidyPattern(one.worse), joined("\n\n", one.reason, more, "Instead: "+one.better), "")
	return true
}
