package redact

import (
	"encoding/json"
	"strings"
	"sync"

	"github.com/ftprep/ftprep/plugins/redact/detect"
	"github.com/ftprep/ftprep/sdk"
)

// A Redactor replaces secrets and personal data. It is safe for several goroutines.
type Redactor struct {
	options options

	// They are made once, when they are first needed.
	finder  func() *finder
	written func() *finder // looks for canaries too
}

func newRedactor(o options, found detect.Options) *Redactor {
	open := func(o detect.Options) func() *finder { return sync.OnceValue(func() *finder { return newFinder(o) }) }
	r := &Redactor{options: o, finder: open(found)}
	r.written = r.finder
	if found.Canaries = o.Canaries; len(found.Canaries) > 0 {
		r.written = open(found)
	}
	return r
}

// Text redacts a text that a user will see. The same value has the same placeholder in all texts of one Masker.
func (m *Masker) Text(text string) string { return m.text("", text, "") }

// Line redacts the strings and numbers of a JSON value, or else the text as it is.
func (m *Masker) Line(line []byte) []byte {
	if !isJSON(line) {
		return []byte(m.Text(string(line)))
	}
	redacted, _ := m.json(line, "") // JSON stays JSON
	return redacted
}

// A Masker redacts texts that belong together.
type Masker struct{ *pass }

// Masker returns a new Masker.
func (r *Redactor) Masker() *Masker {
	return &Masker{&pass{r: r, names: newNames(r.options, ""), counts: map[place]int{}}}
}

// MaskerOf returns a Masker that knows the secrets of an example, and gives them the placeholders that they have there.
func (r *Redactor) MaskerOf(e *sdk.Example) *Masker {
	p := r.pass(e)
	_ = eachText(e, func(text, where string) string {
		p.unnamed(text, where)
		return text
	}, func(raw json.RawMessage, where string) (json.RawMessage, error) {
		_, err := p.json(raw, where)
		return raw, err
	})
	return &Masker{p}
}

// pass is the redaction of texts that belong together, such as those of an example.
type pass struct {
	r       *Redactor
	names   *names
	counts  map[place]int
	values  map[string]string // secrets that were found, with their placeholders
	users   map[string]string // likewise, names of users
	authors map[string]string // likewise, first and last names of authors
	reserve func()            // tells names which placeholders the texts hold already
	lines   bool              // a placeholder is followed by as many line ends as its value has
}

// place is what the audit counts by.
type place struct{ kind, rule, where string }

// passes is how often a text is searched at most: what one pass replaces may have hidden something from it.
const passes = 4

// text redacts the value of a field whose name may say what it is. If the text is JSON with escapes in it, its strings are
// first redacted one by one, without the escapes: results are often JSON, and hold JSON.
func (p *pass) text(name, text, where string) string {
	if closing, nested := nestedJSON(text); nested {
		text = strings.TrimSuffix(p.strings(text+closing, where), closing)
	}
	for range passes {
		found := p.r.finder().findValue(name, text)
		if len(found) == 0 {
			break
		}
		text = p.replace(text, found, where)
	}
	return text
}

// unnamed redacts a text that is the value of no named field.
func (p *pass) unnamed(text, where string) string { return p.text("", text, where) }

// nestedJSON reports whether a text is JSON with escapes in it, be it on several lines or cut off. If it was cut off within a
// string, closing is the quote that is missing.
func nestedJSON(text string) (closing string, nested bool) {
	if strings.IndexByte(text, '\\') < 0 {
		return "", false
	}
	begin := strings.TrimLeft(text, " \t\r\n")
	if begin[0] != '{' && begin[0] != '[' {
		return "", false
	}
	ignore := func(jsonToken) {}
	if tokens(text, ignore) {
		return "", true
	}
	return `"`, tokens(text+`"`, ignore)
}

func (p *pass) replace(text string, found []detect.Finding, where string) string {
	if p.reserve != nil {
		p.reserve()
		p.reserve = nil
	}
	replaced := make([]byte, 0, len(text))
	at := 0
	for _, f := range found {
		value := text[f.Start:f.End]
		placeholder := p.names.placeholder(f, value)
		p.counts[place{string(f.Kind), f.Rule, where}]++
		if list := p.spreadList(f.Kind, value); list != nil {
			if *list == nil {
				*list = map[string]string{}
			}
			(*list)[value] = placeholder
		}
		replaced = append(append(replaced, text[at:f.Start]...), p.onLines(placeholder, value)...)
		at = f.End
	}
	return string(append(replaced, text[at:]...))
}

// spreadList returns the list in which a value is kept, with its placeholder, so that it is looked for in the rest of the
// example as well. It returns nil for a value that is not looked for.
func (p *pass) spreadList(kind detect.Kind, value string) *map[string]string {
	switch {
	case kind == detect.Secret && len(value) >= leastSpread:
		return &p.values
	case kind == detect.Author && len(value) >= leastSpread && strings.Contains(value, " "):
		return &p.authors
	case kind == detect.Home && len(value) >= leastUser:
		return &p.users
	}
	return nil
}
