package formats

import (
	"context"
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

// instruction writes rows of one instruction, its input and one output. The output holds every step of the model's,
// texts and calls in order, without what the tools answered.
type instruction struct {
	row writer // its buffer serves all rows
}

func (*instruction) Holds() sdk.Holds { return axolotlHolds }

func (*instruction) dataset() []string { return []string{"type: alpaca"} }

func (*instruction) training() []string { return []string{"train_on_inputs: false"} }

func (n *instruction) Encode(_ context.Context, e *sdk.Example) ([][]byte, error) {
	turns, err := turns(e.Messages, false)
	if err != nil {
		return nil, err
	}
	if turns[0].role == sdk.RoleSystem {
		turns = turns[1:]
	}
	if len(turns) != 2 { // the user's and the model's
		return nil, errSeveral
	}
	question := string(turns[0].text)
	input, err := input(e, question)
	if err != nil {
		return nil, err
	}
	w := &n.row
	w.begin()
	w.member("instruction", question)
	w.member("input", input)
	w.rendered("output", turns[1].text)
	return w.end()
}

// input returns what the model knows besides the instruction. A context that the instruction already contains, as it does
// for a chain or a correction, is not repeated.
func input(e *sdk.Example, instruction string) (string, error) {
	var parts []string
	if context := strings.TrimSpace(e.Context); !strings.Contains(instruction, context) {
		parts = append(parts, context)
	}
	if len(e.GameState) > 0 {
		state, err := appendPython([]byte("Game state: "), e.GameState)
		if err != nil {
			return "", err
		}
		parts = append(parts, string(state))
	}
	return strings.Join(parts, "\n\n"), nil
}

func (*instruction) Decode(row []byte) (*sdk.Example, []string) {
	return decodeInstruction(row, (*parser).originalAnswer)
}

// decodeInstruction reads a row of one instruction and its output; answer reads the output. The input goes below the
// instruction, where trainers put it.
func decodeInstruction(row []byte, answer func(p *parser, output string)) (*sdk.Example, []string) {
	p := newParser()
	top := p.row(row, "input", "system")
	if top == nil {
		return nil, p.problems
	}
	question, output, input := p.column(top, "instruction"), p.column(top, "output"), p.nullable(top, "input")
	p.example.System = p.nullable(top, "system")
	if len(p.problems) > 0 {
		return nil, p.problems
	}
	p.check(strings.TrimSpace(question) != "", "an empty instruction")
	if input != "" {
		question += "\n" + input
	}
	p.add(sdk.Message{Role: sdk.RoleUser, Text: question})
	answer(p, output)
	return p.example, p.problems
}
