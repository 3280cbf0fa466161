package filters

import (
	"context"
	"fmt"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/ftprep/ftprep/sdk"
)

type decontaminateOptions struct {
	Against []sdk.Path `option:"against,required" doc:"The test sets: files of text, JSON or JSON lines, also compressed (.gz, .zst), or folders, in which .json, .jsonl and .ndjson files are read."`
	Words   int        `option:"words" doc:"How many words in the same order make a part of a test." default:"13" min:"5" max:"1000"`
	Results bool       `option:"results" doc:"Also searches the results of calls." default:"false"`
}

// decontaminate drops examples that hold a part of a test set. One sequence of words is enough, as it was for GPT-3.
type decontaminate struct {
	set     *testSet
	results bool
}

func newDecontaminate(_ sdk.Setup, o decontaminateOptions) (sdk.Filter, error) {
	var paths []string
	for _, path := range o.Against {
		paths = append(paths, string(path))
	}
	set, err := readTestSet(paths, o.Words)
	return decontaminate{set, o.Results}, err
}

// Apply keeps examples that are set aside: they are not trained on and may be the test set themselves.
func (d decontaminate) Apply(ctx context.Context, e *sdk.Example) (sdk.Verdict, error) {
	if e.Split != "" && e.Split != sdk.SplitTrain {
		return sdk.Keep(), nil
	}
	for _, p := range passages(e) {
		if err := ctx.Err(); err != nil {
			return sdk.Verdict{}, err
		}
		if p.place == inResult && !d.results {
			continue
		}
		for text := range textsIn(p.text) {
			if test, words, ok := d.set.search(normal(text), p.place == inRequest); ok {
				return sdk.Drop("in a test set", fmt.Sprintf("%s has words of %s: %s", p.place, test, excerpt(words))), nil
			}
		}
	}
	return sdk.Keep(), nil
}

// search looks for the first sequence of a text that is in the set. A request that is shorter than a sequence is looked
// up as a whole.
func (s *testSet) search(text string, request bool) (test, words string, ok bool) {
	w := newWindow(s.words)
	for word := range wordsOf(text) {
		w.push(word)
		if hash, full := w.sequence(); full {
			if row, ok := s.find(hash); ok {
				return s.name(row), text[w.last[w.at].start:word.end], true
			}
		}
	}
	if hash, short := w.shortHash(); short && request {
		if row, ok := s.find(hash); ok {
			return s.name(row), text, true
		}
	}
	return "", "", false
}

// excerpt returns a text on one line, cut to a length that can be read.
func excerpt(text string) string {
	const most = 200 // bytes
	text = strings.Join(strings.Fields(text), " ")
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "..."
}

// normal returns a text in which each letter is written in one way (NFC).
func normal(text string) string { return norm.NFC.String(text) }

// A passage is one of the texts of an example.
type passage struct{ place, text string }

// The places that are treated differently.
const (
	inRequest = "the request"
	inResult  = "a result"
)

// passages lists the texts of an example. It leaves out the system prompt, the context and the tools, since programs write
// the same texts there into many examples and tests.
func passages(e *sdk.Example) []passage {
	var all []passage
	for _, m := range e.Messages {
		switch m.Role {
		case sdk.RoleUser:
			all = append(all, passage{inRequest, m.Text})
		case sdk.RoleTool:
			all = append(all, passage{inResult, m.Text})
		case sdk.RoleAssistant:
			all = append(all, answered(m.Text, m.Thinking, m.Calls)...)
		}
		if a := m.Rejected; a != nil {
			all = append(all, answered(a.Text, a.Thinking, a.Calls)...)
		}
	}
	switch c := e.Correction; {
	case e.Chain != nil:
		all = append(all, passage{"the problem", e.Chain.Problem}, passage{"the root cause", e.Chain.RootCause}, passage{"the reasoning", e.Chain.Reasoning}, passage{"the solution", e.Chain.Solution})
	case c != nil:
		all = append(all, passage{"the bad code", c.BadCode}, passage{"the reason", c.BadReason}, passage{"the good code", c.GoodCode}, passage{"the reason", c.GoodReason})
	case e.Negative != nil:
		all = append(all, passage{"the pattern", e.Negative.Pattern}, passage{"the reason", e.Negative.Reason})
	}
	return all
}

func answered(text, thinking string, calls []sdk.Call) []passage {
	all := []passage{{"the reasoning", thinking}, {"the answer", text}}
	for _, call := range calls {
		all = append(all, passage{"a call of " + call.FullName(), string(call.Arguments)})
	}
	return all
}
