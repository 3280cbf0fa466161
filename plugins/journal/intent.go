package journal

import "strings"

var (
	// opening matches what a purpose may begin with before it comes to the point.
	opening = newForm(`^(?i:(?:you|we|i|one) can|(?:when|if|whenever) (?:you|we|i) (?:want|need|wish) to|to|then|now|next|finally|` +
		`first|used to|used for|use to|use this to|use it to|lets you|allows you to|so that you can|in order to)[ ,]+`)
	// refersBack matches the beginning of a purpose that says nothing without the heading above it.
	refersBack = begins(
		`(?:it|this|they|these|one \w+ instead)\s`, `\w+ (?:it|them)$`,
		`(?:is|are|was|does|did|has|have|can|will|check (?:whether|that|if)) (?:it|they|them)\b`,
	)
)

// intent makes a request of a purpose. If that says too little, such as one or two words, the heading above goes before it.
func (f *commandFinder) intent(s *section, text string) string {
	text, _, _ = strings.Cut(strings.TrimSpace(text), "\n\n")
	text = trimSymbols(unmarked(text))
	if numbered := unnumbered(text); numbered != "" {
		text = numbered
	}
	text = opening().ReplaceAllString(strings.TrimLeft(text, "-–—:>= "), "")
	text = strings.TrimRight(text, ":.;,-–— ")
	little := words(text) == 1 || words(text) == 2 && s.title.role == 0 && !advises(text) || refersBack().MatchString(text)
	if little && s.depth > 1 && normal(text) != normal(s.heading) {
		text = unnumbered(s.heading) + ": " + text
	}
	if words(text) < 2 {
		return ""
	}
	return capitalised(text)
}

// lead returns what the text above a fence says about it: its last sentence, or else its label, or else the heading.
func lead(s *section, before []piece) string {
	if n := len(before); n > 0 {
		if text, ok := before[n-1].lead(); ok {
			return text
		}
	}
	if s.title.role == 0 && s.depth > 1 {
		return unnumbered(s.heading)
	}
	return ""
}

// lead returns what a piece says about the fence below it. It reports false if the heading may say it instead.
func (p piece) lead() (string, bool) {
	if p.block.kind == fence && p.label == "" {
		return "", true // what is said above that fence is about that one
	}
	if p.block.kind != paragraph && p.label == "" {
		return "", false
	}
	text := p.rest
	if p.label == "" {
		text = p.text
	}
	text = lastOf(sentences(text))
	switch {
	case narrated().MatchString(text):
		return "", true
	case words(text) > 2 || advises(text):
		return text, true
	}
	return p.label, p.label != "" && p.role == 0 && words(p.label) > 1
}
