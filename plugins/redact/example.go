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
	if err := eachText(e, p.text, p.json); err != nil {
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
		_ = eachText(e, func(_, text, _ string) string {
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
	_ = eachText(e, again, func(raw json.RawMessage, where string) (json.RawMessage, error) {
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

// eachText visits every text of an example with the kind of place where it stands, and replaces it by what visit returns.
// The name is empty, since no name of an example's own fields says what a text is. JSON goes to visitJSON; if that is nil,
// visit gets its text but cannot change it. The ids of examples and calls, and words from a closed list, are not visited.
func eachText(e *sdk.Example, visit func(name, text, where string) string, visitJSON func(json.RawMessage, string) (json.RawMessage, error)) error {
	text := func(where string, texts ...*string) {
		for _, t := range texts {
			if *t != "" {
				*t = visit("", *t, where)
			}
		}
	}
	list := func(where string, texts []string) {
		for i := range texts {
			text(where, &texts[i])
		}
	}
	text("system", &e.System)
	text("context", &e.Context)
	for i := range e.Messages {
		m := &e.Messages[i]
		text(placeOf(m.Role), &m.Text)
		text("thinking", &m.Thinking)
		if err := eachArguments(m.Calls, visit, visitJSON); err != nil {
			return err
		}
		if a := m.Rejected; a != nil {
			text(placeOf(m.Role), &a.Text)
			text("thinking", &a.Thinking)
			if err := eachArguments(a.Calls, visit, visitJSON); err != nil {
				return err
			}
		}
	}
	if err := visitRaw(&e.GameState, "game state", visit, visitJSON); err != nil {
		return err
	}
	if c := e.Chain; c != nil {
		text("detail", &c.Problem, &c.RootCause, &c.Reasoning, &c.Solution)
	}
	if c := e.Correction; c != nil {
		text("detail", &c.BadCode, &c.BadReason, &c.GoodCode, &c.GoodReason, &c.Language)
	}
	if n := e.Negative; n != nil {
		text("detail", &n.Pattern, &n.Reason)
	}
	list("tags", e.Tags)
	list("tags", e.Labels)
	for i := range e.Signals {
		text("signals", &e.Signals[i].Evidence)
	}
	p := &e.Provenance
	text("file name", &e.SourceFile, &p.Unit, &p.File)
	text("provenance", &p.Session, &p.Model, &p.ProducerVersion)
	list("provenance", p.RecordIDs)
	return nil
}

func eachArguments(calls []sdk.Call, visit func(name, text, where string) string, visitJSON func(json.RawMessage, string) (json.RawMessage, error)) error {
	for i := range calls {
		if err := visitRaw(&calls[i].Arguments, "arguments", visit, visitJSON); err != nil {
			return err
		}
	}
	return nil
}

func visitRaw(raw *json.RawMessage, where string, visit func(name, text, where string) string, visitJSON func(json.RawMessage, string) (json.RawMessage, error)) (err error) {
	switch {
	case len(*raw) == 0:
	case visitJSON == nil:
		visit("", string(*raw), where)
	default:
		*raw, err = visitJSON(*raw, where)
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
