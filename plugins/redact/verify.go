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
	Masked string // the value, masked but for its beginning; of a canary which of them it is
	Member string // the name of the member whose value it is in; empty if there is none, or if it must not be shown
}

// Verify finds what should have been redacted in a written text, canaries too: in the strings and numbers of a row of JSON,
// or else in the text as it is.
func (r *Redactor) Verify(text []byte) []Place { return places(r.written(), text) }

// Scan finds what would be redacted in a text: in the strings and numbers of a line of JSON, or else in the text as it is.
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

// longestMember is how long the name of a member can be for people to look for it.
const longestMember = 40

// inStrings finds places in the strings and numbers of a JSON object on one line, and by what these tell about each other.
// ok is false if the text is no such object.
func inStrings(f *finder, line string) (places []Place, ok bool) {
	if !strings.HasPrefix(line, "{") || strings.Contains(line, "\n") {
		return nil, false
	}
	tells, held := false, map[int]bool{} // the starts of what holds something by itself
	ok = tokens(line, func(t jsonToken) {
		found := f.inToken(t)
		if len(found) == 0 {
			tells = tells || !t.number && detect.Tells(t.name, t.text)
			return
		}
		tells, held[t.start] = true, true
		if t.name == "session" && t.text == session(line) {
			found = f.find(t.text)
		}
		for _, at := range found {
			places = append(places, memberAt(f, at, t, t.text))
		}
	})
	if !ok || !tells {
		return places, ok
	}
	for _, at := range f.between(line) {
		if !held[at.token.start] {
			places = append(places, memberAt(f, at.Finding, at.token, line))
		}
	}
	return places, ok
}

// memberAt returns the place of something found in a text, with the name of the member whose value it is in.
func memberAt(f *finder, found detect.Finding, t jsonToken, text string) Place {
	place := placeAt(found, text, 0)
	if len(t.name) <= longestMember && len(f.find(t.name)) == 0 {
		place.Member = t.name
	}
	return place
}

// session returns the session in the provenance of a unified record. It is an id, so the name session, which says secret in
// a log, says nothing of it: the session of an example is redacted without regard to a name.
func session(line string) string {
	var row struct {
		Provenance struct{ Session string }
	}
	_ = json.Unmarshal([]byte(line), &row) // other objects have none
	return row.Provenance.Session
}

var lenient = []jsontext.Options{jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)}

func placeAt(f detect.Finding, text string, line int) Place {
	p := Place{Line: line, Kind: string(f.Kind), Rule: f.Rule, Masked: mask(text[f.Start:f.End])}
	if f.Kind == detect.Canary {
		p.Masked, p.Rule = f.Rule, ""
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
