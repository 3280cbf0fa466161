package formats

import (
	"bytes"
	"context"
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

// chatmlHolds is what fits into any of the templates. There are no masks: a trainer of plain text trains on all of it.
var chatmlHolds = sdk.Holds{Tools: true, Results: true, ParallelCalls: true, Turns: true}

type chatmlOptions struct {
	Template  string `option:"template" doc:"How turns, tools and calls are written. original: in a plain form, without the definitions of tools. qwen2.5 and qwen3: byte for byte as these models' chat templates write them. Qwen2.5's has no place for thoughts; Qwen3's keeps those after the last user message." default:"original" one_of:"original,qwen2.5,qwen3"`
	ToolTurns bool   `option:"tool_turns" doc:"With the template original, also writes the results of calls, as turns of the role tool. The other templates always do."`
}

// chatml writes conversations as ChatML text. In a file of rows, and in a folder, whose file the host calls data.jsonl, each
// is a row with its text; any other file is the text itself, with an empty line after each conversation.
type chatml struct {
	toolTurns bool
	qwen      *qwen // nil: the original's template
	framing   sdk.Framing
	row       writer // its buffer serves all rows
}

func newChatml(setup sdk.Setup, o chatmlOptions) (sdk.Format, error) {
	if o.ToolTurns && o.Template != "original" {
		return nil, &sdk.OptionError{Option: "tool_turns", Reason: "the template " + o.Template + " always writes results; leave this out"}
	}
	c := &chatml{toolTurns: o.ToolTurns, framing: sdk.FramingBytes}
	if o.Template != "original" {
		c.qwen = newQwen(o.Template)
	}
	if path := outputPath(setup); rowsPath.MatchString(path) || isFolder(path) {
		c.framing = sdk.FramingRows
	}
	return c, nil
}

func (c *chatml) Framing() sdk.Framing { return c.framing }

func (c *chatml) Holds() sdk.Holds {
	holds := chatmlHolds
	holds.Results = c.qwen != nil || c.toolTurns
	holds.Thinking = c.qwen != nil && c.qwen.thinks
	return holds
}

func (c *chatml) Encode(_ context.Context, e *sdk.Example) ([][]byte, error) {
	block, err := c.block(e)
	if err != nil {
		return nil, err
	}
	if c.framing == sdk.FramingBytes {
		return [][]byte{append(bytes.Clone(block), '\n')}, nil
	}
	return c.row.textRow(bytes.TrimSuffix(block, []byte("\n")))
}

func (c *chatml) block(e *sdk.Example) ([]byte, error) {
	if c.qwen != nil {
		err := c.qwen.render(strings.TrimSpace(e.System), e.Toolset, e.Messages)
		return c.qwen.text, err
	}
	return originalBlock(e, c.toolTurns)
}

func (c *chatml) Decode(row []byte) (*sdk.Example, []string) {
	r := &rowReader{}
	text, ok := r.textRow(row)
	if !ok {
		return nil, r.problems
	}
	p := c.parse(strings.TrimSuffix(text, "\n"))
	p.check(!strings.HasSuffix(text, "\n"), "a newline after the last turn: trainers add one themselves")
	return p.example, p.problems
}

// textRow returns the text of a row with nothing but a text; ok is false if there is none.
func (r *rowReader) textRow(row []byte) (text string, ok bool) {
	if top := r.row(row); top != nil {
		text = r.column(top, "text")
	}
	return text, len(r.problems) == 0
}

func (c *chatml) parse(text string) *parser {
	if c.qwen != nil {
		return c.qwen.parse(text)
	}
	return parseOriginal(text)
}
