package formats

import (
	"encoding/json"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ftprep/ftprep/sdk"
)

// tools reads the list of tools that a row offers.
func (r *rowReader) tools(list jsontext.Value) *sdk.Toolset {
	set := &sdk.Toolset{}
	for _, value := range r.list(list, "tools") {
		tool := r.object(value, "a tool")
		r.check(string(tool["type"]) == `"function"`, "a tool whose type is not function")
		set.Tools = append(set.Tools, r.function(tool["function"], "a tool's function"))
	}
	if len(set.Tools) == 0 {
		return nil
	}
	return set
}

// function reads the definition of a tool, which problems call what.
func (r *rowReader) function(value jsontext.Value, what string) sdk.ToolDefinition {
	function := r.object(value, what, "description", "parameters")
	d := sdk.ToolDefinition{
		Description: r.optional(function["description"], "a tool's description"), Schema: json.RawMessage(function["parameters"]),
	}
	d.Server, d.Name = sdk.SplitName(r.text(function["name"], "a tool's name"))
	return d
}

// toolsText reads tools that are the text of a list. It also takes a list itself, and a missing value or null.
func (r *rowReader) toolsText(value jsontext.Value) *sdk.Toolset {
	switch value.Kind() {
	case jsontext.KindInvalid, 'n':
		return nil
	case '[':
		return r.tools(value)
	}
	if list := r.unwrap(value, "tools"); list != nil {
		return r.tools(list)
	}
	return nil
}

// tool reads a definition that a text offers: in OpenAI's shape, or without the wrapper around it.
func (p *parser) tool(value jsontext.Value) {
	if function, ok := p.object(value, "a tool", "function")["function"]; ok {
		value = function
	}
	p.example.Toolset.Tools = append(p.example.Toolset.Tools, p.function(value, "a tool"))
}
