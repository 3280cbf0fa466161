package formats

import (
	"cmp"
	"context"

	"github.com/ftprep/ftprep/sdk"
)

const swiftDoc = `Rows of messages and tools for ms-swift (swift sft --dataset FILE --agent_template hermes): a call is a tool_call message, a result is a tool_response message, and thinking is in <think> tags before the text. ` +
	`If any of the model's messages are only shown, all of them say "loss": false or true.`

var swiftHolds = sdk.Holds{Tools: true, Results: true, Thinking: true, ParallelCalls: true, Turns: true, Masks: true}

// swift writes rows for ms-swift.
type swift struct {
	tools toolList
	row   writer // its buffer serves all rows
	text  []byte // a buffer that serves the texts of all messages
}

func newSwift(sdk.Setup, struct{}) (sdk.Format, error) {
	return &swift{tools: toolList{text: true}}, nil
}

func (s *swift) Encode(_ context.Context, e *sdk.Example) ([][]byte, error) {
	if err := checkTalk(e.Messages); err != nil {
		return nil, err
	}
	w := &s.row
	w.begin()
	s.tools.append(w, "tools", e.Toolset)
	w.key("messages")
	w.open('[')
	if e.System != "" {
		swiftMessage(w, "system", e.System)
		w.close('}')
	}
	flagged := someMasked(e.Messages)
	for i := range e.Messages {
		m := &e.Messages[i]
		switch {
		case m.Role != sdk.RoleAssistant:
			swiftMessage(w, swiftRole(m.Role), m.Text)
			w.close('}')
		case i > 0 && e.Messages[i-1].Role == sdk.RoleAssistant:
			return nil, sdk.Refuse("messages of the model's follow each other: ms-swift would join them without a separator")
		default:
			s.said(w, m, flagged)
		}
	}
	w.close(']')
	return w.end()
}

func swiftRole(role sdk.Role) string {
	if role == sdk.RoleTool {
		return "tool_response"
	}
	return string(role)
}

// swiftMessage appends a message and leaves it open.
func swiftMessage(w *writer, role, content string) {
	w.open('{')
	w.member("role", role)
	w.member("content", content)
}

// said appends a message of the model's: one for its thoughts and text, then one for each call. ms-swift joins them without
// a separator, so a text before a call ends with a newline. It uses the loss flag of the first of them, unless that is a
// call, whose flag it ignores: a masked call therefore always follows a message of text, even an empty one.
func (s *swift) said(w *writer, m *sdk.Message, flagged bool) {
	s.text = s.text[:0]
	if m.Thinking != "" {
		s.text = append(append(append(s.text, thoughtHead...), m.Thinking...), thoughtTail...)
	}
	s.text = append(s.text, m.Text...)
	if m.Text != "" && len(m.Calls) > 0 {
		s.text = append(s.text, '\n')
	}
	if len(s.text) > 0 || len(m.Calls) == 0 || m.Masked {
		swiftMessage(w, string(sdk.RoleAssistant), string(s.text))
		s.loss(w, m, flagged)
	}
	for i := range m.Calls {
		s.call(w, &m.Calls[i])
		s.loss(w, m, flagged)
	}
}

func (s *swift) loss(w *writer, m *sdk.Message, flagged bool) {
	if flagged {
		w.boolean("loss", !m.Masked)
	}
	w.close('}')
}

// call appends a call and leaves its message open.
func (s *swift) call(w *writer, call *sdk.Call) {
	inner := writer{buf: s.text[:0]}
	inner.open('{')
	inner.member("name", call.FullName())
	inner.raw("arguments", call.Arguments)
	inner.close('}')
	s.text = inner.buf
	w.err = cmp.Or(w.err, inner.err)
	w.open('{')
	w.member("role", "tool_call")
	w.quoted("content", s.text)
}
