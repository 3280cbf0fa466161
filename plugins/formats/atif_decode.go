package formats

import (
	"slices"
	"strconv"

	"github.com/ftprep/ftprep/sdk"
)

// The keys of ATIF v1.7, in the objects that ftprep looks into.
var (
	atifRootKeys   = []string{"schema_version", "session_id", "trajectory_id", "agent", "steps", "notes", "final_metrics", "continued_trajectory_ref", "subagent_trajectories", "extra"}
	atifAgentKeys  = []string{"name", "version", "model_name", "tool_definitions", "extra"}
	atifStepKeys   = []string{"step_id", "timestamp", "source", "message", "observation", "is_copied_context", "extra"}
	atifActKeys    = []string{"model_name", "reasoning_effort", "reasoning_content", "tool_calls", "metrics", "llm_call_count"}
	atifCallKeys   = []string{"tool_call_id", "function_name", "arguments", "extra"}
	atifResultKeys = []string{"source_call_id", "content", "subagent_trajectory_ref", "extra"}
)

func (a *atif) Decode(row []byte) (*sdk.Example, []string) {
	r := &rowReader{}
	top := r.row(row)
	if top == nil {
		return nil, r.problems
	}
	r.reportUnknown(top, "ATIF", atifRootKeys...)
	r.check(r.text(top["schema_version"], "schema_version") == atifVersion, "schema_version is not "+atifVersion)
	e := &sdk.Example{ID: r.optional(top["trajectory_id"], "trajectory_id")}
	e.Provenance.Session = r.optional(top["session_id"], "session_id")
	agent := r.object(top["agent"], "agent")
	r.reportUnknown(agent, "ATIF", atifAgentKeys...)
	e.Source = r.text(agent["name"], "the agent's name")
	e.Provenance.ProducerVersion = r.text(agent["version"], "the agent's version")
	e.Provenance.Model = r.optional(agent["model_name"], "the agent's model_name")
	if tools, ok := agent["tool_definitions"]; ok {
		e.Toolset = r.tools(tools)
	}
	steps := r.list(top["steps"], "steps")
	r.check(len(steps) > 0, "no steps")
	for i, value := range steps {
		step := r.object(value, "a step")
		r.check(string(step["step_id"]) == strconv.Itoa(i+1), "step_id does not count up from 1 without gaps")
		atifStep(r, step, e)
	}
	return e, r.problems
}

func atifStep(r *rowReader, step object, e *sdk.Example) {
	source, text := r.text(step["source"], "a step's source"), r.text(step["message"], "a step's message")
	if source == "agent" {
		r.reportUnknown(step, "ATIF", append(atifActKeys, atifStepKeys...)...)
		atifAct(r, step, text, e)
		return
	}
	for _, key := range atifActKeys {
		r.check(step[key] == nil, "a step that is not the agent's has "+key)
	}
	r.reportUnknown(step, "ATIF", append(atifActKeys, atifStepKeys...)...)
	switch {
	case source == "user":
		e.Messages = append(e.Messages, sdk.Message{Role: sdk.RoleUser, Text: text})
	case source == "system" && len(e.Messages) == 0 && e.System == "":
		e.System = text
	case source == "system":
		e.Messages = append(e.Messages, sdk.Message{Role: sdk.RoleSystem, Text: text})
	default:
		r.report("a step's source other than system, user and agent")
	}
}

func atifAct(r *rowReader, step object, text string, e *sdk.Example) {
	m := sdk.Message{Role: sdk.RoleAssistant, Text: text, Thinking: r.optional(step["reasoning_content"], "reasoning_content")}
	if copied, ok := step["is_copied_context"]; ok {
		m.Masked = r.flag(copied, "is_copied_context")
	}
	if calls, ok := step["tool_calls"]; ok {
		for _, value := range r.list(calls, "tool_calls") {
			m.Calls = append(m.Calls, atifCall(r, r.object(value, "a call")))
		}
	}
	e.Messages = append(e.Messages, m)
	if step["observation"] == nil {
		return
	}
	var failed []string
	if step["extra"] != nil {
		if list, ok := r.object(step["extra"], "extra")["failed_calls"]; ok {
			for _, id := range r.list(list, "failed_calls") {
				failed = append(failed, r.text(id, "a failed call"))
			}
		}
	}
	for _, value := range r.list(r.object(step["observation"], "observation")["results"], "results") {
		o := r.object(value, "a result")
		r.reportUnknown(o, "ATIF", atifResultKeys...)
		result := sdk.Message{Role: sdk.RoleTool, CallID: r.text(o["source_call_id"], "source_call_id"), Text: r.optional(o["content"], "a result's content")}
		result.IsError = slices.Contains(failed, result.CallID)
		r.check(answersTo(m.Calls, []sdk.Message{result}), "source_call_id names no call of its step")
		e.Messages = append(e.Messages, result)
	}
}

func atifCall(r *rowReader, o object) sdk.Call {
	r.reportUnknown(o, "ATIF", atifCallKeys...)
	call := sdk.Call{ID: r.text(o["tool_call_id"], "tool_call_id"), Arguments: r.arguments(o["arguments"])}
	call.Server, call.Tool = sdk.SplitName(r.text(o["function_name"], "function_name"))
	return call
}
