package shape

import (
	"iter"
	"slices"
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

// order brings a conversation into the form that trainers take, or returns why it cannot: the conversation begins with a
// request and ends with words or calls of the model; every call except those at the end is followed by its result;
// successive messages of one role are merged.
func order(e *sdk.Example) (refused string) {
	leadingSystem(e)
	e.Messages = withoutRepeats(e.Messages)
	results := resultsOf(e.Messages)
	for {
		if e.Messages = cutUnfinished(e.Messages); len(e.Messages) == 0 {
			return untrainable
		}
		last := len(e.Messages) - 1
		if !results.anyFailed(e.Messages[last]) {
			break
		}
		e.Messages = e.Messages[:last] // a call that failed must not be the last word
	}
	e.Messages = withoutRejected(tidy(e.Messages, results))
	if e.Messages[0].Role == sdk.RoleAssistant && strings.TrimSpace(e.Context) != "" {
		// The model went on from a summary, which stands for the request.
		e.Messages = append([]sdk.Message{{Role: sdk.RoleUser, Text: e.Context}}, e.Messages...)
		e.Context = ""
	}
	if slices.ContainsFunc(e.Messages, func(m sdk.Message) bool { return m.Role == sdk.RoleSystem }) {
		return systemInside
	}
	if e.Messages[0].Role != sdk.RoleUser {
		return "it begins without a request"
	}
	return ""
}

// systemInside is why an example is refused that has a system message after its prompt.
const systemInside = "a system message inside the conversation"

// cutUnfinished cuts off what follows the last message that can be trained on, since a trainer learns nothing from it.
func cutUnfinished(messages []sdk.Message) []sdk.Message {
	for len(messages) > 0 && !trainable(messages[len(messages)-1]) {
		messages = messages[:len(messages)-1]
	}
	return messages
}

// Prompt gives an example another system prompt, in place of its own.
func Prompt(e *sdk.Example, system string) {
	leadingSystem(e)
	e.System = system
}

// leadingSystem makes a system message at the beginning the example's system prompt. It leaves one that differs from a
// prompt that the example has already.
func leadingSystem(e *sdk.Example) {
	for beginsWithSystem(e) {
		switch text := e.Messages[0].Text; {
		case blank(text) || text == e.System:
		case e.System == "":
			e.System = text
		default:
			return
		}
		e.Messages = e.Messages[1:]
	}
}

func beginsWithSystem(e *sdk.Example) bool {
	return len(e.Messages) > 0 && e.Messages[0].Role == sdk.RoleSystem
}

// withoutRepeats returns the messages without calls that have the id of an earlier call.
func withoutRepeats(messages []sdk.Message) []sdk.Message {
	messages = slices.Clone(messages)
	seen := map[string]bool{}
	for i := range messages {
		m := &messages[i]
		m.Calls = slices.DeleteFunc(slices.Clone(m.Calls), func(call sdk.Call) bool {
			again := seen[call.ID]
			seen[call.ID] = true
			return again
		})
	}
	return messages
}

// withoutRejected removes, in place, what messages were before they were corrected.
func withoutRejected(messages []sdk.Message) []sdk.Message {
	for i := range messages {
		messages[i].Rejected = nil
	}
	return messages
}

// tidier puts messages in order.
type tidier struct {
	results  results
	thought  string // of a message that only thinks, for the next message
	messages []sdk.Message
}

// tidy drops what no trainer takes: calls without a result, unless they are in the last message; results without a call; and
// empty messages. It puts results behind their calls, and merges successive messages of one role, except a masked and an
// unmasked message of the model.
func tidy(messages []sdk.Message, results results) []sdk.Message {
	t := &tidier{results: results}
	for i, m := range messages {
		switch m.Role {
		case sdk.RoleTool: // assistant puts it behind its call
		case sdk.RoleAssistant:
			t.assistant(m, i == len(messages)-1)
		default:
			t.thought = ""
			t.add(m)
		}
	}
	return t.messages
}

// assistant adds a message of the model and the results of its calls. Only the last message keeps calls without a result.
func (t *tidier) assistant(m sdk.Message, last bool) {
	var calls []sdk.Call
	for _, call := range m.Calls {
		if _, answered := t.results[call.ID]; answered || last {
			calls = append(calls, call)
		}
	}
	m.Calls = calls
	m.Thinking = join(t.thought, m.Thinking)
	if !acts(m) {
		t.thought = m.Thinking
		return
	}
	t.thought = ""
	t.add(m)
	if last {
		return
	}
	for _, call := range calls {
		t.messages = append(t.messages, t.results[call.ID])
	}
}

// add appends a message, or merges it into the one before.
func (t *tidier) add(m sdk.Message) {
	if m.Role != sdk.RoleAssistant && strings.TrimSpace(m.Text) == "" {
		return
	}
	if n := len(t.messages); n > 0 {
		if before := &t.messages[n-1]; oneTurn(*before, m) {
			before.Rejected = joinRejected(*before, m)
			before.Text = join(before.Text, m.Text)
			before.Thinking = join(before.Thinking, m.Thinking)
			before.Calls = m.Calls
			before.Masked = before.Masked && m.Masked
			return
		}
	}
	t.messages = append(t.messages, m)
}

// joinRejected merges what two messages that become one were before they were corrected. A message that nobody corrected
// stands for itself. If nobody corrected either, the result is nil.
func joinRejected(a, b sdk.Message) *sdk.Answer {
	if a.Rejected == nil && b.Rejected == nil {
		return nil
	}
	if a.Rejected != nil && len(a.Rejected.Calls) > 0 {
		return a.Rejected // nothing can follow calls
	}
	a, b = rejected(a), rejected(b)
	return &sdk.Answer{Text: join(a.Text, b.Text), Calls: b.Calls}
}

// oneTurn reports whether two successive messages can be merged: words come before calls, and what is trained stays apart
// from what is only shown.
func oneTurn(a, b sdk.Message) bool {
	return a.Role == b.Role && len(a.Calls) == 0 && (a.Role == sdk.RoleUser || a.Masked == b.Masked)
}

// join joins two texts with an empty line between them. If one is blank, it returns the other.
func join(a, b string) string {
	switch {
	case strings.TrimSpace(a) == "":
		return b
	case strings.TrimSpace(b) == "":
		return a
	}
	return a + "\n\n" + b
}

// messagesOf yields all messages of an example, which may be changed. A message that was corrected is followed by what it
// was before, and the rejected message of a pair comes last. Both are yielded with true, as worse messages.
func messagesOf(e *sdk.Example) iter.Seq2[*sdk.Message, bool] {
	return func(yield func(*sdk.Message, bool) bool) {
		for i := range e.Messages {
			m := &e.Messages[i]
			if !yield(m, false) {
				return
			}
			if m.Rejected == nil {
				continue
			}
			was := sdk.Message{Role: m.Role, Text: m.Rejected.Text, Thinking: m.Rejected.Thinking, Calls: m.Rejected.Calls}
			more := yield(&was, true)
			m.Rejected = &sdk.Answer{Text: was.Text, Thinking: was.Thinking, Calls: was.Calls} // with the caller's changes
			if !more {
				return
			}
		}
		if e.Rejected != nil {
			yield(e.Rejected, true)
		}
	}
}
