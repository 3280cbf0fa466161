package formats

import (
	"regexp"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ftprep/ftprep/sdk"
)

// A shareTurn says who speaks and what.
type shareTurn struct{ from, value string }

// turnOf reads a value that must be a turn, which problems call what, and returns an empty one if it is not.
func (p *parser) turnOf(value jsontext.Value, what string) (t shareTurn) {
	if o := p.object(value, what); len(o) > 0 {
		t = shareTurn{p.text(o["from"], "the from of "+what), p.text(o["value"], "the value of "+what)}
	}
	return t
}

// parseShareGPT reads a row's conversation, system prompt and tools; top is nil if the row is no object. prompt says that the
// conversation is the prompt of a pair, which has no answer at its end.
func parseShareGPT(row []byte, prompt bool) (top object, p *parser) {
	p = newParser()
	if top = p.row(row); top == nil {
		return nil, p
	}
	var turns []shareTurn
	for _, value := range p.list(top["conversations"], "conversations") {
		turns = append(turns, p.turnOf(value, "a turn"))
	}
	p.example.System = p.listed(top, "system")
	if len(turns) > 0 && turns[0].from == "system" {
		p.example.System, turns = turns[0].value, turns[1:]
	}
	p.toolList(p.listed(top, "tools"))
	p.check((len(turns)%2 == 1) == prompt, "a number of turns for which LLaMA-Factory drops the row")
	for i, turn := range turns {
		p.shareTurn(turn, i%2 == 0)
	}
	return top, p
}

// listed reads a column of text, or null, that the list of data sets names.
func (p *parser) listed(row object, name string) string {
	_, ok := row[name]
	p.check(ok, "no column "+name+": LLaMA-Factory stops if dataset_info.json names it")
	return p.nullable(row, name)
}

func (p *parser) toolList(text string) {
	if text == "" {
		return
	}
	p.example.Toolset = &sdk.Toolset{}
	for _, value := range p.list(jsontext.Value(text), "tools") {
		p.tool(value)
	}
}

// shareTurn reads a turn; asked says whether its place is that of a human or of results.
func (p *parser) shareTurn(turn shareTurn, asked bool) {
	switch turn.from {
	case "human":
		p.add(sdk.Message{Role: sdk.RoleUser, Text: turn.value})
	case "observation":
		for _, result := range strings.Split(turn.value, resultsJoint) {
			p.result(result)
		}
	case "gpt", "function_call":
		p.add(p.shareAnswer(turn))
		asked = !asked
	default:
		p.report("a turn with an unknown role")
		return
	}
	p.check(asked, "turns that do not alternate: LLaMA-Factory drops the row")
}

var (
	sharedThought = regexp.MustCompile(`(?s)^<think>\n(.*?)\n</think>\n\n`)
	sharedCall    = regexp.MustCompile(`(?s)<tool_call>(.*?)</tool_call>`)
)

// shareAnswer reads a turn of the model's as LLaMA-Factory does with Qwen's templates.
func (p *parser) shareAnswer(turn shareTurn) sdk.Message {
	m, value := sdk.Message{Role: sdk.RoleAssistant}, turn.value
	if thought := sharedThought.FindStringSubmatch(value); thought != nil {
		m.Thinking, value = thought[1], value[len(thought[0]):]
	} else if strings.HasPrefix(value, "<think>") {
		p.report(`a thought that is not between "<think>\n" and "\n</think>\n\n"`)
	}
	if turn.from == "gpt" {
		m.Text = value
		return m
	}
	calls := value
	if at := sharedCall.FindStringSubmatchIndex(value); at != nil {
		m.Text, calls = strings.TrimSuffix(value[:at[0]], "\n"), value[at[2]:at[3]]
		p.check(strings.TrimSpace(value[at[1]:]) == "", "text after the calls, which would be moved before them")
	}
	elements := []jsontext.Value{jsontext.Value(calls)}
	if elements[0].Kind() == '[' {
		elements = p.list(elements[0], "calls")
	}
	for _, element := range elements {
		m.Calls = append(m.Calls, p.call(element, "arguments"))
	}
	return m
}

// shareOption reads one of a pair's answers.
func (p *parser) shareOption(value jsontext.Value, name string) *sdk.Message {
	turn := p.turnOf(value, name)
	if turn.from != "gpt" && turn.from != "function_call" {
		p.report(name + " is not a turn of the model's")
		return nil
	}
	return new(p.shareAnswer(turn))
}
