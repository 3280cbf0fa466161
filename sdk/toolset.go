package sdk

import (
	"bytes"
	"encoding/json"
	"slices"

	"github.com/go-json-experiment/json/jsontext"
)

// A Toolset holds the tools that a model could call.
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

// FullName returns the name under which a model sees the tool, as [Call.FullName] does.
func (d ToolDefinition) FullName() string { return Call{Server: d.Server, Tool: d.Name}.FullName() }

// Parameters returns the schema in the form that readers of datasets rely on: with a type, "object" if the schema has
// none, and with properties. If no schema is known, it describes an object without properties.
func (d ToolDefinition) Parameters() json.RawMessage {
	const typeMember, propertiesMember = `"type":"object"`, `"properties":{}`
	members := membersOf(d.Schema)
	if members == "" {
		return json.RawMessage("{" + typeMember + "," + propertiesMember + "}")
	}
	hasType, hasProperties := schemaKeys(d.Schema)
	if !hasType {
		members = typeMember + "," + members
	}
	if !hasProperties {
		members += "," + propertiesMember
	}
	return json.RawMessage("{" + members + "}")
}

// membersOf returns the text between the braces of a JSON object, as it was written, or "" if the object is empty or the
// value is not an object.
func membersOf(object json.RawMessage) string {
	inner, _ := bytes.CutPrefix(bytes.TrimSpace(object), []byte("{"))
	inner, isObject := bytes.CutSuffix(inner, []byte("}")) // no other JSON value ends with a brace
	if !isObject || len(bytes.TrimSpace(inner)) == 0 {
		return ""
	}
	return string(inner)
}

// schemaKeys reports whether a schema has the keys type and properties.
func schemaKeys(schema json.RawMessage) (hasType, hasProperties bool) {
	d := jsontext.NewDecoder(bytes.NewReader(schema), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	if _, err := d.ReadToken(); err != nil {
		return false, false
	}
	for d.PeekKind() == '"' {
		key, err := d.ReadToken()
		if err != nil {
			break
		}
		hasType = hasType || key.String() == "type"
		hasProperties = hasProperties || key.String() == "properties"
		if d.SkipValue() != nil {
			break
		}
	}
	return hasType, hasProperties
}

// Definition returns the only definition that the full name of a tool can mean, and whether there is exactly one: see
// [Toolset.Candidates]. A nil toolset has none.
func (t *Toolset) Definition(fullName string) (ToolDefinition, bool) {
	if candidates := t.Candidates(SplitName(fullName)); len(candidates) == 1 {
		return candidates[0], true
	}
	return ToolDefinition{}, false
}

// Candidates returns the definitions that a call of a tool on a server may mean. It is the definition of the tool on that
// server, or else the one without a server, which stands for all servers. If there is neither and the call names no
// server (server is empty), as in many logs, it is the definition on each server that has the tool; with more than one,
// nobody can say which the call means. A nil toolset has no definitions.
func (t *Toolset) Candidates(server, tool string) []ToolDefinition {
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
