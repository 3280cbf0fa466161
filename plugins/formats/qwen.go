package formats

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

// The texts of the chat templates that come with the checkpoints of Qwen2.5 and Qwen3.
const (
	turnStart = "<|im_start|>"
	turnEnd   = "<|im_end|>"

	qwen25System = "You are Qwen, created by Alibaba Cloud. You are a helpful assistant."

	toolsHead = "# Tools\n\nYou may call one or more functions to assist with the user query.\n\n" +
		"You are provided with function signatures within <tools></tools> XML tags:\n<tools>"
	toolsTail = "\n</tools>\n\nFor each function call, return a json object with function name and arguments" +
		" within <tool_call></tool_call> XML tags:\n<tool_call>\n{\"name\": <function-name>, \"arguments\": <args-json-object>}\n</tool_call>"

	resultHead, resultTail = "\n<tool_response>\n", "\n</tool_response>"
	callHead, callTail     = "<tool_call>\n", "\n</tool_call>"
	thoughtHead            = "<think>\n"
	thoughtTail            = "\n</think>\n\n"
)

// qwen writes conversations as the chat templates of Qwen2.5 and Qwen3 do, to the byte.
type qwen struct {
	thinks bool // Qwen3: answers after the last user message have their thoughts; the very last has the tags even without any
	tools  toolText
	text   []byte
	pieces []piece
}

// A piece is a part of a rendered conversation: what the model says and learns, or what it is shown.
type piece struct {
	end     int // in the text; it starts where the one before ends
	trained bool
}

func newQwen(template string) *qwen {
	return &qwen{thinks: template == "qwen3", tools: toolText{append: appendToolLines}}
}

// appendToolLines appends definitions, each on a line of its own.
func appendToolLines(dst []byte, tools []sdk.ToolDefinition) (_ []byte, err error) {
	for _, tool := range tools {
		if dst, err = appendFunction(append(dst, '\n'), tool); err != nil {
			return nil, err
		}
	}
	return dst, nil
}

// render writes a conversation into text and pieces, which the next call overwrites. Each answer of the model's is one
// piece, from after the header of its turn to the token that ends it, so that pieces can be tokenized on their own. The
// newline after the last turn is in no piece, since trainers add it themselves.
func (q *qwen) render(system string, tools *sdk.Toolset, messages []sdk.Message) error {
	q.text, q.pieces = q.text[:0], q.pieces[:0]
	if err := q.system(system, tools); err != nil {
		return err
	}
	query := lastQuery(messages)
	for i, m := range messages {
		switch m.Role {
		case sdk.RoleAssistant:
			q.put(turnStart, "assistant\n")
			q.cut(false)
			if err := q.answer(m, i > query, i == len(messages)-1); err != nil {
				return err
			}
			q.put(turnEnd)
			q.cut(!m.Masked)
			q.put("\n")
		case sdk.RoleTool:
			if i == 0 || messages[i-1].Role != sdk.RoleTool {
				q.put(turnStart, "user")
			}
			q.put(resultHead, m.Text, resultTail)
			if i == len(messages)-1 || messages[i+1].Role != sdk.RoleTool {
				q.put(turnEnd, "\n")
			}
		default:
			q.put(turnStart, string(m.Role), "\n", m.Text, turnEnd, "\n")
		}
	}
	return nil
}

func (q *qwen) put(texts ...string) {
	for _, text := range texts {
		q.text = append(q.text, text...)
	}
}

// cut ends a piece here. If the piece before it agrees in being trained or not, that one grows instead.
func (q *qwen) cut(trained bool) {
	if n := len(q.pieces); n > 0 && q.pieces[n-1].trained == trained {
		q.pieces[n-1].end = len(q.text)
		return
	}
	q.pieces = append(q.pieces, piece{len(q.text), trained})
}

// system writes the system prompt and the tools. Qwen2.5 has a default prompt.
func (q *qwen) system(system string, tools *sdk.Toolset) error {
	lines, err := q.tools.of(tools)
	if err != nil {
		return err
	}
	if system == "" && !q.thinks {
		system = qwen25System
	}
	if system == "" && len(lines) == 0 {
		return nil
	}
	q.put(turnStart, "system\n", system)
	if len(lines) > 0 {
		if system != "" {
			q.put("\n\n")
		}
		q.put(toolsHead)
		q.text = append(q.text, lines...)
		q.put(toolsTail)
	}
	q.put(turnEnd, "\n")
	return nil
}

// lastQuery returns the index of the last user message that is no tool result in disguise, or else of the last message.
func lastQuery(messages []sdk.Message) int {
	for i, m := range slices.Backward(messages) {
		disguised := strings.HasPrefix(m.Text, "<tool_response>") && strings.HasSuffix(m.Text, "</tool_response>")
		if m.Role == sdk.RoleUser && !disguised {
			return i
		}
	}
	return len(messages) - 1
}

var errThought = sdk.Refuse("a text with </think> in it, which Qwen3's template takes for a thought")

// answer writes what the model thinks, says and calls. current says that the message comes after the last query.
func (q *qwen) answer(m sdk.Message, current, last bool) error {
	text := m.Text
	if q.thinks {
		if strings.Contains(text, "</think>") {
			return errThought
		}
		if current && (last || m.Thinking != "") {
			q.put(thoughtHead, strings.Trim(m.Thinking, "\n"), thoughtTail)
			text = strings.TrimLeft(text, "\n")
		}
	}
	q.put(text)
	for i, call := range m.Calls {
		if i > 0 || m.Text != "" {
			q.put("\n")
		}
		q.put(callHead, `{"name": "`, call.FullName(), `", "arguments": `)
		var err error
		if q.text, err = appendDumped(q.text, call.Arguments); err != nil {
			return fmt.Errorf("write the arguments of a call of %q: %w", call.Tool, err)
		}
		q.put("}", callTail)
	}
	return nil
}
