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

// shareGPT writes conversations as LLaMA-Factory reads its sharegpt format: turns that say who speaks and what, humans and
// observations in the odd places, the model in the even ones.
type shareGPT struct {
	tools toolText
	row   writer // its buffer serves all rows
	calls []byte // of one message
}

func newShareGPT() shareGPT { return shareGPT{tools: toolText{append: appendToolText}} }

// appendToolText appends definitions as a list in JSON, in a string.
func appendToolText(dst []byte, tools []sdk.ToolDefinition) ([]byte, error) {
	list, err := appendToolList(nil, tools)
	return appendQuoted(dst, list), err
}

// begin begins a row.
func (s *shareGPT) begin() *writer {
	s.row.begin()
	return &s.row
}

// conversation appends the turns.
func (s *shareGPT) conversation(messages []sdk.Message) error {
	w := &s.row
	w.key("conversations")
	w.open('[')
	for i := 0; i < len(messages); i++ {
		switch m := messages[i]; m.Role {
		case sdk.RoleAssistant:
			if i > 0 && messages[i-1].Role == sdk.RoleAssistant {
				return errTwoAnswers
			}
			if err := s.answer(m); err != nil {
				return err
			}
		case sdk.RoleTool:
			i += s.observation(messages[i:]) - 1
		default:
			s.openTurn("human")
			put(w, m.Text)
			s.closeTurn()
		}
	}
	w.close(']')
	return nil
}

// observation appends the results at the beginning of messages, all of one message's calls and in their order, as one turn. A
// user message right after them becomes its last paragraph, because it has no place of its own. It returns how many messages
// the turn holds.
func (s *shareGPT) observation(messages []sdk.Message) (held int) {
	w := &s.row
	s.openTurn("observation")
	held = len(leadingResults(messages))
	for i, result := range messages[:held] {
		if i > 0 {
			put(w, resultsJoint)
		}
		put(w, result.Text)
	}
	for ; held < len(messages) && messages[held].Role == sdk.RoleUser; held++ {
		put(w, "\n\n", messages[held].Text)
	}
	s.closeTurn()
	return held
}

// openTurn appends a turn whose value is put in parts, up to closeTurn.
func (s *shareGPT) openTurn(from string) {
	s.row.open('{')
	s.row.member("from", from)
	s.row.openText("value")
}

func (s *shareGPT) closeTurn() {
	s.row.closeText()
	s.row.close('}')
}

// answer appends a turn of the model's: what it thinks, between the marks of Qwen's templates to the byte, and what it
// says or calls. Calls beside a text stand between marks, calls alone are the whole value.
func (s *shareGPT) answer(m sdk.Message) error {
	if len(m.Calls) > 0 && (strings.Contains(m.Text, "<tool_call>") || strings.Contains(m.Thinking, "<tool_call>")) {
		return errCallMarks
	}
	if err := s.encodeCalls(m.Calls); err != nil {
		return err
	}
	from := "gpt"
	if len(m.Calls) > 0 {
		from = "function_call"
	}
	w := &s.row
	s.openTurn(from)
	if thinks(m) {
		put(w, thoughtHead, strings.Trim(m.Thinking, "\n"), thoughtTail)
	}
	switch beside := strings.TrimSpace(m.Text) != ""; {
	case len(m.Calls) == 0:
		put(w, m.Text)
	case beside:
		put(w, m.Text, "\n<tool_call>")
		put(w, s.calls)
		put(w, "</tool_call>")
	default:
		put(w, s.calls)
	}
	s.closeTurn()
	return nil
}

// thinks reports whether a message has a thought.
func thinks(m sdk.Message) bool { return strings.Trim(m.Thinking, "\n") != "" }

// encodeCalls writes one call as an object, several as a list, into s.calls.
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

// withoutMarks writes the marks that LLaMA-Factory would search for with an escape, which JSON undoes again. In JSON they can
// only stand in strings.
func withoutMarks(text []byte) []byte {
	for _, mark := range []string{"<tool_call>", "</tool_call>", "<think>", "</think>"} {
		if bytes.Contains(text, []byte(mark)) {
			text = bytes.ReplaceAll(text, []byte(mark), []byte(`\u003c`+mark[1:]))
		}
	}
	return text
}

// finish completes a row with the columns system and tools, which every row has.
func (s *shareGPT) finish(e *sdk.Example) ([][]byte, error) {
	w := &s.row
	w.member("system", strings.TrimSpace(e.System))
	tools, err := s.tools.of(e.Toolset)
	if err != nil {
		return nil, err
	}
	if len(tools) == 0 {
		tools = []byte(`""`)
	}
	w.verbatim("tools", tools)
	return w.end()
}
