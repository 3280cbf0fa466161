package formats

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/ftprep/ftprep/sdk"
)

// toolsets keeps the toolsets that were read, by their text, because most rows of a file have the same.
type toolsets map[string]*sdk.Toolset

// example makes the example from which the row was written, so that encoding it gives the same row again.
func (r *unifiedRow) example(known toolsets) (*sdk.Example, error) {
	e := &sdk.Example{
		ID: *r.ID, Source: *r.Source, SourceFile: *r.SourceFile, Type: sdk.Type(*r.Type), TaskType: *r.TaskType,
		System: r.System, Context: r.Context, GameState: json.RawMessage(r.GameState),
		Tags: r.Tags, Labels: r.Labels, Quality: r.Quality, Split: r.Split,
	}
	for i, m := range r.Messages {
		if key := m.unknownKey(); key != "" {
			return nil, fmt.Errorf("%s: /messages/%d%s", unknownToAll, i, key)
		}
		e.Messages = append(e.Messages, m.message())
	}
	for _, s := range r.Signals {
		score := math.NaN() // left out of the row because JSON cannot hold it
		if s.Score != nil {
			score = *s.Score
		}
		e.Signals = append(e.Signals, sdk.Signal{Name: s.Name, Score: score, Evidence: s.Evidence})
	}
	r.detail(e)
	set, ok := known[string(r.Tools)]
	if !ok {
		var err error
		if set, err = r.toolset(); err != nil {
			return nil, err
		}
		known[string(r.Tools)] = set
	}
	e.Toolset = set
	return e, r.provenance(e)
}

// unknownToAll is what is wrong with a key. The value of one that was mistyped in a message would be lost.
const unknownToAll = "a key that unified records do not have"

// unknownKey points to a key that no message or call has; it is empty if there is none.
func (t unifiedTurn) unknownKey() string {
	if key := t.Unknown.key(); key != "" {
		return "/" + key
	}
	if key := unknownIn(t.Calls); key != "" || t.Rejected == nil {
		return key
	}
	if key := unknownIn(t.Rejected.Calls); key != "" {
		return "/rejected" + key
	}
	return ""
}

func unknownIn(calls []unifiedCall) string {
	for i, call := range calls {
		if key := call.Unknown.key(); key != "" {
			return fmt.Sprintf("/tool_calls/%d/%s", i, key)
		}
	}
	return ""
}

func (t unifiedTurn) message() sdk.Message {
	m := sdk.Message{
		Role: sdk.Role(t.Role), Text: t.Text, Thinking: t.Thinking, CallID: t.CallID, IsError: t.IsError,
		Masked: t.Weight != nil && *t.Weight == 0, Calls: callsOf(t.Calls),
	}
	if r := t.Rejected; r != nil {
		m.Rejected = &sdk.Answer{Text: r.Text, Thinking: r.Thinking, Calls: callsOf(r.Calls)}
	}
	return m
}

func callsOf(listed []unifiedCall) (calls []sdk.Call) {
	for _, c := range listed {
		calls = append(calls, sdk.Call{
			ID: c.ID, Server: c.Server, Tool: c.Tool, Phase: sdk.Phase(c.Phase), Arguments: json.RawMessage(c.Arguments),
		})
	}
	return calls
}

// detail reads a chain, a correction or an anti-pattern. Only a conversation lists its calls, even if it has none.
func (r *unifiedRow) detail(e *sdk.Example) {
	switch {
	case r.Calls != nil:
	case e.Type == sdk.TypeCodeCorrection || r.BadCode != "" || r.GoodCode != "":
		bad, good := reason(r.Reasoning)
		e.Correction = &sdk.CodeCorrection{
			Language: r.Provenance.Language, BadCode: r.BadCode, BadReason: bad, GoodCode: r.GoodCode, GoodReason: good,
		}
	case e.Type == sdk.TypeNegative:
		e.Negative = &sdk.AntiPattern{Pattern: r.Problem, Reason: r.Reasoning}
	case e.Type == sdk.TypeReasoningChain || r.Problem != "" || r.RootCause != "":
		e.Chain = &sdk.ReasoningChain{Problem: r.Problem, RootCause: r.RootCause, Reasoning: r.Reasoning, Solution: r.Response}
	}
}

// reason splits what [reasons] joined, at the first empty line. Where the first reason itself has one, that is the wrong
// place, but joining the two again gives the same text.
func reason(joined string) (bad, good string) {
	bad, good, _ = strings.Cut(joined, "\n\n")
	if bad == "" || good == "" {
		return joined, ""
	}
	return bad, good
}

