package formats

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

// resultsJoint stands between the results of parallel calls in one observation: what Qwen's templates write between two.
const resultsJoint = resultTail + resultHead

var (
	errTwoAnswers = sdk.Refuse("two messages of the model's with nothing between them")
	errCallMarks  = sdk.Refuse("a text beside a call that would be read as a call")
)

// shareGPT writes conversations as LLaMA-Factory reads its sharegpt format: turns of who speaks and what, humans and
// observations in the odd places, the model in the even ones.
type shareGPT struct {
	tools  toolText
	buffer []byte // of rows
	calls  []byte // of one message
}

func newShareGPT() shareGPT { return shareGPT{tools: toolText{append: appendToolText}} }

// appendToolText appends definitions as a list in JSON, in a string.
func appendToolText(dst []byte, tools []sdk.ToolDefinition) ([]byte, error) {
	list, err := appendToolList(nil, tools)
	return appendQuoted(dst, list), err
}

// conversation appends a list of turns. The results of a message's calls are one observation, in the order of the calls;
// a user message right behind them is its last paragraph, for it has no place of its own.
func (s *shareGPT) conversation(row []byte, messages []sdk.Message) (_ []byte, err error) {
	row = append(row, '[')
	for i := 0; i < len(messages); i++ {
		if i > 0 {
			row = append(row, ',')
		}
		switch m := messages[i]; m.Role {
		case sdk.Assistant:
			if i > 0 && messages[i-1].Role == sdk.Assistant {
				return nil, errTwoAnswers
			}
			if row, err = s.answer(row, m); err != nil {
				return nil, err
			}
		case sdk.Tool:
			row = append(row, `{"from":"observation","value":"`...)
			row = appendEscaped(row, m.Text)
			for ; i+1 < len(messages) && messages[i+1].Role == sdk.Tool; i++ {
				row = appendEscaped(row, resultsJoint)
				row = appendEscaped(row, messages[i+1].Text)
			}
			for ; i+1 < len(messages) && messages[i+1].Role == sdk.User; i++ {
				row = appendEscaped(row, "\n\n")
				row = appendEscaped(row, messages[i+1].Text)
			}
			row = append(row, `"}`...)
		default:
			row = append(row, `{"from":"human","value":`...)
			row = append(appendQuoted(row, m.Text), '}')
		}
	}
	return append(row, ']'), nil
}

// answer appends a turn of the model's: what it thinks, between the marks of Qwen's templates to the byte, and what it
// says or calls. Calls beside a text stand between marks, calls alone are the whole value.
func (s *shareGPT) answer(row []byte, m sdk.Message) ([]byte, error) {
	from, beside := "gpt", strings.TrimSpace(m.Text) != ""
	if len(m.Calls) > 0 {
		from = "function_call"
		if strings.Contains(m.Text, "<tool_call>") || strings.Contains(m.Thinking, "<tool_call>") {
			return nil, errCallMarks
		}
	}
	row = append(row, `{"from":"`...)
	row = append(row, from...)
	row = append(row, `","value":"`...)
	if thinks(m) {
		row = appendEscaped(row, thoughtHead)
		row = appendEscaped(row, strings.Trim(m.Thinking, "\n"))
		row = appendEscaped(row, thoughtTail)
	}
	if beside || len(m.Calls) == 0 {
		row = appendEscaped(row, m.Text)
	}
	if len(m.Calls) > 0 {
		if beside {
			row = appendEscaped(row, "\n<tool_call>")
		}
		if err := s.encodeCalls(m.Calls); err != nil {
			return nil, err
		}
		row = appendEscaped(row, s.calls)
		if beside {
			row = append(row, "</tool_call>"...)
		}
	}
	return append(row, `"}`...), nil
}

// thinks reports whether a message has a thought.
func thinks(m sdk.Message) bool { return strings.Trim(m.Thinking, "\n") != "" }

// encodeCalls writes one call as an object, several as a list.
func (s *shareGPT) encodeCalls(calls []sdk.Call) (err error) {
	text := s.calls[:0]
	for i, call := range calls {
		if i > 0 {
			text = append(text, ", "...)
		} else if len(calls) > 1 {
			text = append(text, '[')
		}
		text = append(text, `{"name": `...)
		text = appendQuoted(text, call.FullName())
		text = append(text, `, "arguments": `...)
		if text, err = appendDumped(text, call.Arguments); err != nil {
			return fmt.Errorf("write the arguments of a call of %q: %w", call.Tool, err)
		}
		text = append(text, '}')
	}
	if len(calls) > 1 {
		text = append(text, ']')
	}
	s.calls = withoutMarks(text)
	return nil
}

// withoutMarks writes what LLaMA-Factory would search for with an escape that JSON undoes again; such text can only
// stand in strings.
func withoutMarks(text []byte) []byte {
	for _, mark := range []string{"<tool_call>", "</tool_call>", "<think>", "</think>"} {
		if bytes.Contains(text, []byte(mark)) {
			text = bytes.ReplaceAll(text, []byte(mark), []byte(`\u003c`+mark[1:]))
		}
	}
	return text
}

// finish appends the columns system and tools, which every row has, and gives a copy of the row out of the buffer.
func (s *shareGPT) finish(row []byte, e *sdk.Example) ([]byte, error) {
	row = append(row, `,"system":`...)
	row = appendQuoted(row, strings.TrimSpace(e.System))
	tools, err := s.tools.of(e.Toolset)
	if err != nil {
		return nil, err
	}
	if len(tools) == 0 {
		tools = []byte(`""`)
	}
	row = append(row, `,"tools":`...)
	row = append(row, tools...)
	s.buffer = append(row, '}')
	return bytes.Clone(s.buffer), nil
}
