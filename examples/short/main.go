// Command ftprep-plugin-short is a plugin with a filter that drops short conversations.
package main

import (
	"context"

	"github.com/ftprep/ftprep/sdk"
)

type short struct {
	Least int `option:"least" doc:"How many messages a conversation needs." default:"4" min:"1"`
}

func (s short) Apply(_ context.Context, e *sdk.Example) (sdk.Verdict, error) {
	if !e.Detailed() && len(e.Messages) < s.Least {
		return sdk.Drop("too short", ""), nil
	}
	return sdk.Keep(), nil
}

func main() {
	step := sdk.NewFilter("short", "Drops short conversations.", func(_ sdk.Setup, s short) (sdk.Filter, error) { return s, nil })
	sdk.Serve(sdk.Plugin{Name: "short", Version: "1.0.0", Doc: "Drops short conversations.", Steps: []sdk.Step{step}})
}
