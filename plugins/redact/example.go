package redact

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/ftprep/ftprep/plugins/redact/detect"
	"github.com/ftprep/ftprep/sdk"
)

// How many bytes a secret or the names of an author, and the name of a user, must have to be looked for in the rest of their
// example as well.
const (
	leastSpread = 10
	leastUser   = 3
)

// example redacts every text of an example, and returns what was found.
func (r *Redactor) example(e *sdk.Example) ([]sdk.Found, error) {
	p := r.pass(e)
	if err := eachText(e, p.unnamed, p.json); err != nil {
		return nil, err
	}
	if len(p.values)+len(p.users)+len(p.authors) > 0 {
		p.spread(e)
	}
	return p.found(), nil
}

// pass begins the redaction of an example.
func (r *Redactor) pass(e *sdk.Example) *pass {
	p := &pass{r: r, names: newNames(r.options, e.Provenance.Session), counts: map[place]int{}}
	p.reserve = func() {
		_ = eachText(e, func(text, _ string) string {
			for _, placeholder := range detect.Placeholder.FindAllString(text, -1) {
				p.names.reserve(placeholder)
			}
			return text
		}, nil)
	}
	return p
}

// spread replaces the secrets and the names of users and authors that were found wherever else they stand in the example,
// even where nothing tells what they are.
func (p *pass) spread(e *sdk.Example) {
	again := p.again()
	_ = eachText(e, func(text, where string) string { return again("", text, where) }, func(raw json.RawMessage, where string) (json.RawMessage, error) {
		return json.RawMessage(eachString(string(raw), func(name, text string) string { return again(name, text, where) })), nil
	})
}

// again returns a function that replaces the secrets and the names of users and authors that were found, the longest first:
// one may hold another.
func (p *pass) again() func(name, text, where string) string {
	values, users, authors := longestFirst(p.values), longestFirst(p.users), longestFirst(p.authors)
	encoded := map[string]func(string) []detect.Finding{}
	for _, value := range values {
		encoded[value] = detect.Encoded(value)
	}
	return func(name, text, where string) string {
		for _, value := range values {
			if n := strings.Count(text, value); n > 0 {
				text = strings.ReplaceAll(text, value, p.onLines(p.values[value], value))
				p.counts[place{string(detect.Secret), "repeated", where}] += n
			}
			text = p.put(place{string(detect.Secret), "repeated", where}, p.values[value], encoded[value](text), text)
		}
		for _, user := range users {
			text = p.user(user, name, text, where)
		}
		for _, author := range authors {
			text = p.put(place{kind: string(detect.Author), where: where}, p.authors[author], detect.Authors(text, author), text)
		}
		return text
	}
}

func longestFirst(values map[string]string) []string {
	return slices.SortedFunc(maps.Keys(values), func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) })
}

// found lists what was counted.
func (p *pass) found() []sdk.Found {
	var list []sdk.Found
	for at, n := range p.counts {
		list = append(list, sdk.Found{Kind: at.kind, Rule: at.rule, Place: at.where, Count: n})
	}
	slices.SortFunc(list, func(a, b sdk.Found) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Place, b.Place))
	})
	return list
}

// eachText replaces every text of an example by what visit returns for it and the kind of place where it stands. JSON goes to
// visitJSON; if that is nil, visit gets its text but cannot change it. The ids of examples and calls, and words from a closed
// list, are not visited.
func eachText(e *sdk.Example, visit func(text, where string) string, visitJSON func(json.RawMessage, string) (json.RawMessage, error)) error {
	v := visitor{visit, visitJSON}
	v.texts("system", &e.System)
	v.texts("context", &e.Context)
	for i := range e.Messages {
		m := &e.Messages[i]
		if err := v.message(m.Role, &m.Text, &m.Thinking, m.Calls); err != nil {
			return err
		}
		if a := m.Rejected; a != nil {
			if err := v.message(m.Role, &a.Text, &a.Thinking, a.Calls); err != nil {
				return err
			}
		}
	}
	if err := v.value("game state", &e.GameState); err != nil {
		return err
	}
	if c := e.Chain; c != nil {
		v.texts("detail", &c.Problem, &c.RootCause, &c.Reasoning, &c.Solution)
	}
	if c := e.Correction; c != nil {
		v.texts("detail", &c.BadCode, &c.BadReason, &c.GoodCode, &c.GoodReason, &c.Language)
	}
	if n := e.Negative; n != nil {
		v.texts("detail", &n.Pattern, &n.Reason)
	}
	v.list("tags", e.Tags)
	v.list("tags", e.Labels)
	for i := range e.Signals {
		v.texts("signals", &e.Signals[i].Evidence)
	}
	p := &e.Provenance
	v.texts("file name", &e.SourceFile, &p.Unit, &p.File)
	v.texts("provenance", &p.Session, &p.Model, &p.ProducerVersion)
	v.list("provenance", p.RecordIDs)
	return nil
}

// A visitor replaces texts and JSON values of an example by what its functions return.
type visitor struct {
	visit     func(text, where string) string
	visitJSON func(value json.RawMessage, where string) (json.RawMessage, error)
}

func (v visitor) texts(where string, texts ...*string) {
	for _, text := range texts {
		if *text != "" {
			*text = v.visit(*text, where)
		}
	}
}

func (v visitor) list(where string, texts []string) {
	for i := range texts {
		v.texts(where, &texts[i])
	}
}

func (v visitor) message(role sdk.Role, text, thinking *string, calls []sdk.Call) error {
	v.texts(placeOf(role), text)
	v.texts("thinking", thinking)
	for i := range calls {
		if err := v.value("arguments", &calls[i].Arguments); err != nil {
			return err
		}
	}
	return nil
}

func (v visitor) value(where string, value *json.RawMessage) (err error) {
	switch {
	case len(*value) == 0:
	case v.visitJSON == nil:
		v.visit(string(*value), where)
	default:
		*value, err = v.visitJSON(*value, where)
	}
	return err
}

// placeOf names the place of a message's text.
func placeOf(role sdk.Role) string {
	if role == sdk.RoleTool {
		return "result"
	}
	return string(role)
}
