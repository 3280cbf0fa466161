package redact

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ftprep/ftprep/plugins/redact/detect"
)

// json redacts the strings and numbers of a JSON value, and then what they tell about each other: a name in one string may
// tell what the next one is.
func (p *pass) json(raw json.RawMessage, where string) (json.RawMessage, error) {
	value := string(raw)
	redacted := p.strings(value, where)
	for range passes {
		var found []detect.Finding
		for _, at := range p.r.finder().between(redacted) {
			found = append(found, at.Finding)
		}
		if len(found) == 0 {
			break
		}
		redacted = p.replace(redacted, found, where)
	}
	if redacted == value {
		return raw, nil
	}
	return json.RawMessage(redacted), nil
}

// A tokenFinding is something found within a string or a number of a JSON value.
type tokenFinding struct {
	detect.Finding
	token jsonToken
}

// between searches a JSON value as it is written, and returns what can be replaced there: within a string that has no escaped
// placeholder, or a number that becomes another.
func (f *finder) between(value string) (within []tokenFinding) {
	found := f.find(value)
	if len(found) == 0 {
		return nil
	}
	whole := tokens(value, func(t jsonToken) {
		if len(found) == 0 || found[0].Start >= t.end {
			return
		}
		replaceable := !t.escapesPlaceholder(value)
		for len(found) > 0 && found[0].Start < t.end {
			at := found[0]
			found = found[1:]
			if replaceable && t.canReplace(value, at) {
				within = append(within, tokenFinding{at, t})
			}
		}
	})
	if !whole {
		return nil
	}
	return within
}

// escapesPlaceholder reports whether a string of a JSON value holds a placeholder and is written with escapes.
func (t jsonToken) escapesPlaceholder(value string) bool {
	return !t.number && t.text != value[t.start+1:t.end-1] && detect.Placeholder.MatchString(t.text)
}

// canReplace reports whether a finding in a JSON value can be replaced in a token.
func (t jsonToken) canReplace(value string, at detect.Finding) bool {
	if t.number {
		return at.Number && at.Start == t.start && at.End == t.end
	}
	written := value[t.start:t.end]
	return at.Start > t.start && at.End < t.end && !amidEscape(written, at.Start-t.start) && !amidEscape(written, at.End-t.start)
}

