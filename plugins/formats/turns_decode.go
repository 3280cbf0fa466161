package formats

import (
	"regexp"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ftprep/ftprep/sdk"
)

// parseOriginal reads a text as [originalBlock] writes it.
func parseOriginal(text string) *parser {
	p := newParser()
	p.turns(text, func(role sdk.Role, content string, _ body) {
		content, ok := strings.CutSuffix(content, "\n")
		if !ok {
			p.report("a turn whose end is not on a line of its own")
		}
		p.originalTurn(role, content)
	})
	return p
}

func (p *parser) originalTurn(role sdk.Role, content string) {
	switch role {
	case sdk.RoleSystem:
		p.example.System = content
	case sdk.RoleUser:
		p.add(sdk.Message{Role: sdk.RoleUser, Text: content})
	case sdk.RoleAssistant:
		p.originalAnswer(content)
	case sdk.RoleTool:
		result, opened := strings.CutPrefix(content, "<tool_response>\n")
		result, closed := strings.CutSuffix(result, "\n</tool_response>")
		if !opened || !closed {
			p.report("a result that is not between <tool_response> and </tool_response>")
		}
		p.result(result)
	default:
		p.report("a turn with an unknown role")
	}
}

var originalCall = regexp.MustCompile(`^<tool_call>([^(]*)\((.*)\)</tool_call>$`)

// originalAnswer reads the texts and calls of a turn of the model's. A text after a call begins a new message, because a
// turn may stand for several.
func (p *parser) originalAnswer(content string) {
	m := sdk.Message{Role: sdk.RoleAssistant}
	var lines []string
	end := func() {
		m.Text = strings.Join(lines, "\n")
		if m.Text != "" || len(m.Calls) > 0 {
			p.add(m)
		}
		m, lines = sdk.Message{Role: sdk.RoleAssistant}, nil
	}
	for _, line := range strings.Split(content, "\n") {
		call := originalCall.FindStringSubmatch(line)
		if call == nil {
			if len(m.Calls) > 0 {
				end()
			}
			if strings.HasPrefix(line, "<tool_call>") {
				p.report("a call that is not written as <tool_call>TOOL(ARGUMENTS)</tool_call>")
			}
			lines = append(lines, line)
			continue
		}
		c := sdk.Call{Arguments: p.arguments(jsontext.Value(call[2]))}
		c.Server, c.Tool = sdk.SplitName(call[1])
		m.Calls = append(m.Calls, c)
	}
	end()
}
