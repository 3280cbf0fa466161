package formats

import (
	"fmt"
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

// originalBlock writes a conversation in the original's template, which offers no tools.
func originalBlock(e *sdk.Example, results bool) ([]byte, error) {
	turns, err := turns(e.Messages, results)
	if err != nil {
		return nil, err
	}
	var block []byte
	if system := []byte(strings.TrimSpace(e.System)); len(system) > 0 {
		block = appendTurn(block, turn{sdk.RoleSystem, system})
	}
	for _, turn := range turns {
		block = appendTurn(block, turn)
	}
	return block, nil
}

func appendTurn(block []byte, t turn) []byte {
	block = append(block, turnStart...)
	block = append(block, t.role...)
	block = append(block, '\n')
	block = append(block, t.text...)
	return append(block, "\n<|im_end|>\n"...)
}

// A turn is what one role says until another speaks, as text.
type turn struct {
	role sdk.Role
	text []byte
}

// turns renders a conversation: each call is a line <tool_call>tool({"k": "v"})</tool_call> after the text of its
// message. Messages of one role that follow each other make one turn, and one that says nothing makes none. Results are
// turns only on request. It refuses anything but a conversation that ends with the model's words.
func turns(messages []sdk.Message, results bool) ([]turn, error) {
	var turns []turn
	for _, message := range messages {
		if message.Role == sdk.RoleTool && !results || silent(message) {
			continue
		}
		if n := len(turns); n == 0 || turns[n-1].role != message.Role || message.Role == sdk.RoleTool {
			turns = append(turns, turn{role: message.Role})
		}
		last := &turns[len(turns)-1]
		var err error
		if last.text, err = appendMessage(last.text, message); err != nil {
			return nil, err
		}
	}
	return turns, check(turns)
}

// silent reports whether a message says nothing. A result always says something, if only that it is empty.
func silent(m sdk.Message) bool {
	return m.Role != sdk.RoleTool && len(m.Calls) == 0 && strings.TrimSpace(m.Text) == ""
}

func check(turns []turn) error {
	asked := false
	for _, turn := range turns {
		switch turn.role {
		case sdk.RoleUser:
			asked = true
		case sdk.RoleSystem, sdk.RoleAssistant, sdk.RoleTool:
		default:
			return errRole
		}
	}
	switch n := len(turns); {
	case !asked:
		return sdk.Refuse("no user message")
	case turns[n-1].role != sdk.RoleAssistant:
		return errNoAnswer
	}
	return nil
}

// appendMessage appends one message. A result stands between tags, so that an empty one still fills its turn.
func appendMessage(dst []byte, m sdk.Message) ([]byte, error) {
	if m.Role == sdk.RoleTool {
		dst = append(dst, "<tool_response>\n"...)
	} else {
		dst = appendLine(dst)
	}
	dst = append(dst, strings.TrimSpace(m.Text)...)
	if m.Role == sdk.RoleTool {
		return append(dst, "\n</tool_response>"...), nil
	}
	for _, call := range m.Calls {
		var err error
		if dst, err = appendCall(appendLine(dst), call); err != nil {
			return nil, err
		}
	}
	return dst, nil
}

// appendLine starts a new line unless it is at the beginning of one.
func appendLine(dst []byte) []byte {
	if n := len(dst); n == 0 || dst[n-1] == '\n' {
		return dst
	}
	return append(dst, '\n')
}

func appendCall(dst []byte, c sdk.Call) ([]byte, error) {
	dst = append(dst, "<tool_call>"...)
	dst = append(dst, c.FullName()...)
	dst = append(dst, '(')
	dst, err := appendPython(dst, c.Arguments)
	if err != nil {
		return nil, fmt.Errorf("write the arguments of a call of %q: %w", c.Tool, err)
	}
	return append(dst, ")</tool_call>"...), nil
}
