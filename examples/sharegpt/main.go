// Command ftprep-plugin-sharegpt is a plugin with a format that writes conversations as ShareGPT rows.
package main

import (
	"context"
	"encoding/json"

	"github.com/ftprep/ftprep/sdk"
)

type options struct {
	Human string `option:"human" doc:"Who asks." default:"human"`
	Model string `option:"model" doc:"Who answers." default:"gpt"`
}

type turn struct {
	From  string `json:"from"`
	Value string `json:"value"`
}

type sharegpt struct{ options }

func (s sharegpt) Encode(_ context.Context, example *sdk.Example) ([][]byte, error) {
	var turns []turn
	for _, message := range example.Messages {
		if message.Text != "" && message.Role != sdk.RoleTool {
			turns = append(turns, turn{s.speaker(message.Role), message.Text})
		}
		for _, call := range message.Calls {
			value, err := json.Marshal(map[string]any{"name": call.FullName(), "arguments": call.Arguments})
			if err != nil {
				return nil, err
			}
			turns = append(turns, turn{"function_call", string(value)})
		}
		if message.Role == sdk.RoleTool {
			turns = append(turns, turn{"observation", message.Text})
		}
	}
	row, err := json.Marshal(map[string]any{"conversations": turns, "system": example.System})
	return [][]byte{row}, err
}

func (s sharegpt) speaker(role sdk.Role) string {
	return map[sdk.Role]string{sdk.RoleUser: s.Human, sdk.RoleAssistant: s.Model, sdk.RoleSystem: "system"}[role]
}

func main() {
	holds := sdk.Holds{Tools: true, Results: true, Turns: true}
	open := func(_ sdk.Setup, o options) (sdk.Format, error) { return sharegpt{o}, nil }
	sdk.Serve(sdk.Plugin{
		Name: "sharegpt", Version: "1.0.0", Doc: "Writes ShareGPT rows.",
		Steps: []sdk.Step{sdk.NewFormat("sharegpt", "Rows of conversations with from and value.", holds, open)},
	})
}
