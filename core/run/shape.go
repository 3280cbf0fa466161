package run

import (
	"strings"

	"github.com/ftprep/ftprep/core/plan"
	"github.com/ftprep/ftprep/sdk"
)

// shaper fits examples to an output: what its block asks for, and what its format cannot hold.
type shaper struct {
	output *plan.Output
	holds  sdk.Holds
}

func newShaper(output *plan.Output) *shaper {
	return &shaper{output: output, holds: output.Step.Holds}
}

// idle reports that examples pass as they are, so that they need not be decoded.
func (s *shaper) idle() bool {
	whole := sdk.Holds{Tools: true, Results: true, Thinking: true, ParallelCalls: true, Turns: true, Negatives: true, Masks: true, Details: true}
	return s.output.System == "" && s.holds == whole
}

// shape fits one item, or says why the format cannot hold it.
func (s *shaper) shape(item sdk.Item) (shaped sdk.Item, refused string, err error) {
	if s.idle() {
		return item, "", nil
	}
	example, err := item.Decode()
	if err != nil {
		return item, "", err
	}
	if refused := s.fit(example); refused != "" {
		return item, refused, nil
	}
	shaped, err = sdk.NewItem(example)
	shaped.Toolset = item.Toolset
	return shaped, "", err
}

func (s *shaper) fit(e *sdk.Example) (refused string) {
	if s.output.System != "" {
		e.System = s.output.System
	}
	if s.holds.Details {
		return "" // a format that keeps records as they are
	}
	if e.Negative != nil && !s.holds.Negatives {
		return "it could only be imitated: it shows what not to do"
	}
	if e.Detailed() {
		if e.Messages = e.Conversation(); len(e.Messages) == 0 {
			return "it cannot be told as a conversation: the fix or the cause is missing"
		}
	}
	e.Messages = pairUp(e.Messages)
	if !e.CutUnfinished() {
		return "nothing in it can be trained on"
	}
	return s.narrow(e)
}

// pairUp leaves out what no trainer takes: a call without a result before the last message, a result without its call,
// and a message of which nothing is left; user messages that follow each other become one.
func pairUp(messages []sdk.Message) []sdk.Message {
	answered, called := map[string]bool{}, map[string]bool{}
	for _, m := range messages {
		if m.Role == sdk.Tool {
			answered[m.CallID] = true
		}
	}
	var paired []sdk.Message
	for i, m := range messages {
		if m.Role == sdk.Assistant && i < len(messages)-1 {
			m.Calls = withResult(m.Calls, answered)
		}
		for _, call := range m.Calls {
			called[call.ID] = true
		}
		empty := m.Role != sdk.Tool && len(m.Calls) == 0 && strings.TrimSpace(m.Text) == ""
		if empty || m.Role == sdk.Tool && !called[m.CallID] {
			continue
		}
		if last := len(paired) - 1; last >= 0 && m.Role == sdk.User && paired[last].Role == sdk.User {
			paired[last].Text += "\n\n" + m.Text
			paired[last].Masked = paired[last].Masked && m.Masked
			continue
		}
		paired = append(paired, m)
	}
	return paired
}

func withResult(calls []sdk.Call, answered map[string]bool) []sdk.Call {
	var kept []sdk.Call
	for _, call := range calls {
		if answered[call.ID] {
			kept = append(kept, call)
		}
	}
	return kept
}

// narrow takes out what the format has no place for, or refuses where that would teach something else.
func (s *shaper) narrow(e *sdk.Example) (refused string) {
	users, calls, masked := 0, 0, false
	for i := range e.Messages {
		m := &e.Messages[i]
		if m.Role == sdk.User {
			users++
		}
		calls += len(m.Calls)
		masked = masked || m.Masked && m.Role == sdk.Assistant // the others are never trained on
		if !s.holds.Thinking {
			m.Thinking = ""
		}
	}
	switch {
	case calls > 0 && !s.holds.Tools:
		return "the format holds no tool calls"
	case users > 1 && !s.holds.Turns:
		return "the format holds one user message"
	case masked && !s.holds.Masks:
		return "the format cannot mask what is only shown"
	}
	if !s.holds.ParallelCalls {
		e.Messages = serialise(e.Messages)
	}
	if !s.holds.Results {
		e.Messages = withoutResults(e.Messages)
	}
	return ""
}

// serialise puts each of several calls into a message of its own, followed by its result.
func serialise(messages []sdk.Message) []sdk.Message {
	results := map[string]sdk.Message{}
	for _, m := range messages {
		if m.Role == sdk.Tool {
			results[m.CallID] = m
		}
	}
	var serial []sdk.Message
	for _, m := range messages {
		if m.Role == sdk.Tool {
			continue
		}
		calls := m.Calls
		for i := range max(len(calls), 1) {
			if i > 0 {
				m.Text, m.Thinking = "", ""
			}
			if len(calls) == 0 {
				serial = append(serial, m)
				break
			}
			m.Calls = calls[i : i+1]
			serial = append(serial, m)
			if result, ok := results[calls[i].ID]; ok {
				serial = append(serial, result)
			}
		}
	}
	return serial
}

func withoutResults(messages []sdk.Message) []sdk.Message {
	var kept []sdk.Message
	for _, m := range messages {
		if m.Role != sdk.Tool {
			kept = append(kept, m)
		}
	}
	return kept
}
