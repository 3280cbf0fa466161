package formats

import (
	"context"
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

// axolotlHolds is what fits into one instruction and one output.
var axolotlHolds = sdk.Holds{Tools: true, ParallelCalls: true, Context: true}

// axolotl writes rows of one instruction, its input and one output. The output holds every step of the model's, texts
// and calls in order, without what the tools answered.
type axolotl struct{}

func newAxolotl(sdk.Setup, struct{}) (sdk.Format, error) { return axolotl{}, nil }

func (axolotl) Encode(_ context.Context, e *sdk.Example) ([][]byte, error) {
	turns, err := turns(e.Messages, false)
	if err != nil {
		return nil, err
	}
	if len(turns) > 0 && turns[0].role == sdk.System {
		turns = turns[1:]
	}
	if len(turns) != 2 || turns[0].role != sdk.User {
		return nil, sdk.Refuse("more than one question and one answer")
	}
	instruction := string(turns[0].text)
	input, err := input(e, instruction)
	if err != nil {
		return nil, err
	}
	var row writer
	row.open('{')
	row.member("instruction", instruction)
	row.member("input", input)
	row.member("output", string(turns[1].text))
	row.close('}')
	return [][]byte{row.buf}, nil
}

// input is what the model knows besides the instruction. A context that the instruction tells already, as that of a
// chain or a correction does, is not told twice.
func input(e *sdk.Example, instruction string) (string, error) {
	var parts []string
	if context := strings.TrimSpace(e.Context); context != "" && !strings.Contains(instruction, context) {
		parts = append(parts, context)
	}
	if len(e.GameState) > 0 {
		state, err := appendPython([]byte("Game state: "), e.GameState)
		if err != nil {
			return "", err
		}
		parts = append(parts, string(state))
	}
	input := strings.Join(parts, "\n\n")
	if special([]byte(input)) {
		return "", errSpecial
	}
	return input, nil
}
