package journal

import (
	"strings"
	"sync"
	"unicode"
)

// roles maps every normal form in the vocabulary to its roles. It is made when it is first used: every process of ftprep
// holds this package, and only one needs the map.
var roles = sync.OnceValue(func() map[string]role {
	index := map[string]role{}
	for r, list := range vocabulary {
		for entry := range strings.SplitSeq(list, ",") {
			index[normal(entry)] |= r
		}
	}
	return index
})

// qualifiers may stand before or after a word of the vocabulary without changing its role.
var qualifiers = set(`a all an any applied approach behavior behaviour case cases code common confirmed core critical current deeper
	description detail details discovered documented each encountered example final first for found fun general
	guide here identified implementation implemented important in initial interesting it its key known likely line
	list log main major minor more most my needed needs new observed of on one option options other our overview part pattern
	patterns persistent probable quick quickest real reference second section serious short style summary statement
	symptom technical that the these this to true two update useful underlying value values version way ways what
	with worth debugging some helpful handy essential mcp remember bigger biggest actual again hypothesis permanent
	immediate avoid correct`)

func set(list string) map[string]bool {
	members := map[string]bool{}
	for word := range strings.FieldsSeq(list) {
		members[word] = true
	}
	return members
}

var (
	trailingNumber = newForm(`\s+(?:#?\d+|[b-hj-z])$`)
	alike          = strings.NewReplacer("’", "'", "`", "", "&", " and ", "_", " ")
)

// letter keeps a character that tells labels apart and replaces any other by a space.
func letter(r rune) rune {
	if unicode.IsLetter(r) || unicode.IsNumber(r) || r == '\'' || r == '-' {
		return r
	}
	return ' '
}

// normal returns a label in the form in which labels are compared.
func normal(label string) string {
	label = alike.Replace(strings.ToLower(unmarked(label)))
	if strings.ContainsAny(label, "([") {
		label = parentheses().ReplaceAllString(label, " ")
	}
	label = oneLine(strings.Map(letter, unnumbered(trimSymbols(label))))
	if end := len(label) - 1; end > 0 && (label[end-1] == ' ' || '0' <= label[end] && label[end] <= '9') {
		label = trailingNumber().ReplaceAllString(label, "")
	}
	return strings.Trim(label, "- ")
}

// longestLabel is the greatest length of a label, in bytes: more than its few words and a parenthesis take.
const longestLabel = 240

// roleOf returns the role of a label; 0 if the label is about something else.
func roleOf(label string) role {
	if len(label) > longestLabel {
		return 0
	}
	if r := signRole(label); r != 0 && words(label) == 0 {
		return r
	}
	phrase := normal(label)
	if words(phrase) > 7 {
		return 0
	}
	if r := roles()[phrase]; r != 0 {
		return r
	}
	for _, c := range clauses {
		if c.form().MatchString(phrase) {
			return c.role
		}
	}
	if r := qualifiedRole(phrase); r != 0 {
		return r
	}
	if head, _, ok := strings.Cut(label, ","); ok {
		return roles()[normal(head)] & (cause | solution) // "Fixes, in order of effect"
	}
	return either(phrase)
}

// qualifiedRole returns the role of a phrase that is an entry of the vocabulary among qualifiers; 0 if it is none.
func qualifiedRole(phrase string) role {
	list := strings.Fields(phrase)
	for first := 0; first < len(list) && (first == 0 || qualifiers[list[first-1]]); first++ {
		for last := len(list); last > first && (last == len(list) || qualifiers[list[last]]); last-- {
			if r := roles()[strings.Join(list[first:last], " ")]; r != 0 && list[first] != "a" {
				return r
			}
		}
	}
	return 0
}

var whyClause = newForm(`^why (?:(?:it|this|that|they|we|i)(?:'s|'re)?|bad|not|does|did|is|was) ?[a-z]* ?[a-z]*$`)

// either reads labels that name two things, such as "Symptom / Impact" and "Root cause and fix".
func either(phrase string) role {
	first, second, ok := strings.Cut(phrase, " and ")
	if !ok {
		first, second, ok = strings.Cut(phrase, " or ")
	}
	if !ok || roles()[first] == 0 || roles()[second] == 0 {
		return 0
	}
	return roles()[first] | roles()[second]
}

// signRole returns the role of a text that begins with a sign for good or bad.
func signRole(s string) role {
	s = strings.TrimSpace(strings.TrimLeft(s, "*_ "))
	for _, sign := range []string{"❌", "✗", "✘", "✖", "🚫", "⛔", "👎", "🛑", ":x:", "[-]"} {
		if strings.HasPrefix(s, sign) {
			return bad | antipattern
		}
	}
	for _, sign := range []string{"✅", "✓", "✔", "👍", "☑", "🟢", ":white_check_mark:", ":heavy_check_mark:", "[+]"} {
		if strings.HasPrefix(s, sign) {
			return good | remedy
		}
	}
	return 0
}

var titleSeparator = newForm(`\s*:\s+|\s*(?:→|=>|->)\s*|\s+[-–—]+\s+|\s*[–—]\s*`)

// separatorIn finds what separates the label of a title from the rest of it, outside of code.
func separatorIn(title string) []int {
	if !strings.ContainsAny(title, ":→>-–—") {
		return nil
	}
	return outsideCode(titleSeparator, title)
}

// A title is a heading such as "Issue 2: wrong overlay" taken apart.
type title struct {
	role role   // of its first part
	rest string // what follows that
}

func titled(heading string) title {
	heading = unnumbered(heading)
	if r := roleOf(heading); r != 0 {
		return title{role: r}
	}
	if at := separatorIn(heading); at != nil {
		if r := roleOf(heading[:at[0]]); r != 0 {
			return title{r, strings.TrimSpace(heading[at[1]:])}
		}
	}
	return title{role: signRole(heading)}
}
