package shape

import "github.com/ftprep/ftprep/sdk"

// narrow removes what the format has no place for, or refuses the example if the rest would teach something else.
func (s *Shaper) narrow(e *sdk.Example) (refused string) {
	if s.holds.Details {
		return ""
	}
	users, calls, masked := 0, 0, false
	for i := range e.Messages {
		m := &e.Messages[i]
		if m.Role == sdk.RoleUser {
			users++
		}
		calls += len(m.Calls)
		masked = masked || m.Masked && m.Role == sdk.RoleAssistant // other roles are never trained on
	}
	// If one message of a row counts, nothing else is trained on, and masks do not matter.
	single := s.holds.LastOnly || s.holds.Preferences || s.holds.Judgements
	switch {
	case calls > 0 && !s.holds.Tools:
		return "the format holds no tool calls"
	case users > 1 && !s.holds.Turns:
		return "the format holds one user message"
	case masked && !s.holds.Masks && !single:
		return "the format cannot mask what is only shown"
	case e.Rejected != nil && len(e.Rejected.Calls) > 1 && !s.holds.ParallelCalls:
		return "the format holds one call a message"
	}
	if !s.holds.ParallelCalls {
		e.Messages = serialise(e.Messages)
	}
	if !s.holds.Results {
		e.Messages = withoutResults(e.Messages)
	}
	return ""
}

func withoutResults(messages []sdk.Message) []sdk.Message {
	var t tidier
	for _, m := range messages {
		if m.Role != sdk.RoleTool {
			t.add(m)
		}
	}
	return t.messages
}

// serialise puts each of several calls into a message of its own, followed by its result. Of calls without a result, which
// end the conversation, only the first can stay.
func serialise(messages []sdk.Message) []sdk.Message {
	results := resultsOf(messages)
	var serial []sdk.Message
	for _, m := range messages {
		if m.Role == sdk.RoleTool {
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
			result, ok := results[calls[i].ID]
			if !ok {
				break
			}
			serial = append(serial, result)
		}
	}
	return serial
}
