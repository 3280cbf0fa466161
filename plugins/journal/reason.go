package journal

import "strings"

var (
	forbidding = begins(`(?:please\s+)?(?:you\s+)?(?:don['’]?ts?|do not|never|avoid|(?:stop|quit)\s+(?:\w+ly\s+)?\w+ing|must not|must never|should not|should never|` +
		`shouldn['’]t|no longer (?:use|do|call|rely|trust))\b`)
	// reminds matches what begins like a prohibition and is none.
	reminds = begins(`(?:you |please )*(?:don['’]?t|do not|never) (?:forget|know|worry|hesitate|have|need|see|think|mind|miss|get me|`+
		`remember|understand)\b`, `(?:please )?(?:stop|quit) \w*thing\b`)
	allows          = newForm(`^(?i:do|always|use|prefer|instead|make sure|remember to)\b`)
	reasonSeparator = newForm(`\s+(?:-{1,3}|–|—|→|=>|->|⇒)\s+|\s*—\s*|\s+–|\s*;\s+`)
	becauseWord     = newForm(`(?i)[,(]?\s*\b(?:because|since|as it|as they)\b\s*(?:of\b)?`)
	pronoun         = newForm(`,\s+((?:it|they|this|which)\b)`)
	sentenceEnd     = newForm(`(?:[.!:]|\?)\s+`)
	onlyForbids     = newForm(`^(?i:don['’]?t|do not|never|avoid)[:!.]?$`)
	boldLead        = newForm(`^\W{0,4}(?:\*\*|__)(.+?)(?:\*\*|__)`)
)

// forbids reports whether a text begins by saying what not to do.
func forbids(text string) bool { return forbidding().MatchString(text) && !reminds().MatchString(text) }

// boldTitle splits bold words off the start of a text. They are a sentence of their own if a full stop or the like ends them.
func boldTitle(text string) (title, rest string, sentence bool) {
	at := boldLead().FindStringSubmatchIndex(text)
	if at == nil {
		return "", text, false
	}
	title, rest = text[at[2]:at[3]], text[at[1]:]
	sentence = strings.ContainsAny(title[len(title)-1:], ".!?") || strings.HasPrefix(rest, ".")
	return unmarked(title), strings.TrimLeft(rest, " .:!-–—→\n"), sentence
}

// splitReason splits "Don't X - because Y" at its dash, colon, "because" or first full stop. It does not split at dashes
// inside words and code, nor in a later sentence. Code alone is no reason.
func splitReason(text string) (pattern, reason string) {
	text = oneLine(text)
	pattern, reason = cutReason(text)
	if _, code := inlineCode(reason); code {
		return tidyPattern(text), ""
	}
	return pattern, reason
}

func cutReason(text string) (pattern, reason string) {
	if title, reason, ok := boldPattern(text); ok {
		return title, reason
	}
	first := len(sentences(text)[0])
	if words(text[:first]) < 2 {
		first = len(text)
	}
	for _, separator := range []form{reasonSeparator, becauseWord, sentenceEnd} {
		if at := outsideCode(separator, text); at != nil && at[0] < first && words(text[:at[0]]) > 1 {
			return tidyPattern(text[:at[0]]), because(text[at[1]:])
		}
	}
	if at := outsideCode(pronoun, text); at != nil && words(text[:at[0]]) > 1 {
		return tidyPattern(text[:at[0]]), because(text[at[2]:])
	}
	at := lastOf(parentheses().FindAllStringIndex(text, -1))
	if at != nil && at[1] == len(text) && at[0] > 0 && strings.Count(text[:at[0]], "`")%2 == 0 && words(unmarked(text[at[0]:])) > 1 {
		return tidyPattern(text[:at[0]]), because(text[at[0]:])
	}
	return tidyPattern(text), ""
}

// boldPattern takes bold words for the pattern if they are a sentence or what follows them is set off.
func boldPattern(text string) (pattern, reason string, ok bool) {
	at := boldLead().FindStringSubmatchIndex(text)
	if at == nil {
		return "", "", false
	}
	bold, rest := text[at[2]:at[3]], strings.TrimLeft(text[at[1]:], " ")
	if words(bold) < 2 || onlyForbids().MatchString(strings.TrimSpace(bold)) {
		return "", "", false
	}
	reason = strings.TrimLeft(rest, ":-–—.;→=> ")
	_, explains := cutBecause(rest)
	setOff := rest == "" || reason != rest || strings.HasPrefix(rest, "(") || explains
	if _, _, sentence := boldTitle(text); !sentence && !setOff {
		return "", "", false
	}
	return tidyPattern(text[:at[1]]), because(reason), true
}

func tidyPattern(s string) string {
	return strings.TrimSpace(strings.TrimRight(trimSymbols(unmarked(s)), ".:;, "))
}

// because returns a reason without the word that led to it and the parentheses around it.
func because(s string) string {
	s = strings.TrimSpace(s)
	if strings.HasPrefix(s, "(") && strings.HasSuffix(strings.TrimRight(s, "."), ")") {
		s = strings.TrimSuffix(strings.TrimRight(s, ".")[1:], ")")
	}
	s, _ = cutBecause(s)
	return strings.TrimSpace(s)
}

// cutBecause removes "because" or the like from the start of a text; found reports whether it was there.
func cutBecause(s string) (rest string, found bool) {
	if at := becauseWord().FindStringIndex(s); at != nil && at[0] == 0 {
		return s[at[1]:], true
	}
	return s, false
}
