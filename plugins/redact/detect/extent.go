package detect

import "strings"

// value finds where the value that follows a place begins and ends, and how it stands there.
func (s *search) value(from int) ([2]int, place) {
	at := from
	for at+1 < len(s.text) && strings.IndexByte("bfruBFRUN@", s.text[at]) >= 0 && (s.text[at+1] == '"' || s.text[at+1] == '\'') {
		at++ // a prefix of Python's strings, and of others
	}
	rest := s.text[at:]
	if strings.HasPrefix(rest, `"""`) || strings.HasPrefix(rest, "'''") {
		return s.longString(at), quoted
	}
	if quote := openingQuote(rest); quote != "" {
		start := at + len(quote)
		return [2]int{start, s.quotedEnd(start, quote)}, quoted
	}
	return [2]int{at, s.bareEnd(at, from)}, bare
}

// longestValue is how many bytes a value between quotes can have.
const longestValue = 8 << 10

// openingQuote returns the quote with which a text begins, and the backslashes that escape it, or an empty string.
func openingQuote(text string) string {
	const most = 8
	slashes := 0
	for slashes < len(text) && text[slashes] == '\\' && slashes < most {
		slashes++
	}
	if slashes < len(text) && (text[slashes] == '"' || text[slashes] == '\'' || text[slashes] == '`') {
		return text[:slashes+1]
	}
	return ""
}

// quotedEnd returns where a value ends that begins after a quote: before the same quote, or where the line ends.
func (s *search) quotedEnd(start int, quote string) int {
	escaped := len(quote) > 1
	limit := min(len(s.text), start+longestValue)
	for end := start; end < limit; end++ {
		switch c := s.text[end]; {
		case c == '\n':
			return end
		case c == '\\' && !escaped && end+1 < len(s.text):
			end++ // what it escapes ends nothing
		case escaped && c == '\\' && strings.HasPrefix(s.text[end:], quote):
			return end
		case !escaped && c == quote[0]:
			return end
		}
	}
	return limit
}

// bareEnd returns where a value without quotes ends that begins at start. It was looked for from a place behind its name.
func (s *search) bareEnd(start, from int) int {
	end := start
	for end < len(s.text) && (!ends(s.text[end]) || s.text[end] == '&' && !s.nextField(end)) {
		end++
	}
	if end < len(s.text) && goesOn(s.text[end]) && s.startsLine(s.nameStart(from)) {
		all := end
		for all < len(s.text) && goesOn(s.text[all]) {
			all++
		}
		if s.endsLine(all) { // a line of settings: all of it
			end = all
		}
	}
	for end > start && strings.IndexByte(".,:;?)]}", s.text[end-1]) >= 0 {
		end--
	}
	return end
}

// longString finds what stands between three quotes, without the blanks and line ends around it.
func (s *search) longString(at int) [2]int {
	quote, start := s.text[at:at+3], at+3
	length := strings.Index(s.text[start:min(len(s.text), start+longestValue)], quote)
	if length < 0 {
		return [2]int{start, start}
	}
	end := start + length
	for start < end && s.text[start] <= ' ' {
		start++
	}
	for end > start && s.text[end-1] <= ' ' {
		end--
	}
	return [2]int{start, end}
}

// nextField reports whether an & ends the value of a form or of a URL's query, or of a command.
func (s *search) nextField(at int) bool {
	return another().MatchString(s.text[at:min(len(s.text), at+40)])
}

var another = newForm(`^&(?:amp;)?(?:[\w.%\[\]-]+=|&|\s|$)`)

// goesOn reports whether a byte can be a part of the value on a line of settings.
func goesOn(c byte) bool { return c > ' ' && strings.IndexByte("\"'`\\<>", c) < 0 }

// ends reports whether a byte ends a value that is not in quotes.
func ends(c byte) bool { return c <= ' ' || strings.IndexByte("\"'`<>,;|\\&)]}", c) >= 0 }

// nameStart goes back from a value over the sign of assignment and the name, and returns where the name begins.
func (s *search) nameStart(from int) int {
	at := from
	for at > 0 && from-at < 8 && strings.IndexByte(" \t=:", s.text[at-1]) >= 0 {
		at--
	}
	at = s.labelStart(at, 72-(from-at))
	if at > 0 && s.text[at-1] == '\\' && at < from && s.text[at] == 'n' {
		at++ // an escaped line end
	}
	return at
}

// labelStart goes back, by at most so many bytes, over what names of settings, of users and of machines are made of.
func (s *search) labelStart(end, most int) int {
	start := end
	for start > 0 && end-start < most && inLabel(s.text[start-1]) {
		start--
	}
	return start
}

// labelEnd goes forward to where such a name ends.
func (s *search) labelEnd(start int) int {
	end := start
	for end < len(s.text) && inLabel(s.text[end]) {
		end++
	}
	return end
}

func inLabel(c byte) bool { return isWord(c) || c == '-' || c == '.' }

// startsLine reports whether a name stands at the beginning of a line, perhaps after a word such as export or set, or after
// what tools print before a line.
func (s *search) startsLine(start int) bool {
	before := withoutCommand(strings.TrimRight(s.text[max(0, start-80):max(0, start)], " \t"))
	if before == "" || strings.HasSuffix(before, `\n`) {
		return true
	}
	switch final := last(before); {
	case final == '\n' || final == '\r':
		return true
	case strings.IndexByte(":|-+>Z", final) < 0 && !isDigit(final) && !strings.HasSuffix(before, "→"):
		return false // most names stand amid a line
	}
	return lineHead().MatchString(before[strings.LastIndexByte(before, '\n')+1:])
}

// withoutCommand takes a word or flag that sets a variable off the end of a text, with the blanks before it.
func withoutCommand(text string) string {
	for _, word := range [...]string{"export", "setenv", "setx", "set -x", "set -gx", "set", "env", "ENV", "-e", "ARG", "-"} {
		if before, found := strings.CutSuffix(text, word); found {
			return strings.TrimRight(before, " \t")
		}
	}
	return text
}

// lineHead matches what tools print before a line, without the blanks after it: the line's number, its file, the sign of a
// change or of a quotation, a time, the container that it comes from; and what .npmrc has there.
var lineHead = newForm(`^(?:[ \t]*\d{1,6}(?:→|:|[ \t]*\||-)?|[\w./@~-]+[:-]\d{1,6}[:-]|[\w/-]*\.[\w./-]*:|\+|(?:> ?)+|\d{4}-\d\d-\d\dT[\d:.]+Z|[\w-]+[ \t]+\||//[\w./:-]+:)$`)

func (s *search) endsLine(end int) bool {
	return end >= len(s.text) || s.text[end] == '\n' || s.text[end] == '\r' || strings.HasPrefix(s.text[end:], "\\n") || s.text[end] == ' ' || s.text[end] == '`'
}

// setting reports whether a value stands on a line of settings: NAME=value, or for a password also NAME: value. The line has
// nothing before that, unless it is for a password and the name is in capitals.
func (s *search) setting(says voice, start, end int, value [2]int) bool {
	gap := value[0] - end
	if gap != 1 && gap != 2 || !s.endsLine(value[1]) {
		return false
	}
	name := s.text[start:end]
	capitals := strings.ToUpper(name) == name
	switch {
	case !s.startsLine(start):
		return says == password && capitals
	case gap == 1 && s.text[end] == '=':
		return true
	}
	return says == password && (capitals || value[1]-value[0] >= 8)
}
