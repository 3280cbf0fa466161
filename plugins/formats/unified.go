package formats

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/ftprep/ftprep/sdk"
)

var unifiedHolds = sdk.Holds{
	Tools: true, Results: true, Thinking: true, ParallelCalls: true, Turns: true, Negatives: true, Masks: true, Details: true, Context: true,
}

type unifiedOptions struct {
	Definitions bool `option:"tool_definitions" doc:"Writes tools with description and schema, not just the names of those that were called. These are the tools that the log says the model could call; without such a list, the tools that the pipeline declares, and any others that were called, with a schema learned from the calls."`
}

// unified writes everything that an example holds. The keys have a fixed order; what is empty is left out, but for the
// first six and a conversation's calls and last words, which are always there so that any reader can rely on them. A
// message has a weight only if it is 0, and a call a result only if it was answered.
type unified struct {
	definitions bool
	declared    *sdk.Toolset                  // by the pipeline
	complete    *sdk.Toolset                  // those, and others that examples call
	known       map[string]sdk.ToolDefinition // those of complete that were looked up, by full name
	row         writer                        // its buffer serves all rows
	written     writtenSpans
}

// writtenSpans says where in the row the calls and results of the messages stand. They are half of a row, and tool_calls,
// which repeats them, copies the bytes.
type writtenSpans struct {
	calls   []span          // the members of each call, in order
	results map[string]span // the texts of results, by the ids of their calls
}

// A span is a part of a row.
type span struct {
	from, to int
	text     string // what a result says
}

func newUnified(setup sdk.Setup, o unifiedOptions) (sdk.Format, error) {
	return &unified{definitions: o.Definitions, declared: setup.Tools, known: map[string]sdk.ToolDefinition{}}, noTable(setup)
}

func (u *unified) Begin(_ context.Context, dataset sdk.Dataset) error {
	u.complete, u.known = dataset.Tools, map[string]sdk.ToolDefinition{}
	return nil
}

func (u *unified) Encode(_ context.Context, e *sdk.Example) ([][]byte, error) {
	w := &u.row
	w.begin()
	u.written = writtenSpans{calls: u.written.calls[:0], results: map[string]span{}}
	w.member("id", e.ID)
	w.member("source", e.Source)
	w.member("source_file", e.SourceFile)
	w.member("example_type", string(e.Type))
	w.member("task_type", e.TaskType)
	w.member("user_message", e.UserMessage())
	w.filled("system", e.System)
	w.filled("context", e.Context)
	w.raw("game_state", e.GameState)
	objects(w, "messages", e.Messages, u.message)
	if e.Detailed() {
		w.detail(e)
	} else {
		u.flatCalls(e)
	}
	w.texts("tags", e.Tags)
	w.texts("labels", e.Labels)
	objects(w, "signals", e.Signals, w.signal)
	if e.Quality != nil {
		w.number("quality_score", *e.Quality)
	}
	w.filled("split", e.Split)
	if u.definitions {
		objects(w, "tools", u.tools(e), w.definition)
	} else {
		w.texts("tools", called(e.Messages))
	}
	w.provenance(e)
	return w.end()
}

// tools returns the tools that the model could call, as far as they are known.
func (u *unified) tools(e *sdk.Example) []sdk.ToolDefinition {
	if e.Toolset != nil {
		return e.Toolset.Tools
	}
	var tools []sdk.ToolDefinition
	if u.declared != nil {
		tools = slices.Clone(u.declared.Tools)
	}
	for _, name := range called(e.Messages) {
		if _, declared := u.declared.Definition(name); !declared {
			tools = append(tools, u.definition(name))
		}
	}
	return tools
}

// definition looks up a tool that is called.
func (u *unified) definition(name string) sdk.ToolDefinition {
	definition, ok := u.known[name]
	if !ok {
		if definition, ok = u.complete.Definition(name); !ok {
			definition.Server, definition.Name = sdk.SplitName(name)
		}
		u.known[name] = definition
	}
	return definition
}

func (u *unified) message(m sdk.Message) {
	w := &u.row
	w.member("role", string(m.Role))
	w.key("content")
	text := span{from: len(w.buf), text: m.Text}
	w.text(m.Text)
	if text.to = len(w.buf); m.Role == sdk.RoleTool {
		u.written.results[m.CallID] = text
	}
	w.filled("thinking", m.Thinking)
	objects(w, "tool_calls", m.Calls, u.call)
	w.filled("tool_call_id", m.CallID)
	w.flag("is_error", m.IsError)
	if m.Masked {
		w.integer("weight", 0)
	}
	if a := m.Rejected; a != nil {
		w.key("rejected")
		w.open('{')
		w.filled("content", a.Text)
		w.filled("thinking", a.Thinking)
		objects(w, "tool_calls", a.Calls, w.call)
		w.close('}')
	}
}