// amidEscape reports whether a place of a string in JSON lies within an escaped character.
func amidEscape(quoted string, at int) bool {
	backslashes := func(at int) int { return at - len(strings.TrimRight(quoted[:at], `\`)) }
	if backslashes(at)%2 == 1 {
		return true
	}
	for u := at - 1; u > at-5 && u > 0; u-- {
		if quoted[u] == 'u' && backslashes(u)%2 == 1 {
			return true
		}
	}
	return false
}

// strings redacts the strings and numbers of a JSON value.
func (p *pass) strings(raw, where string) string {
	entry := p.r.finder().values.of("", raw)
	if entry.known() {
		return raw
	}
	redacted := eachToken(raw, func(t jsonToken) string {
		if t.number {
			return p.number(t.name, t.text, where)
		}
		return p.text(t.name, t.text, where)
	})
	if redacted == raw {
		entry.put()
	}
	return redacted
}

// number redacts a number as it is written.
func (p *pass) number(name, number, where string) string {
	if found := p.r.finder().inNumber(name, number); len(found) > 0 {
		return p.replace(number, found, where)
	}
	return number
}

// inToken finds everything in a string or a number of a JSON value.
func (f *finder) inToken(t jsonToken) []detect.Finding {
	if t.number {
		return f.inNumber(t.name, t.text)
	}
	return f.findValue(t.name, t.text)
}

// inNumber finds a number that is personal.
func (f *finder) inNumber(name, number string) []detect.Finding {
	const least = 9 // digits of the shortest one
	if len(number) < least {
		return nil
	}
	prefix := strconv.Quote(name) + ": "
	for _, found := range f.find(prefix + number) {
		if found.Start == len(prefix) && found.End == len(prefix)+len(number) {
			found.Start, found.End, found.Number = 0, len(number), true
			return []detect.Finding{found}
		}
	}
	return nil
}

// eachString visits the strings of a JSON value, the names of members too, and puts back what visit makes of them.
func eachString(value string, visit func(name, text string) string) string {
	return eachToken(value, func(t jsonToken) string {
		if t.number {
			return t.text
		}
		return visit(t.name, t.text)
	})
}

// eachToken visits the strings and numbers of a JSON value, and puts back what visit makes of their texts; every other byte
// stays.
func eachToken(value string, visit func(jsonToken) string) string {
	var out []byte
	copied := 0
	tokens(value, func(t jsonToken) {
		made := visit(t)
		if made == t.text {
			return
		}
		out = append(out, value[copied:t.start]...)
		if t.number {
			out = append(out, made...)
		} else {
			out, _ = jsontext.AppendQuote(out, made) // the error only tells that bytes were replaced
		}
		copied = t.end
	})
	if copied == 0 {
		return value
	}
	return string(append(out, value[copied:]...))
}

// A jsonToken is a string or a number of a JSON value.
type jsonToken struct {
	start, end int    // where it is written, with its quotes
	name       string // of the member whose value it is; empty if it is a name itself
	text       string // what a string says; a number as it is written
	number     bool
}

// tokens visits the strings, the names of members too, and the numbers of a JSON value. It is faster than a decoder: it
// requires no more of JSON than that all text stands in strings. If some does not, it stops there and reports false.
func tokens(value string, visit func(jsonToken)) bool {
	name := ""
	for at := 0; at < len(value); {
		switch c := value[at]; {
		case c == '"':
			t, ok := stringAt(value, at)
			if !ok {
				return false
			}
			if at = afterBlanks(value, t.end); at < len(value) && value[at] == ':' {
				name = t.text
			} else {
				t.name = name
			}
			visit(t)
		case c == '-' || '0' <= c && c <= '9':
			t := numberAt(value, at)
			t.name = name
			at = t.end
			visit(t)
		case !besideTokens[c]:
			return false
		default:
			at++
		}
	}
	return true
}

func afterBlanks(value string, at int) int {
	for at < len(value) && value[at] <= ' ' {
		at++
	}
	return at
}

// numberAt returns the number that begins at start.
func numberAt(value string, start int) jsonToken {
	end := start
	for end < len(value) && strings.IndexByte("0123456789+-.eE", value[end]) >= 0 {
		end++
	}
	return jsonToken{start: start, end: end, text: value[start:end], number: true}
}

// besideTokens are the bytes that JSON has beside strings and numbers.
var besideTokens = func() (table [256]bool) {
	for _, c := range []byte("{}[],: \t\r\ntruefalsn") {
		table[c] = true
	}
	return table
}()

// stringAt returns the string that begins with the quote at start; ok is false if it does not end.
func stringAt(value string, start int) (t jsonToken, ok bool) {
	end, escaped := closing(value, start+1)
	if end == len(value) {
		return jsonToken{}, false
	}
	t = jsonToken{start: start, end: end + 1, text: value[start+1 : end]}
	if escaped {
		unquoted, _ := jsontext.AppendUnquote(nil, value[start:t.end]) // the error only tells that bytes were replaced
		t.text = string(unquoted)
	}
	return t, true
}

// closing finds the quote that ends a string, or the end of the text, and whether there are escapes before it.
func closing(value string, start int) (end int, escaped bool) {
	for end = start; ; end++ {
		quote := strings.IndexByte(value[end:], '"')
		if quote < 0 {
			return len(value), true
		}
		end += quote
		backslashes := 0
		for end-backslashes > start && value[end-backslashes-1] == '\\' {
			backslashes++
		}
		if backslashes%2 == 0 {
			return end, strings.IndexByte(value[start:end], '\\') >= 0
		}
	}
}
