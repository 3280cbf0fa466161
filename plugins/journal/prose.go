package journal

import (
	"slices"
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

// hole stands for the call while a sentence is matched.
const hole = "\x01"

const recommends = `(?:always |just |first |then |instead,? |please |periodically |immediately |simply )*` +
	`(?:use|run|call|try|invoke|execute|issue|check|do|send)\s+(?:the |with )?`

// A pattern is a way in which a sentence says what a call is for; its first group is the purpose.
type pattern struct {
	form  form
	trust trust
}

// trust is how far a pattern can be trusted.
type trust int

const (
	plain     trust = iota // the sentence recommends the call
	whenFails              // it recommends the call in some case, which may be that something has failed
	loose                  // it may just as well tell a story: the purpose has to look like one
	describes              // it may tell what the call did
	demanding              // it recommends the call only if the purpose is a demand
)

var patterns = []pattern{
	{newForm(`^` + hole + `\s*(?:[-–—:→]+|=>|->)\s+(.+)$`), plain},
	{newForm(`(?i)^to (.+?),\s*` + recommends + hole), plain},
	{newForm(`(?i)^(?:if|when|whenever|once) (.+?),\s*(?:then )?(?:` + recommends + hole + `|` + hole +
		` (?:helps|works|is|will)\b)`), whenFails},
	{newForm(`(?i)^` + recommends + hole + `(?: tool| command| call)?\s+to (.+)$`), plain},
	{newForm(`(?i)^` + recommends + hole +
		`(?: tool| command| call)?\s+((?:for|after|before|when|if|whenever|once|every|while|until) .+)$`), plain},
	{newForm(`^` + hole + `\s+to (.+)$`), plain},
	{newForm(`(?i)^to ([^` + hole + `]+?),?\s+` + hole + `(?:\s+(?:is|was|will|does|suffices|works|worked)\b.*)?$`), plain},
	{newForm(`(?i)^((?:before|after|during) [^` + hole + `]+?),\s*(?:` + recommends + `)?` + hole + `$`), plain},
	{newForm(`^` + hole + `\s+([a-z]+s (?:the|a|an|all|to|every|each|what|which|whether|how)\b.+)$`), describes},
	{newForm(`^([A-Z][^` + hole + `]+?)\s*(?::|→|[-–—]+)\s+` + hole + `(?:\s*[-–—(].*)?$`), loose},
	{newForm(`^([A-Z][^` + hole + `]+?)\s+(?:with|using|via|by calling|by running|through)\s+` + hole + `$`), loose},
	{newForm(`^([A-Z][^` + hole + `]+?),\s+` + hole + `$`), demanding},
}

// narrated matches the beginning of a sentence that tells what happened instead of what to do.
var narrated = newForm(`^(?i:` + "`" + `|(?:then|next|finally|now),? (?:i|we|he|she|it|they)\s|(?:i|we|he|she|it|they|this|that|the|a|an|my|our|\w+ed|got|went|saw|was|had|claude|user)\s)`)

// came matches the beginning of what a call returned or did, which is not what it is for.
var came = newForm(`^(?i:(?:it|they|we|i|he|she)\s|(?:returned|gave|showed|worked|failed|rose|fell|went|got|did)\b)`)

// unusual matches the beginning of what a call is rather than what it is for.
var unusual = newForm(`^(?:is|was|has|does|fails|needs|gives|takes|hangs|crashes|kills|breaks|expects|requires|wants|costs)\b`)

// prose looks for sentences that recommend one call.
func (f *commandFinder) prose(s *section, p piece, failed bool) {
	text := p.text
	if p.label != "" {
		text = p.rest
		if p.role == 0 {
			text = p.label + ": " + p.rest
		}
	}
	if title, rest, ok := titledCall(text); ok {
		text = title + ": " + rest
	}
	if asked := dialogue().FindStringSubmatch(p.text); asked != nil {
		text = capitalised(asked[1]) + ": " + asked[2]
	}
	if s.within(command) { // in a list there, a purpose may begin with a small letter
		text = capitalised(text)
	}
	for _, sentence := range sentences(text) {
		clauses := f.clauses(sentence)
		if slices.ContainsFunc(clauses, clause.aimless) {
			continue
		}
		for _, one := range clauses {
			f.sentence(s, p, one, failed)
		}
	}
}

// dialogue matches what somebody asked for on a line of its own, and the bot's answer.
var dialogue = newForm(`^\W*(?i:user|human|player|me|you):\W*(.+?)\W*\n\W*(?i:bot|assistant|agent|ai|model|claude):[\s*_]*(.+)$`)

// titledCall reads a bold line above a line that is a call.
func titledCall(text string) (title, call string, ok bool) {
	line, below, _ := strings.Cut(text, "\n")
	title, rest, _ := boldTitle(line)
	call = firstLine(below)
	_, ok = inlineCode(call)
	return title, call, ok && title != "" && rest == ""
}

// A clause is a piece of a sentence with one call, in whose place its text has a hole.
type clause struct {
	text     string
	call     sdk.Call
	rejected error
}

// aimless reports whether a clause does not say what its call is for.
func (c clause) aimless() bool {
	purpose, _ := purposeOf(c.text)
	return purpose == ""
}

var conjunction = newForm(`^[\s,;.]*(?:(?:and|then|or|finally)\b[\s,]*)*`)

// clauses cuts a sentence at the end of each of its calls except the last one.
func (f *commandFinder) clauses(sentence string) []clause {
	var all []clause
	start := 0
	for _, at := range codeSpan().FindAllStringSubmatchIndex(sentence, -1) {
		code := sentence[at[2]:at[3]]
		call, err := f.tools.parse(code)
		if !strings.Contains(code, "(") || !f.tools.knows(call.Tool) || f.tools.declared == nil && strings.HasSuffix(code, "()") {
			continue // without declared tools, f() names a function of the program
		}
		text := sentence[start:at[0]]
		if len(all) > 0 {
			text = capitalised(conjunction().ReplaceAllString(text, ""))
		}
		all = append(all, clause{text: text + hole, call: call, rejected: err})
		start = at[1]
	}
	if len(all) > 0 {
		all[len(all)-1].text += sentence[start:]
	}
	return all
}

func (f *commandFinder) sentence(s *section, p piece, one clause, failed bool) {
	purpose, trust := purposeOf(one.text)
	switch {
	case purpose == "", f.walked[p.first]:
		return
	case failed, trust != whenFails && failure().MatchString(one.text):
		f.ignore(p.first)
	case one.rejected != nil:
		f.reject(p.span, one.rejected.Error())
	default:
		f.emit(s, p.span, purpose, []sdk.Call{one.call})
	}
}

// purposeOf returns the purpose that a sentence gives for its call and how far that can be trusted; the purpose is empty if
// the sentence gives none.
func purposeOf(sentence string) (string, trust) {
	sentence = strings.TrimRight(trimSymbols(unmarked(sentence)), ".! ")
	for _, one := range patterns {
		at := one.form().FindStringSubmatch(sentence)
		if at == nil {
			continue
		}
		purpose := strings.ReplaceAll(at[1], hole, "")
		switch {
		case came().MatchString(purpose), one.trust == demanding && !advises(purpose),
			one.trust == describes && unusual().MatchString(purpose), one.trust >= loose && (narrated().MatchString(purpose) || roleOf(purpose) != 0 || words(purpose) < 2):
			continue
		}
		return purpose, one.trust
	}
	return "", plain
}
