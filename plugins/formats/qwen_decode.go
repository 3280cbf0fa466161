package formats

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ftprep/ftprep/sdk"
)

// A parser reads back a conversation whose calls have no ids: results answer them in order.
type parser struct {
	rowReader
	example *sdk.Example
	open    []string // ids of calls without a result
	calls   int
	bodies  []body
}

// A body says where a message of the model's stands in the text, with the token that ends its turn.
type body struct {
	message    int
	start, end int
}

func newParser() *parser { return &parser{example: &sdk.Example{}} }

// add appends a message.
func (p *parser) add(m sdk.Message) {
	if m.Role == sdk.RoleAssistant || m.Role == sdk.RoleUser {
		p.open = nil
	}
	for i := range m.Calls {
		p.number(&m.Calls[i])
	}
	p.example.Messages = append(p.example.Messages, m)
}

// number gives a call a number for an id, as texts hold none, and lets it wait for a result.
func (p *parser) number(call *sdk.Call) {
	p.calls++
	call.ID = "call_" + strconv.Itoa(p.calls)
	p.open = append(p.open, call.ID)
}

// result appends the answer to the first call that has none.
func (p *parser) result(text string) {
	m := sdk.Message{Role: sdk.RoleTool, Text: text}
	if len(p.open) > 0 {
		m.CallID, p.open = p.open[0], p.open[1:]
	}
	p.example.Messages = append(p.example.Messages, m)
}

// turns splits a text into turns and hands over the role and the content of each, and where the content stands.
func (p *parser) turns(text string, turn func(role sdk.Role, content string, at body)) {
	for rest := text; rest != ""; {
		before, next, found := strings.Cut(rest, turnStart)
		if before != "" {
			p.report("text outside of a turn")
		}
		if !found {
			return
		}
		content, after, closed := strings.Cut(next, turnEnd)
		if !closed {
			p.report("a turn without its end")
		}
		role, content, _ := strings.Cut(content, "\n")
		start := len(text) - len(next) + len(role) + 1
		turn(sdk.Role(role), content, body{start: start, end: start + len(content) + len(turnEnd)})
		rest = strings.TrimPrefix(after, "\n")
	}
}

// turn reads a turn as Qwen's templates write it.
func (p *parser) turn(role sdk.Role, content string, at body) {
	switch role {
	case sdk.RoleSystem:
		if len(p.example.Messages) > 0 || p.example.System != "" {
			p.add(sdk.Message{Role: sdk.RoleSystem, Text: content})
			return
		}
		p.system(content)
	case sdk.RoleUser:
		if results, ok := strings.CutPrefix(content, strings.TrimPrefix(resultHead, "\n")); ok && strings.HasSuffix(results, resultTail) {
			for _, result := range strings.Split(strings.TrimSuffix(results, resultTail), resultTail+resultHead) {
				p.result(result)
			}
			return
		}
		p.add(sdk.Message{Role: sdk.RoleUser, Text: content})
	case sdk.RoleAssistant:
		at.message = len(p.example.Messages)
		p.bodies = append(p.bodies, at)
		p.add(p.answer(content))
	default:
		p.report("a turn with an unknown role")
	}
}

func (p *parser) system(content string) {
	system, tools, found := strings.Cut(content, toolsHead)
	if found {
		lines, _, closed := strings.Cut(tools, toolsTail)
		if !closed {
			p.report("a list of tools without its end")
		}
		p.example.Toolset = &sdk.Toolset{}
		for _, line := range strings.Split(strings.TrimPrefix(lines, "\n"), "\n") {
			p.tool(jsontext.Value(line))
		}
		system = strings.TrimSuffix(system, "\n\n")
	}
	if system != qwen25System {
		p.example.System = system
	}
}

// answer reads what the model thinks, says and calls.
func (p *parser) answer(content string) sdk.Message {
	m := sdk.Message{Role: sdk.RoleAssistant}
	if thought, ok := strings.CutPrefix(content, thoughtHead); ok {
		if m.Thinking, content, ok = strings.Cut(thought, thoughtTail); !ok {
			p.report("a thought without its end")
		}
	}
	text, calls, found := strings.Cut(content, callHead)
	if m.Text = text; !found {
		return m
	}
	m.Text = strings.TrimSuffix(text, "\n")
	for _, call := range strings.Split(calls, callHead) {
		value, ok := strings.CutSuffix(strings.TrimSuffix(call, "\n"), callTail)
		if !ok {
			p.report("a call without its end")
		}
		m.Calls = append(m.Calls, p.call(jsontext.Value(value), "arguments"))
	}
	return m
}

// call reads a call; key is the key of its arguments.
func (p *parser) call(value jsontext.Value, key string) sdk.Call {
	o := p.object(value, "a call")
	name, arguments := p.optional(o["name"], "the name of a call"), o[key]
	p.check(name != "", "a call without a name")
	if arguments.Kind() == '"' {
		p.report("arguments that are a string, which the template would print with quotation marks")
		arguments = jsontext.Value("{}")
	}
	c := sdk.Call{Arguments: p.arguments(arguments)}
	c.Server, c.Tool = sdk.SplitName(name)
	return c
}

// parse reads a whole text, and reports a problem if the template would write its conversation as another text.
func (q *qwen) parse(text string) *parser {
	p := newParser()
	p.turns(text, p.turn)
	if len(p.problems) > 0 {
		return p
	}
	err := q.render(p.example.System, p.example.Toolset, p.example.Messages)
	if err != nil || string(bytes.TrimSuffix(q.text, []byte("\n"))) != text {
		p.report("not the text that the template writes")
	}
	return p
}
