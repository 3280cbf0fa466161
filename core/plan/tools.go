package plan

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/ftprep/ftprep/sdk"
)

// toolset reads the file that the tools block names.
func (p *planner) toolset() *sdk.Toolset {
	if p.file.Tools == nil {
		return nil
	}
	if p.file.Tools.File == nil {
		p.problems.add(p.file.Tools.Range, "Missing required argument", `The argument "file" is required: a file with the answer to MCP's tools/list.`)
		return nil
	}
	path, ok := attribute[string](p.scope, p.file.Tools.File, sdk.OptionPath)
	if !ok || path == "" { // null, which a variable may hold, means no file
		return nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		p.problems.add(p.file.Tools.File.Expr.Range(), "Bad tools file", "%v.", err)
		return nil
	}
	set, err := parseTools(text)
	if err != nil {
		p.problems.add(p.file.Tools.File.Expr.Range(), "Bad tools file", "%s: %v.", path, err)
	}
	return set
}

// A tool is a tool's definition as MCP, OpenAI and Anthropic write it.
type tool struct {
	Name        string          `json:"name"`
	Description string          `json:"description"`
	MCP         json.RawMessage `json:"inputSchema"`
	Anthropic   json.RawMessage `json:"input_schema"`
	OpenAI      json.RawMessage `json:"parameters"`
	Function    *tool           `json:"function"`
}

// parseTools reads an MCP tools/list answer, with or without its envelope, or a bare list of tools.
func parseTools(text []byte) (*sdk.Toolset, error) {
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if len(bytes.TrimSpace(text)) == 0 {
		return nil, errors.New("it is empty; if the output of ftprep tools was redirected here, redirect it to another file, because the shell empties this one first")
	}
	tools, err := listTools(text)
	if err != nil {
		return nil, err
	}
	if len(tools) == 0 {
		return nil, errors.New(`it contains no tools; it must be an answer to MCP's tools/list: {"tools": [...]}`)
	}
	set := &sdk.Toolset{}
	seen := map[string]bool{}
	for i, tool := range tools {
		definition, err := tool.definition()
		if err != nil {
			return nil, fmt.Errorf("tool %d: %w", i+1, err)
		}
		name := definition.FullName()
		if seen[name] {
			return nil, fmt.Errorf("the tool %q is defined twice", name)
		}
		seen[name] = true
		set.Tools = append(set.Tools, definition)
	}
	return set, nil
}

func listTools(text []byte) ([]tool, error) {
	if bytes.HasPrefix(bytes.TrimSpace(text), []byte("[")) {
		var tools []tool
		err := json.Unmarshal(text, &tools)
		return tools, located(text, err)
	}
	var answer struct {
		Tools  []tool `json:"tools"`
		Result struct {
			Tools []tool `json:"tools"`
		} `json:"result"`
	}
	err := json.Unmarshal(text, &answer)
	return append(answer.Tools, answer.Result.Tools...), located(text, err)
}

// located adds the line to an error from decoding JSON.
func located(text []byte, err error) error {
	var offset int64
	var syntax *json.SyntaxError
	var mismatch *json.UnmarshalTypeError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &syntax):
		offset = syntax.Offset
		err = fmt.Errorf("not valid JSON: %w", err)
	case errors.As(err, &mismatch):
		offset = mismatch.Offset
		err = fmt.Errorf("%q has the wrong type, %s", mismatch.Field, mismatch.Value)
	}
	line := 1 + bytes.Count(text[:min(int(offset), len(text))], []byte("\n"))
	return fmt.Errorf("line %d: %w", line, err)
}

func (t tool) definition() (sdk.ToolDefinition, error) {
	if t.Function != nil {
		t = *t.Function
	}
	definition := sdk.ToolDefinition{Description: t.Description}
	definition.Server, definition.Name = sdk.SplitName(t.Name)
	if definition.Name == "" {
		return definition, errors.New("it has no name")
	}
	for _, schema := range []json.RawMessage{t.MCP, t.Anthropic, t.OpenAI} {
		if len(schema) == 0 || string(schema) == "null" {
			continue
		}
		if schema[0] != '{' {
			return definition, fmt.Errorf("the schema of %q is not a JSON object", t.Name)
		}
		definition.Schema = schema
		break
	}
	return definition, nil
}
