package journal

import (
	"strings"
	"unicode"
)

var (
	// placeholder matches a bracketed instruction of a template, such as [Brief description], but no link or check box.
	placeholder = newForm(`(?m)(?:^(?:#+ |[-*] |\d+\. )?|:\*{0,2} |\*\* |\| )\[[A-Z][a-z][^\[\]\n]* [^\[\]\n]+\](?:\s|[*.,]|$)`)
	// standsForText matches a text that is to be replaced by what a template asks for.
	standsForText = newForm(`^\s*(?:<[^<>\n]+>|\[[^\[\]\n]+\]|\{\{?[^{}\n]+\}\}?|[.…?_-]+)\s*$`)
	numbering     = newForm(`^(?i:(?:step|lesson|part|no\.?)\s+)?#?\d+(?:\.\d+)*\s*[.):–—-]\s+|^\(?[0-9a-z]\)\s+`)
	link          = newForm(`!?\[([^\]\n]*)\]\([^)\n]*\)`)
	parentheses   = newForm(`\([^()]*\)|\[[^\[\]]*\]`)
)

// unmarked removes emphasis and links from one line of markdown and leaves inline code as it is.
func unmarked(s string) string {
	var b strings.Builder
	for i, piece := range strings.Split(s, "`") {
		if i > 0 {
			b.WriteByte('`')
		}
		if i%2 == 0 {
			piece = withoutMarkup(piece)
		}
		b.WriteString(piece)
	}
	return oneLine(b.String())
}

// withoutMarkup removes emphasis and links from text without code; most has neither.
func withoutMarkup(text string) string {
	if strings.Contains(text, "](") {
		text = link().ReplaceAllString(text, "$1")
	}
	if strings.ContainsAny(text, "*_") {
		text = withoutEmphasis(text)
	}
	return text
}

// withoutEmphasis removes up to three asterisks and underscores where a word begins or ends, and pairs of them anywhere. The
// character that it takes as the edge of a word for some marks is not looked at again for the next ones. It is called for
// nearly every line, so it uses no regular expression.
func withoutEmphasis(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	for at := 0; at < len(text); {
		opens := 0 // bytes before marks that begin a word
		if marksAt(text, at) == 0 && strings.IndexByte(" \t\n\f\r(", text[at]) >= 0 {
			opens = 1
		}
		marks := marksAt(text, at+opens)
		end := at + opens + marks
		switch {
		case marks > 0 && (opens > 0 || at == 0):
			b.WriteString(text[at : at+opens])
			at = at + opens + min(marks, 3)
		case marks > 0 && marks <= 3 && end == len(text):
			at = end
		case marks > 0 && marks <= 3 && strings.IndexByte(" \t\n\f\r).,:;!?", text[end]) >= 0:
			b.WriteByte(text[end])
			at = end + 1
		case marks > 1 && text[at] == text[at+1]:
			at += 2
		default:
			b.WriteByte(text[at])
			at++
		}
	}
	return b.String()
}

// marksAt counts the asterisks and underscores from a place on, up to four, which is one more than are removed at once.
func marksAt(text string, at int) (count int) {
	for count < 4 && at+count < len(text) && (text[at+count] == '*' || text[at+count] == '_') {
		count++
	}
	return count
}

// oneLine replaces every run of white space by one space and removes those at the ends.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// unnumbered removes the number in front of a heading. Most have none.
func unnumbered(s string) string {
	if strings.ContainsAny(s, "0123456789)") {
		s = numbering().ReplaceAllString(s, "")
	}
	return strings.TrimSpace(s)
}

// isSymbol reports whether a character is an emoji or another sign that decorates a label.
func isSymbol(r rune) bool {
	return unicode.Is(unicode.So, r) || unicode.Is(unicode.Sk, r) && r != '`' && r != '^' || r == '\ufe0f' || r == '\u200d' || r == '→' || r == '•'
}

func trimSymbols(s string) string {
	return strings.TrimFunc(s, func(r rune) bool { return isSymbol(r) || unicode.IsSpace(r) })
}

// words counts the words of a text that hold a letter.
func words(s string) int {
	n := 0
	for _, word := range strings.Fields(s) {
		if strings.IndexFunc(word, unicode.IsLetter) >= 0 {
			n++
		}
	}
	return n
}

// inlineCode returns the code of a text that is nothing but one piece of inline code.
func inlineCode(s string) (string, bool) {
	s = strings.TrimSpace(unmarked(s))
	ticks := len(s) - len(strings.TrimLeft(s, "`"))
	if ticks == 0 || len(s) <= 2*ticks || !strings.HasSuffix(s, s[:ticks]) {
		return "", false
	}
	code := s[ticks : len(s)-ticks]
	if strings.Contains(code, s[:ticks]) {
		return "", false
	}
	return strings.TrimSpace(code), true
}

// outsideCode finds the first match of a pattern that is not inside inline code.
func outsideCode(pattern form, s string) []int {
	ticks, counted := 0, 0
	for _, at := range pattern().FindAllStringSubmatchIndex(s, -1) {
		ticks += strings.Count(s[counted:at[0]], "`")
		counted = at[0]
		if ticks%2 == 0 {
			return at
		}
	}
	return nil
}

var abbreviation = newForm(`(?i)(?:^|\W)(?:e\.g|i\.e|vs|cf|incl|approx)\.$`)

// sentences splits text where a sentence ends outside of code.
func sentences(text string) []string {
	text = oneLine(text)
	var all []string
	start, inCode := 0, false
	for at := range len(text) - 1 {
		switch text[at] {
		case '`':
			inCode = !inCode
		case '.', '!', '?':
			if text[at+1] == ' ' && !inCode && !abbreviation().MatchString(text[max(start, at-8):at+1]) {
				all = append(all, text[start:at+1])
				start = at + 2
			}
		}
	}
	return append(all, text[start:])
}

func capitalised(s string) string {
	for i, r := range s {
		return string(unicode.ToUpper(r)) + s[i+len(string(r)):]
	}
	return s
}

func joined(separator string, parts ...string) string {
	kept := parts[:0:0]
	for _, part := range parts {
		if part = strings.TrimSpace(part); part != "" {
			kept = append(kept, part)
		}
	}
	return strings.Join(kept, separator)
}

// lastOf returns the last element of a list, or the zero value if it is empty.
func lastOf[T any](list []T) (last T) {
	if len(list) > 0 {
		last = list[len(list)-1]
	}
	return last
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

// begins returns a form that matches text that begins in one of several ways, in upper or lower case.
func begins(ways ...string) form {
	return newForm(`(?i)^(?:` + strings.Join(ways, "|") + `)`)
}
