package sdk

import (
	"bytes"
	"encoding/json"
	"slices"

	"github.com/go-json-experiment/json/jsontext"
)

// A Toolset is the tools that a model could call.
type Toolset struct {
	Tools []ToolDefinition
}

// A ToolDefinition describes one tool as an MCP tools/list answer does.
type ToolDefinition struct {
	Server      string
	Name        string
	Description string
	Schema      json.RawMessage // JSON schema of the arguments
}

// FullName is the name under which a model sees the tool.
func (d ToolDefinition) FullName() string { return Call{Server: d.Server, Tool: d.Name}.FullName() }

// Parameters is the schema as whoever reads a dataset relies on it: it describes an object, and lists its properties. Of a tool
// of which no schema is known, any object.
func (d ToolDefinition) Parameters() json.RawMessage {
	const object, properties = `"type":"object"`, `"properties":{}`
	inner, _ := bytes.CutPrefix(bytes.TrimSpace(d.Schema), []byte("{"))
	inner, isObject := bytes.CutSuffix(inner, []byte("}")) // what else JSON may be does not end with one
	if !isObject || len(bytes.TrimSpace(inner)) == 0 {
		return json.RawMessage("{" + object + "," + properties + "}")
	}
	typed, listed := schemaKeys(d.Schema)
	whole := append([]byte("{"), inner...)
	if !typed {
		whole = append([]byte("{"+object+","), inner...)
	}
	if !listed {
		whole = append(whole, ","+properties...)
	}
	return append(whole, '}')
}

// schemaKeys reports whether a schema has a type and properties.
func schemaKeys(schema json.RawMessage) (typed, listed bool) {
	d := jsontext.NewDecoder(bytes.NewReader(schema), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	if _, err := d.ReadToken(); err != nil {
		return false, false
	}
	for d.PeekKind() == '"' {
		key, err := d.ReadToken()
		if err != nil {
			break
		}
		typed = typed || key.String() == "type"
		listed = listed || key.String() == "properties"
		if d.SkipValue() != nil {
			break
		}
	}
	return typed, listed
}

// Definition finds the one definition that is meant by the full name of a tool: see Meant. A nil toolset has none.
func (t *Toolset) Definition(fullName string) (ToolDefinition, bool) {
	if meant := t.Meant(SplitName(fullName)); len(meant) == 1 {
		return meant[0], true
	}
	return ToolDefinition{}, false
}

// Meant lists the definitions that a call may mean: that of the tool on the call's server, else the one that names no server
// and stands for all. Where neither is there and the call names no server (it is empty), as in many logs, it lists that of each
// server that has the tool: with more than one, nobody can say which is meant. A nil toolset has none.
func (t *Toolset) Meant(server, tool string) []ToolDefinition {
	if t == nil {
		return nil
	}
	var own, others []ToolDefinition
	for _, definition := range t.Tools {
		switch {
		case definition.Name != tool:
		case definition.Server == server:
			return []ToolDefinition{definition}
		case definition.Server == "":
			own = append(own, definition)
		case server == "" && !slices.ContainsFunc(others, func(d ToolDefinition) bool { return d.Server == definition.Server }):
			others = append(others, definition)
		}
	}
	if len(own) > 0 {
		return own[:1]
	}
	return others
}