func (u *unified) call(c sdk.Call) {
	members := span{from: len(u.row.buf)}
	u.row.call(c)
	members.to = len(u.row.buf)
	u.written.calls = append(u.written.calls, members)
}

func (w *writer) call(c sdk.Call) {
	w.member("id", c.ID)
	w.filled("server", c.Server)
	w.member("tool", c.Tool)
	w.filled("phase", string(c.Phase))
	w.raw("arguments", c.Arguments)
}

// flatCalls appends a list of all calls of a conversation, each with its result, and the model's last words, for readers
// that do not look into messages.
func (u *unified) flatCalls(e *sdk.Example) {
	w := &u.row
	w.key("tool_calls")
	w.open('[')
	for i, c := range e.Calls() {
		w.open('{')
		w.again(u.written.calls[i])
		u.result(c)
		w.close('}')
	}
	w.close(']')
	w.member("response_text", e.ResponseText())
}

func (u *unified) result(c sdk.AnsweredCall) {
	w := &u.row
	if c.Answered {
		w.key("result")
		if text := u.written.results[c.ID]; text.text == c.Result {
			w.again(text)
		} else { // the call has two
			w.text(c.Result)
		}
	}
	w.flag("is_error", c.IsError)
	if c.Masked {
		w.integer("weight", 0)
	}
}

// again appends a part of the row once more.
func (w *writer) again(s span) { w.buf = append(w.buf, w.buf[s.from:s.to]...) }

// detail appends the parts of a chain, a correction or an anti-pattern; the example's type tells them apart. The solution
// of a chain is its response_text.
func (w *writer) detail(e *sdk.Example) {
	switch {
	case e.Chain != nil:
		w.filled("response_text", e.Chain.Solution)
		w.filled("problem", e.Chain.Problem)
		w.filled("root_cause", e.Chain.RootCause)
		w.filled("reasoning", e.Chain.Reasoning)
	case e.Correction != nil:
		w.filled("reasoning", reasons(e.Correction))
		w.filled("bad_code", e.Correction.BadCode)
		w.filled("good_code", e.Correction.GoodCode)
	case e.Negative != nil:
		w.filled("problem", e.Negative.Pattern)
		w.filled("reasoning", e.Negative.Reason)
	}
}

func reasons(c *sdk.CodeCorrection) string {
	if c.BadReason == "" || c.GoodReason == "" {
		return c.BadReason + c.GoodReason
	}
	return c.BadReason + "\n\n" + c.GoodReason
}

func (w *writer) signal(s sdk.Signal) {
	w.member("name", s.Name)
	w.number("score", s.Score)
	w.filled("evidence", s.Evidence)
}

func (w *writer) definition(t sdk.ToolDefinition) {
	w.filled("server", t.Server)
	w.member("name", t.Name)
	w.filled("description", t.Description)
	w.raw("parameters", t.Parameters())
}

// provenance appends where the example comes from, and what else the source unified needs to restore it: the identity by
// which copies are known, and the language of a correction's code. The identity's calls are left out if they are just those
// that are answered in the messages.
func (w *writer) provenance(e *sdk.Example) {
	p := &e.Provenance
	w.key("provenance")
	w.open('{')
	w.filled("plugin", p.Plugin)
	w.filled("plugin_version", p.PluginVersion)
	w.filled("unit", p.Unit)
	w.filled("file", p.File)
	if p.FirstLine > 0 {
		w.integer("first_line", p.FirstLine)
		w.integer("last_line", p.LastLine)
	}
	w.filled("session", p.Session)
	w.texts("record_ids", p.RecordIDs)
	if !p.Time.IsZero() {
		w.member("time", p.Time.UTC().Format(time.RFC3339Nano))
	}
	w.filled("producer_version", p.ProducerVersion)
	w.filled("model", p.Model)
	w.filled("parent", p.Parent)
	if w.filled("opening", e.Identity.Opening); e.Identity.Opening != "" && !slices.Equal(e.Identity.Calls, e.Answered()) {
		w.list("calls", e.Identity.Calls)
	}
	w.filled("alias", e.Identity.Alias)
	w.filled("conversation", e.Identity.Conversation)
	if e.Correction != nil {
		w.filled("language", e.Correction.Language)
	}
	w.integer("records", p.Records)
	if len(p.Removed) > 0 {
		w.key("removed")
		w.open('{')
		for _, kind := range slices.Sorted(maps.Keys(p.Removed)) {
			w.integer(kind, p.Removed[kind])
		}
		w.close('}')
	}
	w.close('}')
}

// called lists the names of the tools that messages call, in order of first use.
func called(messages []sdk.Message) []string {
	var names []string
	for _, m := range messages {
		for _, call := range m.Calls {
			if name := call.FullName(); !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}
