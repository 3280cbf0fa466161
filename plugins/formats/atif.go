package formats

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/ftprep/ftprep/sdk"
)

const atifDoc = `Trajectories in ATIF v1.7 (Harbor RFC 0001, also the format of the Agent Data Protocol), one JSON object a line: steps of system, user and agent, with calls, results and reasoning. ` +
	`Steps that are only shown are marked is_copied_context, which exporters leave untrained; failed calls are listed in the extra of their step.`

const atifVersion = "ATIF-v1.7"

var atifHolds = sdk.Holds{Tools: true, Results: true, Thinking: true, ParallelCalls: true, Turns: true, Masks: true}

// atif writes trajectories. The specification allows no keys but its own, except in extra.
type atif struct {
	tools toolList
	row   writer // its buffer serves all rows
}

func newAtif(setup sdk.Setup, _ struct{}) (sdk.Format, error) { return &atif{}, noTable(setup) }

func (a *atif) Encode(_ context.Context, e *sdk.Example) ([][]byte, error) {
	if err := checkTalk(e.Messages); err != nil {
		return nil, err
	}
	w := &a.row
	w.begin()
	w.member("schema_version", atifVersion)
	w.filled("session_id", e.Provenance.Session)
	w.filled("trajectory_id", e.ID)
	a.agent(w, e)
	if err := atifSteps(w, e); err != nil {
		return nil, err
	}
	atifExtra(w, e)
	return w.end()
}

// atifSteps appends a step for the system prompt and for each message; results stand in the step whose calls they answer.
func atifSteps(w *writer, e *sdk.Example) error {
	w.key("steps")
	w.open('[')
	number := 0
	begin := func(source, message string) {
		number++
		w.open('{')
		w.integer("step_id", number)
		w.member("source", source)
		w.member("message", message)
	}
	if e.System != "" {
		begin("system", e.System)
		w.close('}')
	}
	for i := 0; i < len(e.Messages); i++ {
		m := &e.Messages[i]
		results := leadingResults(e.Messages[i+1:])
		begin(atifSource(m.Role), m.Text)
		switch {
		case m.Role == sdk.RoleTool, !answersTo(m.Calls, results):
			return sdk.Refuse("a result that answers no call of the message before it")
		case m.Role == sdk.RoleAssistant:
			atifActed(w, m, results)
		}
		w.close('}')
		i += len(results)
	}
	w.close(']')
	return nil
}

// leadingResults returns the results at the beginning of messages.
func leadingResults(messages []sdk.Message) []sdk.Message {
	n := 0
	for n < len(messages) && messages[n].Role == sdk.RoleTool {
		n++
	}
	return messages[:n]
}

func answersTo(calls []sdk.Call, results []sdk.Message) bool {
	return !slices.ContainsFunc(results, func(result sdk.Message) bool {
		return !slices.ContainsFunc(calls, func(call sdk.Call) bool { return call.ID == result.CallID })
	})
}

func atifSource(role sdk.Role) string {
	if role == sdk.RoleAssistant {
		return "agent"
	}
	return string(role)
}

// agent appends who acted; name and version are required.
func (a *atif) agent(w *writer, e *sdk.Example) {
	const unknown = "unknown"
	w.key("agent")
	w.open('{')
	w.member("name", cmp.Or(e.Source, unknown))
	w.member("version", cmp.Or(e.Provenance.ProducerVersion, unknown))
	w.filled("model_name", e.Provenance.Model)
	a.tools.append(w, "tool_definitions", e.Toolset)
	w.close('}')
}

// atifActed appends what only an agent's step has: its reasoning, its calls and their results.
func atifActed(w *writer, m *sdk.Message, results []sdk.Message) {
	w.filled("reasoning_content", m.Thinking)
	objects(w, "tool_calls", m.Calls, func(c sdk.Call) {
		w.member("tool_call_id", c.ID)
		w.member("function_name", c.FullName())
		w.raw("arguments", c.Arguments)
	})
	var failed []string
	if len(results) > 0 {
		w.key("observation")
		w.open('{')
		objects(w, "results", results, func(r sdk.Message) {
			w.member("source_call_id", r.CallID)
			w.member("content", r.Text)
			if r.IsError {
				failed = append(failed, r.CallID)
			}
		})
		w.close('}')
	}
	w.flag("is_copied_context", m.Masked)
	if len(failed) > 0 {
		w.key("extra")
		w.open('{')
		w.texts("failed_calls", failed)
		w.close('}')
	}
}

// atifExtra appends what else ftprep knows of the example.
func atifExtra(w *writer, e *sdk.Example) {
	w.key("extra")
	w.open('{')
	w.filled("source_file", e.SourceFile)
	w.member("example_type", string(e.Type))
	w.filled("task_type", e.TaskType)
	if !e.Provenance.Time.IsZero() {
		w.member("time", e.Provenance.Time.UTC().Format(time.RFC3339Nano))
	}
	w.texts("tags", e.Tags)
	w.texts("labels", e.Labels)
	w.close('}')
}
