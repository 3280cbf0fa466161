package formats

import (
	"encoding/json"
	"regexp"
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

// shareRow is a row of any shape; a column is nil where it is missing or null.
type shareRow struct {
	Conversations *[]shareTurn    `json:"conversations"`
	Chosen        json.RawMessage `json:"chosen"`
	Rejected      json.RawMessage `json:"rejected"`
	KTOTag        json.RawMessage `json:"kto_tag"`
	System        json.RawMessage `json:"system"`
	Tools         json.RawMessage `json:"tools"`
}

type shareTurn struct {
	From  *string `json:"from"`
	Value *string `json:"value"`
}

// parseShareGPT reads a row's conversation and what is about it. Without an answer at its end it is the prompt of a pair.
func parseShareGPT(value []byte, prompt bool) (row shareRow, p *parser) {
	p = newParser()
	if json.Unmarshal(value, &row) != nil || row.Conversations == nil {
		p.report("conversations that are no list of objects with from and value, both texts")
		return row, p
	}
	p.example.System = p.column(row.System, "system")
	turns := *row.Conversations
	if len(turns) > 0 && turns[0].From != nil && turns[0].Value != nil && *turns[0].From == "system" {
		p.example.System, turns = *turns[0].Value, turns[1:]
	}
	p.toolList(p.column(row.Tools, "tools"))
	if odd := len(turns)%2 == 1; odd != prompt {
		p.report("a number of turns for which the row is dropped")
	}
	for i, turn := range turns {
		p.shareTurn(turn, i%2 == 0)
	}
	return row, p
}

// column reads a column of text, which every row must have.
func (p *parser) column(value json.RawMessage, name string) (text string) {
	switch {
	case value == nil:
		p.report("no column " + name + ": where the list of data sets names it, the run stops")
	case json.Unmarshal(value, &text) != nil:
		p.report(name + " that is no text: the run stops")
	}
	return text
}

func (p *parser) toolList(text string) {
	if text == "" {
		return
	}
	var list []json.RawMessage
	if json.Unmarshal([]byte(text), &list) != nil {
		p.report("tools that are no list in JSON: the run stops")
		return
	}
	p.example.Toolset = &sdk.Toolset{}
	for _, value := range list {
		p.tool(value)
	}
}

// shareTurn reads a turn; asked says whether its place is that of a human or of results.
func (p *parser) shareTurn(turn shareTurn, asked bool) {
	if turn.From == nil || turn.Value == nil {
		p.report("a turn without from or value: the run stops")
		return
	}
	value := *turn.Value
	switch from := *turn.From; from {
	case "human":
		p.add(sdk.Message{Role: sdk.User, Text: value})
	case "observation":
		for _, result := range strings.Split(value, resultsJoint) {
			p.result(result)
		}
	case "gpt", "function_call":
		p.add(p.shareAnswer(from, value))
		asked = !asked
	default:
		p.report("a turn of an unknown role")
		return
	}
	if !asked {
		p.report("turns that do not alternate: the row is dropped")
	}
}

var (
	sharedThought = regexp.MustCompile(`(?s)^<think>\n(.*?)\n</think>\n\n`)
	sharedCall    = regexp.MustCompile(`(?s)<tool_call>(.*?)</tool_call>`)
)

// shareAnswer reads a turn of the model's as LLaMA-Factory does with Qwen's templates.
func (p *parser) shareAnswer(from, value string) sdk.Message {
	m := sdk.Message{Role: sdk.Assistant}
	if thought := sharedThought.FindStringSubmatch(value); thought != nil {
		m.Thinking, value = thought[1], value[len(thought[0]):]
	} else if strings.HasPrefix(value, "<think>") {
		p.report(`a thought that does not stand between "<think>\n" and "\n</think>\n\n"`)
	}
	if from == "gpt" {
		m.Text = value
		return m
	}
	calls := value
	if at := sharedCall.FindStringSubmatchIndex(value); at != nil {
		m.Text, calls = strings.TrimSuffix(value[:at[0]], "\n"), value[at[2]:at[3]]
		if strings.TrimSpace(value[at[1]:]) != "" {
			p.report("text behind the calls, which would stand before them")
		}
	}
	var elements []json.RawMessage
	switch {
	case !json.Valid([]byte(calls)):
		p.report("calls that are no JSON: the run stops")
		return m
	case json.Unmarshal([]byte(calls), &elements) != nil:
		elements = []json.RawMessage{json.RawMessage(calls)}
	}
	for _, element := range elements {
		m.Calls = append(m.Calls, p.call(element, "arguments"))
	}
	return m
}

// shareOption reads one of a pair's answers.
func (p *parser) shareOption(value json.RawMessage, name string) *sdk.Message {
	var turn shareTurn
	if json.Unmarshal(value, &turn) != nil || turn.From == nil || turn.Value == nil || *turn.From != "gpt" && *turn.From != "function_call" {
		p.report(name + " is no turn of the model's")
		return nil
	}
	m := p.shareAnswer(*turn.From, *turn.Value)
	return &m
}
