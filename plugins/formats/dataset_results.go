package formats

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

// result reads the answer to a call. LLaMA-Factory has the answers to parallel calls in one turn.
func (r *datasetReader) result(o object, text string, shared bool) {
	id, name := r.optional(o.take("tool_call_id"), "the tool_call_id of a result"), r.optional(o.take("name"), "the name of a result")
	m := sdk.Message{Role: sdk.RoleTool, Text: text}
	if value := o.take("is_error"); value != nil {
		m.IsError = r.flag(value, "is_error")
	}
	r.shown(o)
	texts := []string{text}
	if parts := strings.Split(text, resultsJoint); shared && len(parts) == r.waiting {
		texts = parts
	}
	for _, text := range texts {
		m.Text = text
		r.respond(m, id, name)
	}
}

// respond appends a result and finds the call that it answers.
func (r *datasetReader) respond(m sdk.Message, id, name string) {
	var known bool
	switch m.CallID, known = r.match(id, name); {
	case len(r.problems) > 0: // one problem is enough, and telling which takes time
	case !known && r.wroteCall():
		r.report("a result of a call that is written in tags in the model's text, where calls are not read; write calls in tool_calls, or in a turn from function_call")
	case !known:
		r.report("a result that no earlier call waits for" + quoted(", with the id ", id) + quoted(", with the name ", name))
	case r.done[m.CallID]:
		r.report("a second result for the call" + quoted(" ", id))
	default:
		r.waiting--
	}
	r.done[m.CallID] = true
	r.example.Messages = append(r.example.Messages, m)
}

// writtenCall matches the beginning of a call that is a part of the model's text, as Hermes and others have it.
var writtenCall = regexp.MustCompile(`<(tool_call|function_?call)>`)

// wroteCall reports whether the model's last message holds a call in its text.
func (r *datasetReader) wroteCall() bool {
	for _, m := range slices.Backward(r.example.Messages) {
		if m.Role == sdk.RoleAssistant {
			return writtenCall.MatchString(m.Text)
		}
	}
	return false
}

// unanswered reports calls without a result. Only the model's last message may have such calls, because outputs keep them
// nowhere else, and only if no result that went to an earlier message may be theirs.
func (r *datasetReader) unanswered() {
	messages := r.example.Messages
	for len(messages) > 0 && messages[len(messages)-1].Role != sdk.RoleAssistant {
		messages = messages[:len(messages)-1]
	}
	number := 0
	for i, m := range messages {
		last := i == len(messages)-1
		for _, call := range m.Calls {
			number++
			switch {
			case r.done[call.ID]:
			case !last:
				r.noResult(number, call, "but is not in the model's last message")
			case i <= r.ambiguous:
				r.noResult(number, call, "or its result was taken for an earlier call's")
			}
		}
	}
}

func (r *datasetReader) noResult(number int, call sdk.Call, why string) {
	r.report(fmt.Sprintf("call %d of the row%s%s: it has no result, %s", number, quoted(", id ", call.ID), quoted(", tool ", call.FullName()), why))
}
