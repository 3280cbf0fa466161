package redact

import (
	"encoding/json"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ftprep/ftprep/plugins/redact/detect"
)

// A Place is where something was found.
type Place struct {
	Line   int // of the text, from 0
	Kind   string
	Rule   string
	Masked string // the value, but for its beginning
}

// Verify finds what of a written text should have been redacted, canaries too: in the strings of a row of JSON, else in the
// text as it is.
func (r *Redactor) Verify(text []byte) []Place { return places(r.written(), text) }

// Scan finds what would be redacted in a text: in the strings of a line of JSON, else in the text as it is.
func (r *Redactor) Scan(text []byte) []Place { return places(r.finder(), text) }

// places finds places in a text.
func places(f *finder, text []byte) []Place {
	all := string(text)
	if places, ok := inStrings(f, strings.TrimSpace(all)); ok {
		return places
	}
	var places []Place
	for _, found := range f.find(all) {
		places = append(places, placeAt(found, all, strings.Count(all[:found.Start], "\n")))
	}
	return places
}

// inStrings finds places in the strings of a JSON object on one line; it reports false where the text is none.
func inStrings(f *finder, line string) (places []Place, ok bool) {
	if !strings.HasPrefix(line, "{") || strings.Contains(line, "\n") {
		return nil, false
	}
	ok = scanStrings(line, func(name, value string) {
		found := f.findValue(name, value)
		if len(found) > 0 && name == "session" && value == session(line) {
			found = f.find(value)
		}
		for _, place := range found {
			places = append(places, placeAt(place, value, 0))
		}
	})
	return places, ok
}

// session is the session in the provenance of a unified record. It is an id, in which a name that says secret in a log says
// nothing: it stays as it is when its example is redacted.
func session(line string) string {
	var row struct {
		Provenance struct{ Session string }
	}
	_ = json.Unmarshal([]byte(line), &row) // what is no such record has none
	return row.Provenance.Session
}

var lenient = []jsontext.Options{jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)}

func placeAt(f detect.Finding, text string, line int) Place {
	p := Place{Line: line, Kind: string(f.Kind), Rule: f.Rule, Masked: mask(text[f.Start:f.End])}
	if f.Kind == detect.Canary {
		p.Masked = "one of the canaries"
	}
	return p
}

// mask shows enough of a value to find it, and too little to use it.
func mask(value string) string {
	value, _, _ = strings.Cut(value, "\n")
	runes := []rune(value)
	shown := min(4, len(runes)/4)
	return string(runes[:shown]) + strings.Repeat("*", min(len(runes)-shown, 12))
}

// scanStrings visits the strings of a JSON value with the names of their members, and the names themselves. It is for
// reading alone, and faster than a decoder: of JSON it asks no more than that all text stands in strings. Where some does
// not it reports false.
func scanStrings(value string, visit func(name, text string)) bool {
	name := ""
	for at := 0; ; {
		for ; at < len(value) && value[at] != '"'; at++ {
			if !besideStrings[value[at]] {
				return false
			}
		}
		if at == len(value) {
			return true
		}
		start := at + 1
		end, escaped := closing(value, start)
		if end == len(value) {
			return false
		}
		text := value[start:end]
		if escaped {
			unquoted, _ := jsontext.AppendUnquote(nil, value[start-1:end+1]) // the error only tells that bytes were replaced
			text = string(unquoted)
		}
		at = end + 1
		for at < len(value) && value[at] <= ' ' {
			at++
		}
		if at < len(value) && value[at] == ':' {
			visit("", text)
			name = text
		} else {
			visit(name, text)
		}
	}
}

// besideStrings are the bytes that JSON has outside of strings: brackets and what is between values, numbers, true, false,
// null.
var besideStrings = func() (table [256]bool) {
	for _, c := range []byte("{}[],: \t\r0123456789+-.eEtrufalsn") {
		table[c] = true
	}
	return table
}()

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
