package formats

import (
	"context"
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

// chatmlHolds has no masks: a trainer of plain text trains on all of it.
var chatmlHolds = sdk.Holds{Tools: true, Results: true, ParallelCalls: true, Turns: true}

type chatmlOptions struct {
	Template  string `option:"template" doc:"How turns and calls are written." default:"original" one_of:"original"`
	ToolTurns bool   `option:"tool_turns" doc:"Writes the results of calls, as turns of the role tool."`
}

// chatml writes a conversation as text between special tokens: blocks with an empty line after each or, where the path
// ends in .jsonl, rows with one block as their text.
type chatml struct {
	toolTurns bool
	framing   sdk.Framing
}

func newChatml(setup sdk.Setup, o chatmlOptions) (sdk.Format, error) {
	c := &chatml{toolTurns: o.ToolTurns, framing: sdk.Bytes}
	if len(setup.Paths) > 0 && strings.HasSuffix(setup.Paths[0], ".jsonl") {
		c.framing = sdk.Rows
	}
	return c, nil
}

func (c *chatml) Framing() sdk.Framing { return c.framing }

func (c *chatml) Encode(_ context.Context, e *sdk.Example) ([][]byte, error) {
	turns, err := turns(e.Messages, c.toolTurns)
	if err != nil {
		return nil, err
	}
	var block []byte
	if system := []byte(strings.TrimSpace(e.System)); len(system) > 0 {
		if special(system) {
			return nil, errSpecial
		}
		block = appendTurn(block, turn{sdk.System, system})
	}
	for _, turn := range turns {
		block = appendTurn(block, turn)
	}
	if c.framing == sdk.Bytes {
		return [][]byte{append(block, '\n')}, nil
	}
	var row writer
	row.open('{')
	row.member("text", strings.TrimSuffix(string(block), "\n"))
	row.close('}')
	return [][]byte{row.buf}, nil
}

func appendTurn(block []byte, t turn) []byte {
	block = append(block, "<|im_start|>"...)
	block = append(block, t.role...)
	block = append(block, '\n')
	block = append(block, t.text...)
	return append(block, "\n<|im_end|>\n"...)
}
