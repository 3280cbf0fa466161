package redact

import (
	"encoding/json"
	"maps"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ftprep/ftprep/plugins/redact/detect"
)

// json redacts the strings and numbers of a JSON value, and then the value as it is written: formats put it into texts,
// where a name in one string may tell what the next one is.
func (p *pass) json(raw json.RawMessage, where string) (json.RawMessage, error) {
	value := string(raw)
	redacted := p.strings(value, where)
	if len(p.r.finder().find(redacted)) > 0 {
		counts := maps.Clone(p.counts)
		if again := p.text("", redacted, where); json.Valid([]byte(again)) {
			redacted = again
		} else {
			p.counts = counts // what it found lies across strings: it stays, for the strings alone hold nothing
		}
	}
	if redacted == value {
		return raw, nil
	}
	return json.RawMessage(redacted), nil
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
	const least = 13 // digits of the shortest card
	if len(number) < least {
		return number
	}
	prefix := strconv.Quote(name) + ": "
	for _, f := range p.r.finder().find(prefix + number) {
		if f.Start == len(prefix) && f.End == len(prefix)+len(number) {
			f.Start, f.End, f.Number = 0, len(number), true
			return p.replace(number, []detect.Finding{f}, where)
		}
	}
	return number
}

// eachString visits the strings of a JSON value, those that name members too, and puts back what the visit makes of them.
func eachString(value string, visit func(name, text string) string) string {
	return eachToken(value, func(t jsonToken) string {
		if t.number {
			return t.text
		}
		return visit(t.name, t.text)
	})
}

// eachToken visits the strings and numbers of a JSON value, and puts back what the visit makes of their texts; every other
// byte stays.
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
	name       string // of the member whose value it is; a name has none
	text       string // what a string says; a number as it is written
	number     bool
}

// tokens goes through the strings, those that name members too, and the numbers of a JSON value. It is faster than a
// decoder: of JSON it asks no more than that all text stands in strings. Where some does not it ends and reports false.
func tokens(value string, visit func(jsonToken)) bool {
	name := ""
	for at := 0; at < len(value); {
		switch c := value[at]; {
		case c == '"':
			t, ok := stringAt(value, at)
			if !ok {
				return false
			}
			at = t.end
			for at < len(value) && value[at] <= ' ' {
				at++
			}
			if at < len(value) && value[at] == ':' {
				name = t.text
			} else {
				t.name = name
			}
			visit(t)
		case c == '-' || '0' <= c && c <= '9':
			start := at
			for at < len(value) && strings.IndexByte("0123456789+-.eE", value[at]) >= 0 {
				at++
			}
			visit(jsonToken{start: start, end: at, name: name, text: value[start:at], number: true})
		case !besideTokens[c]:
			return false
		default:
			at++
		}
	}
	return true
}

// besideTokens are the bytes that JSON has beside strings and numbers.
var besideTokens = func() (table [256]bool) {
	for _, c := range []byte("{}[],: \t\r\ntruefalsn") {
		table[c] = true
	}
	return table
}()

// stringAt is the string that begins with the quote at a place; not ok: it does not end.
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
