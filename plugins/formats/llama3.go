package formats

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"unicode"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ftprep/ftprep/sdk"
)

// The texts of the chat template that comes with the checkpoints of Llama 3.1.
const (
	llamaStart, llamaRole, llamaEnd = "<|start_header_id|>", "<|end_header_id|>\n\n", "<|eot_id|>"

	llamaDates    = "Cutting Knowledge Date: December 2023\nToday Date: 26 Jul 2024\n\n"
	llamaIpython  = "Environment: ipython\n"
	llamaToolHead = "Given the following functions, please respond with a JSON for a function call with its proper arguments" +
		" that best answers the given prompt.\n\nRespond in the format {\"name\": function name, \"parameters\":" +
		" dictionary of argument name and its value}.Do not use variables.\n\n"
)

// llama3Holds has no parallel calls: the template takes one call a message.
var llama3Holds = sdk.Holds{Tools: true, Results: true, Turns: true}

type llama3Options struct {
	DropText bool `option:"drop_text" doc:"Leaves out text beside a call, as the model's own template does. Without it, an example with such text is refused."`
}

// llama3 writes rows with a conversation as the chat template of Llama 3.1 writes it, to the byte, but for the token at
// the very beginning, which tokenizers add themselves.
type llama3 struct {
	dropText bool
	tools    toolText
	text     []byte
	row      writer // its buffer serves all rows
}

func newLlama3(_ sdk.Setup, o llama3Options) (sdk.Format, error) {
	return &llama3{dropText: o.DropText, tools: toolText{append: appendIndentedTools}}, nil
}

// appendIndentedTools appends definitions, indented as Python does it, with an empty line after each.
func appendIndentedTools(dst []byte, tools []sdk.ToolDefinition) ([]byte, error) {
	for _, tool := range tools {
		function, err := appendFunction(nil, tool)
		if err != nil {
			return nil, err
		}
		if dst, err = jsontext.AppendFormat(dst, function, jsontext.WithIndent("    ")); err != nil {
			return nil, fmt.Errorf("indent the definition of the tool %q: %w", tool.FullName(), err)
		}
		dst = append(dst, "\n\n"...)
	}
	return dst, nil
}

func (l *llama3) Encode(_ context.Context, e *sdk.Example) ([][]byte, error) {
	if err := l.render(e); err != nil {
		return nil, err
	}
	return l.row.textRow(l.text)
}

func (l *llama3) render(e *sdk.Example) error {
	tools, err := l.tools.of(e.Toolset)
	if err != nil {
		return err
	}
	l.text = l.text[:0]
	l.open("system")
	if len(tools) > 0 {
		l.put(llamaIpython)
	}
	l.put(llamaDates, trimPython(e.System), llamaEnd)
	for i, m := range e.Messages {
		if i == 0 && len(tools) > 0 {
			if m.Role != sdk.RoleUser {
				return sdk.Refuse("no user message at the beginning, where the tools would go")
			}
			l.open("user")
			l.put(llamaToolHead)
			l.text = append(l.text, tools...)
			l.put(trimPython(m.Text), llamaEnd)
			continue
		}
		if err := l.message(m); err != nil {
			return err
		}
	}
	return nil
}

func (l *llama3) open(role string) { l.put(llamaStart, role, llamaRole) }

func (l *llama3) put(texts ...string) {
	for _, text := range texts {
		l.text = append(l.text, text...)
	}
}

func (l *llama3) message(m sdk.Message) error {
	switch {
	case m.Role == sdk.RoleTool:
		l.open("ipython")
		l.text = appendQuoted(l.text, m.Text)
	case len(m.Calls) > 1:
		return sdk.Refuse("several calls in one message")
	case len(m.Calls) == 1 && !l.dropText && strings.TrimSpace(m.Text) != "":
		return sdk.Refuse("a text beside a call, which Llama's template leaves out")
	case len(m.Calls) == 1:
		call := m.Calls[0]
		l.open("assistant")
		l.put(`{"name": "`, call.FullName(), `", "parameters": `)
		var err error
		if l.text, err = appendDumped(l.text, call.Arguments); err != nil {
			return fmt.Errorf("write the arguments of a call of %q: %w", call.Tool, err)
		}
		l.put("}")
	case m.Role == sdk.RoleAssistant && readsAsCall(trimPython(m.Text)):
		return sdk.Refuse("a text of the model's that would be read as a call")
	default:
		l.open(string(m.Role))
		l.put(trimPython(m.Text))
	}
	l.put(llamaEnd)
	return nil
}

// readsAsCall reports whether a text of the model's is a call, which in this template only its form tells.
func readsAsCall(content string) bool {
	return strings.HasPrefix(content, `{"name": "`) && json.Valid([]byte(content))
}

// trimPython trims as Python does, for which four more control characters are white space.
func trimPython(text string) string {
	return strings.TrimFunc(text, func(r rune) bool { return unicode.IsSpace(r) || '\x1c' <= r && r <= '\x1f' })
}

func (l *llama3) Decode(row []byte) (*sdk.Example, []string) {
	p := newParser()
	text, ok := p.textRow(row)
	if !ok {
		return nil, p.problems
	}
	for rest := text; rest != ""; {
		header, after, closed := strings.Cut(rest, llamaEnd)
		header, started := strings.CutPrefix(header, llamaStart)
		role, content, headed := strings.Cut(header, llamaRole)
		if !closed || !started || !headed {
			p.report("text outside of a turn")
			break
		}
		p.llamaTurn(role, content)
		rest = after
	}
	if len(p.problems) == 0 && (l.render(p.example) != nil || string(l.text) != text) {
		p.report("not the text that the template writes")
	}
	return p.example, p.problems
}

func (p *parser) llamaTurn(role, content string) {
	switch role {
	case "system":
		p.example.System = strings.TrimPrefix(strings.TrimPrefix(content, llamaIpython), llamaDates)
	case "user":
		if tools, ok := strings.CutPrefix(content, llamaToolHead); ok && len(p.example.Messages) == 0 {
			content = p.llamaTools(tools)
		}
		p.add(sdk.Message{Role: sdk.RoleUser, Text: content})
	case "assistant":
		m := sdk.Message{Role: sdk.RoleAssistant, Text: content}
		if readsAsCall(content) {
			m.Text, m.Calls = "", []sdk.Call{p.call(jsontext.Value(content), "parameters")}
		}
		p.add(m)
	case "ipython":
		p.result(p.text(jsontext.Value(content), "a result in JSON"))
	default:
		p.report("a turn with an unknown role")
	}
}

// llamaTools reads the tools that stand before the text of the first user message, and returns that text.
func (p *parser) llamaTools(text string) (rest string) {
	p.example.Toolset = &sdk.Toolset{}
	for strings.HasPrefix(text, "{\n    \"type\": \"function\"") {
		decoder := jsontext.NewDecoder(strings.NewReader(text), jsontext.AllowInvalidUTF8(true))
		tool, err := decoder.ReadValue()
		if err != nil {
			p.report("a tool that is not JSON")
			break
		}
		p.tool(tool)
		text = strings.TrimPrefix(text[decoder.InputOffset():], "\n\n")
	}
	return text
}
