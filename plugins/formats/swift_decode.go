package formats

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ftprep/ftprep/sdk"
)

// swiftReader reads the messages of one row.
type swiftReader struct{ *parser }

func (s *swift) Decode(row []byte) (*sdk.Example, []string) {
	r := swiftReader{newParser()}
	top := r.row(row, "tools")
	if top == nil {
		return nil, r.problems
	}
	list := r.list(top["messages"], "messages")
	for i, value := range list {
		r.message(r.object(value, "a message", "loss"), i)
	}
	r.endText()
	r.example.Toolset = r.toolsText(top["tools"])
	return r.example, r.problems
}

func (r swiftReader) message(o object, i int) {
	role, content := r.text(o["role"], "a role"), r.text(o["content"], "content")
	masked := false
	if loss, ok := o["loss"]; ok {
		masked = !r.flag(loss, "loss")
		r.check(masked || role == "assistant" || role == "tool_call", "loss is true on a message that is not the model's")
	}
	if role != "tool_call" {
		r.endText()
	}
	switch role {
	case "system":
		r.check(i == 0, "a system message that is not the first")
		r.example.System = content
	case "user":
		r.add(sdk.Message{Role: sdk.RoleUser, Text: content})
	case "assistant":
		r.check(r.last().Role != sdk.RoleAssistant, "messages of the model's that follow each other: ms-swift joins them without a separator")
		r.add(sdk.Message{Role: sdk.RoleAssistant, Text: content, Masked: masked})
	case "tool_call":
		r.called(content, masked)
	case "tool_response", "tool":
		r.result(content)
	default:
		r.report("a role other than system, user, assistant, tool_call and tool_response")
	}
}

func (r swiftReader) last() *sdk.Message {
	if n := len(r.example.Messages); n > 0 {
		return &r.example.Messages[n-1]
	}
	return &sdk.Message{}
}

// called reads a call, which belongs to the model's message directly before it.
func (r swiftReader) called(content string, masked bool) {
	last := r.last()
	if last.Role != sdk.RoleAssistant {
		r.add(sdk.Message{Role: sdk.RoleAssistant, Masked: masked})
		last = r.last()
	} else if len(last.Calls) == 0 && last.Text != "" {
		r.check(strings.HasSuffix(last.Text, "\n"), "text before a call that does not end with a newline")
		if !strings.HasSuffix(last.Text, thoughtTail) {
			last.Text = strings.TrimSuffix(last.Text, "\n")
		}
	}
	if last.Masked != masked {
		r.report("a call and the text before it differ in loss")
	}
	o := r.object(jsontext.Value(content), "a call")
	call := sdk.Call{Arguments: r.arguments(o["arguments"])}
	call.Server, call.Tool = sdk.SplitName(r.text(o["name"], "the name of a call"))
	r.number(&call)
	last.Calls = append(last.Calls, call)
}

// endText parts the thinking from the text of the model's last message.
func (r swiftReader) endText() {
	last := r.last()
	if last.Role != sdk.RoleAssistant || last.Thinking != "" {
		return
	}
	if rest, ok := strings.CutPrefix(last.Text, thoughtHead); ok {
		thinking, text, ok := strings.Cut(rest, thoughtTail)
		r.check(ok, "thinking that does not end with </think> and an empty line")
		if ok {
			last.Thinking, last.Text = thinking, text
		}
	}
}
