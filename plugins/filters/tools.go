package filters

import (
	"context"

	"github.com/ftprep/ftprep/sdk"
)

type toolsOptions struct {
	Tools []string `option:"tools,required" doc:"Globs that match mcp__SERVER__TOOL, or the name of the tool alone."`
	Keep  string   `option:"keep" doc:"What stays of a turn with a matching call. calls: only the matching calls. turn: the whole turn." default:"calls" one_of:"calls,turn"`
}

// tools narrows conversations to the selected calls.
type tools struct{ selection *sdk.Selection }

func newTools(_ sdk.Setup, o toolsOptions) (sdk.Filter, error) {
	selection, err := sdk.NewSelection(o.Tools, o.Keep)
	return tools{selection}, err
}

func (t tools) Apply(_ context.Context, e *sdk.Example) (sdk.Verdict, error) {
	narrowed := *e // Selection.Apply replaces slices and never writes into them
	if !t.selection.Apply(&narrowed) {
		return sdk.Drop("no selected tool", ""), nil
	}
	if len(narrowed.Messages) == len(e.Messages) && len(narrowed.Calls()) == len(e.Calls()) {
		return sdk.Keep(), nil
	}
	return sdk.Replace(&narrowed), nil
}
