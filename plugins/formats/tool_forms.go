package formats

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ftprep/ftprep/sdk"
)

// A toolForm is the definition of a tool in any of the forms that are in use: that of unified records, OpenAI's with or
// without the wrapper around it, Anthropic's and MCP's.
type toolForm struct {
	Type        string         `json:"type"`
	Function    *toolForm      `json:"function"`
	Server      string         `json:"server"`
	Name        string         `json:"name"`
	Description string         `json:"description"`
	Schema      jsontext.Value `json:"parameters"`
	Anthropic   jsontext.Value `json:"input_schema"`
	MCP         jsontext.Value `json:"inputSchema"`
}

func (t *toolForm) definition() (sdk.ToolDefinition, error) {
	if t.Function != nil {
		return t.Function.definition()
	}
	d := sdk.ToolDefinition{Server: t.Server, Name: t.Name, Description: t.Description}
	if d.Server == "" {
		d.Server, d.Name = sdk.SplitName(t.Name)
	}
	if d.Name == "" {
		return d, errors.New("a tool has no name")
	}
	for _, schema := range []jsontext.Value{t.Schema, t.Anthropic, t.MCP} {
		switch kind := schema.Kind(); {
		case kind == jsontext.KindInvalid || kind == 'n':
		case kind != '{':
			return d, fmt.Errorf("the schema of the tool %q is not an object", d.FullName())
		case d.Schema != nil:
			return d, fmt.Errorf("the tool %q has two schemas", d.FullName())
		default:
			d.Schema = json.RawMessage(schema)
		}
	}
	return d, nil
}

// definitions returns the definitions of a list of tools.
func definitions(tools []toolForm) (*sdk.Toolset, error) {
	set := &sdk.Toolset{}
	for _, tool := range tools {
		d, err := tool.definition()
		if err != nil {
			return nil, err
		}
		set.Tools = append(set.Tools, d)
	}
	return set, nil
}
