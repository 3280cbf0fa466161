package detect

import "strings"

// value finds where the value that follows a place begins and ends, and how it stands there.
func (s *search) value(from int) ([2]int, place) {
	text := s.text
	at := from
	for at < len(text) && strings.IndexByte("bfruBFRUN@", text[at]) >= 0 && at+1 < len(text) && (text[at+1] == '"' || text[at+1] == '\'') {
		at++ // a prefix of Python's strings, and of others
	}
	if strings.HasPrefix(text[at:], `"""`) || strings.HasPrefix(text[at:], "'''") {
		return s.longString(at)
	}
	slashes := 0
	for at+slashes < len(text) && text[at+slashes] == '\\' && slashes < 8 {
		slashes++
	}
	if at+slashes < len(text) && (text[at+slashes] == '"' || text[at+slashes] == '\'' || text[at+slashes] == '`') {
		quote := text[at : at+slashes+1]
		start := at + slashes + 1
		for end := start; end < len(text) && end-start < 8<<10; end++ {
			switch c := text[end]; {
			case c == '\n':
				return [2]int{start, end}, quoted
			case c == '\\' && slashes == 0 && end+1 < len(text):
				end++
			case c == '\\' && strings.HasPrefix(text[end:], quote):
				return [2]int{start, end}, quoted
			case slashes == 0 && c == quote[0]:
				return [2]int{start, end}, quoted
			}
		}
		return [2]int{start, min(len(text), start+8<<10)}, quoted
	}
	end := at
	for end < len(text) && (!ends(text[end]) || text[end] == '&' && !s.nextField(end)) {
		end++
	}
	if end < len(text) && goesOn(text[end]) && s.startsLine(s.nameStart(from)) {
		all := end
		for all < len(text) && goesOn(text[all]) {
			all++
		}
		if s.endsLine(all) { // a line of settings: all of it
			end = all
		}
	}
	for end > at && strings.IndexByte(".,:;?)]}", text[end-1]) >= 0 {
		end--
	}
	return [2]int{at, end}, bare
}

// longString finds what stands between three quotes, without the blanks and line ends around it.
func (s *search) longString(at int) ([2]int, place) {
	quote, start := s.text[at:at+3], at+3
	end := strings.Index(s.text[start:min(len(s.text), start+8<<10)], quote)
	if end < 0 {
		return [2]int{start, start}, quoted
	}
	end += start
	for start < end && s.text[start] <= ' ' {
		start++
	}
	for end > start && s.text[end-1] <= ' ' {
		end--
	}
	return [2]int{start, end}, quoted
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
	before := strings.TrimRight(s.text[max(0, start-80):max(0, start)], " \t")
	for _, word := range []string{"export", "setenv", "setx", "set -x", "set -gx", "set", "env", "ENV", "-e", "ARG", "-"} {
		if strings.HasSuffix(before, word) {
			before = strings.TrimRight(strings.TrimSuffix(before, word), " \t")
			break
		}
	}
	if before == "" || before[len(before)-1] == '\n' || before[len(before)-1] == '\r' || strings.HasSuffix(before, "\\n") {
		return true
	}
	if last := before[len(before)-1]; strings.IndexByte(":|-+>Z", last) < 0 && !isDigit(last) && !strings.HasSuffix(before, "→") {
		return false // most names stand amid a line
	}
	return lineHead().MatchString(before[strings.LastIndexByte(before, '\n')+1:])
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
	near := value[0] == end+1 || value[0] == end+2
	if !near || !s.endsLine(value[1]) {
		return false
	}
	name := s.text[start:end]
	capitals := strings.ToUpper(name) == name
	if s.startsLine(start) {
		return s.text[end] == '=' && value[0] == end+1 || says == password && (capitals || value[1]-value[0] >= 8)
	}
	return says == password && capitals
}
