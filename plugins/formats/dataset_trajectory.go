package formats

import (
	"strconv"
	"time"

	"github.com/ftprep/ftprep/sdk"
)

// trajectory reads a row of ATIF: steps of an agent, each with its calls and their results.
func (r *datasetReader) trajectory(o object) {
	o.take("schema_version")
	p := &r.example.Provenance
	p.Session = r.optional(o.take("session_id"), "session_id")
	if id := r.optional(o.take("trajectory_id"), "trajectory_id"); id != "" {
		p.RecordIDs = []string{id}
	}
	if value := o.take("agent"); value != nil {
		r.agent(r.object(value, "agent"))
	}
	for i, value := range r.list(o.take("steps"), "steps") {
		r.within("/steps/"+strconv.Itoa(i), func() {
			step := r.object(value, "a step")
			r.step(step)
			r.rest(step, "a step")
		})
	}
}

func (r *datasetReader) agent(o object) {
	r.example.Source = r.text(o.take("name"), "the agent's name")
	r.example.Provenance.ProducerVersion = r.optional(o.take("version"), "the agent's version")
	r.example.Provenance.Model = r.optional(o.take("model_name"), "the agent's model_name")
	if tools := o.take("tool_definitions"); tools != nil {
		r.offer(tools)
	}
	r.rest(o, "the agent")
}

func (r *datasetReader) step(o object) {
	o.take("step_id")
	r.began(r.optional(o.take("timestamp"), "the timestamp of a step"))
	switch source := r.text(o.take("source"), "the source of a step"); source {
	case "system":
		r.system(r.content(o, "message", true))
	case "user":
		r.asked(r.content(o, "message", true))
	case "agent":
		r.acted(o)
	default:
		r.report("a step's source other than system, user and agent")
	}
}

// began keeps the time of the first step that has one.
func (r *datasetReader) began(timestamp string) {
	if at, err := time.Parse(time.RFC3339Nano, timestamp); err == nil && r.example.Provenance.Time.IsZero() {
		r.example.Provenance.Time = at.UTC()
	}
}

func (r *datasetReader) acted(o object) {
	m := sdk.Message{Role: sdk.RoleAssistant, Text: r.content(o, "message", false), Thinking: r.optional(o.take("reasoning_content"), "reasoning_content")}
	if copied := o.take("is_copied_context"); copied != nil {
		m.Masked = r.flag(copied, "is_copied_context")
	}
	for _, value := range r.listed(o.take("tool_calls"), "tool_calls") {
		call := r.object(value, "a call")
		c := sdk.Call{ID: r.text(call.take("tool_call_id"), "tool_call_id"), Arguments: r.given(call.take("arguments"))}
		c.Server, c.Tool = sdk.SplitName(r.text(call.take("function_name"), "function_name"))
		r.rest(call, "a call")
		m.Calls = append(m.Calls, c)
	}
	r.add(m)
	if value := o.take("observation"); value != nil {
		observation := r.object(value, "observation")
		failed := r.failed(o)
		for _, value := range r.listed(observation.take("results"), "results") {
			result := r.object(value, "a result")
			id := r.optional(result.take("source_call_id"), "source_call_id")
			r.check(id != "" || len(m.Calls) > 0, "a result without source_call_id in a step without calls")
			text := r.content(result, "content", false)
			r.respond(sdk.Message{Role: sdk.RoleTool, Text: text, IsError: failed[id]}, id, "")
			r.rest(result, "a result")
		}
		r.rest(observation, "an observation")
	}
}

// failed returns the ids of a step's calls that failed. ftprep notes them in the step's extra.
func (r *datasetReader) failed(step object) map[string]bool {
	failed := map[string]bool{}
	if step["extra"].Kind() != '{' {
		return failed
	}
	extra := r.object(step["extra"], "extra")
	for _, id := range r.listed(extra.take("failed_calls"), "failed_calls") {
		failed[r.text(id, "a failed call")] = true
	}
	if len(extra) == 0 {
		step.take("extra")
	}
	return failed
}