// toolset reads the definitions of tools, in whatever form somebody wrote them. It returns nil if there are only names, which
// are those of the calls.
func (r *unifiedRow) toolset() (*sdk.Toolset, error) {
	var list []jsontext.Value
	if len(r.Tools) == 0 {
		return nil, nil
	}
	if err := jsonv2.Unmarshal(r.Tools, &list); err != nil {
		return nil, errors.New("not a unified record: /tools is not a list")
	}
	if len(list) == 0 || list[0].Kind() == '"' {
		return nil, nil
	}
	var tools []toolForm
	if err := jsonv2.Unmarshal(r.Tools, &tools, asUnified); err != nil {
		return nil, errors.New("not a unified record: /tools holds something other than names or definitions")
	}
	set, err := definitions(tools)
	if err != nil {
		return nil, fmt.Errorf("not a unified record: /tools: %w", err)
	}
	return set, nil
}

func (r *unifiedRow) provenance(e *sdk.Example) error {
	p := r.Provenance
	e.Provenance = sdk.Provenance{
		Plugin: p.Plugin, PluginVersion: p.PluginVersion, Unit: p.Unit, File: p.File, FirstLine: p.FirstLine, LastLine: p.LastLine,
		Session: p.Session, RecordIDs: p.RecordIDs, ProducerVersion: p.ProducerVersion, Model: p.Model, Parent: p.Parent,
		Records: p.Records, Removed: p.Removed,
	}
	if p.Time != "" {
		var err error
		if e.Provenance.Time, err = time.Parse(time.RFC3339Nano, p.Time); err != nil {
			return fmt.Errorf("not a unified record: /provenance/time is not a time: %q", p.Time)
		}
	}
	e.Identity.Alias, e.Identity.Conversation = p.Alias, p.Conversation
	if e.Identity.Opening = p.Opening; p.Opening != "" {
		switch {
		case p.Calls == nil:
			e.Identity.Calls = e.Answered()
		case len(p.Calls) > 0:
			e.Identity.Calls = p.Calls
		}
	}
	return nil
}

// Decode reads a row as the source does, and reports what in it contradicts the rest.
func (u *unified) Decode(row []byte) (*sdk.Example, []string) {
	r, err := parseUnified(row)
	if err != nil {
		return nil, []string{err.Error()}
	}
	e, err := r.example(toolsets{})
	if err != nil {
		return nil, []string{err.Error()}
	}
	var problems []string
	report := func(wrong bool, problem string) {
		if wrong {
			problems = append(problems, problem)
		}
	}
	if key := unknownKey(row, &unifiedRow{}); key != "" {
		report(true, unknownToAll+": "+string(key))
	}
	if key := unknownKey(r.Tools, &[]toolForm{}); key != "" {
		report(true, unknownToAll+": /tools"+string(key))
	}
	report(!slices.Contains(sdk.Types(), e.Type), "unknown example_type")
	report(*r.UserMessage != e.UserMessage(), "user_message is not what the messages say")
	if !e.Detailed() {
		listed := r.Calls != nil // what others write may leave out what the messages say
		report(listed && !slices.EqualFunc(*r.Calls, e.Calls(), unifiedCall.same), "tool_calls are not the calls of the messages, in order")
		report((listed || r.Response != "") && r.Response != e.ResponseText(), "response_text is not what the messages say")
	}
	for _, m := range r.Messages {
		report(m.Weight != nil && *m.Weight != 0 && *m.Weight != 1, "a weight other than 0 and 1")
	}
	if err := e.Check(); err != nil { // the source would reject it
		report(true, err.Error())
	}
	return e, slices.Compact(problems)
}

// same reports whether a call in tool_calls is the same as one in the messages, with its result.
func (c unifiedCall) same(a sdk.AnsweredCall) bool {
	masked := c.Weight != nil && *c.Weight == 0
	if c.ID != a.ID || c.Server != a.Server || c.Tool != a.Tool || (c.Result != nil) != a.Answered || c.IsError != a.IsError || masked != a.Masked {
		return false
	}
	listed, err := appendJSON(nil, json.RawMessage(c.Arguments))
	if err != nil {
		return false
	}
	said, err := appendJSON(nil, a.Arguments)
	return err == nil && bytes.Equal(listed, said) && (c.Result == nil || *c.Result == a.Result)
}
