package formats

import (
	"fmt"

	"github.com/ftprep/ftprep/sdk"
)

// toolText makes the text of a toolset, and keeps the last one: most examples offer the same tools as the one before.
type toolText struct {
	append func(dst []byte, tools []sdk.ToolDefinition) ([]byte, error)
	tools  *sdk.Toolset
	text   []byte
}

// of returns the text of a toolset, which is empty if it has no tools. A call for another toolset overwrites it.
func (o *toolText) of(tools *sdk.Toolset) (text []byte, err error) {
	if tools == nil || len(tools.Tools) == 0 {
		return nil, nil
	}
	if tools != o.tools {
		if o.text, err = o.append(o.text[:0], tools.Tools); err != nil {
			o.tools = nil
			return nil, err
		}
		o.tools = tools
	}
	return o.text, nil
}

// appendToolList appends definitions as a list in JSON, as Python prints it.
func appendToolList(dst []byte, tools []sdk.ToolDefinition) (_ []byte, err error) {
	dst = append(dst, '[')
	for i, tool := range tools {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		if dst, err = appendFunction(dst, tool); err != nil {
			return nil, err
		}
	}
	return append(dst, ']'), nil
}

// appendFunction appends a definition in OpenAI's shape, as Python prints it.
func appendFunction(dst []byte, tool sdk.ToolDefinition) ([]byte, error) {
	dst = append(dst, `{"type": "function", "function": {"name": `...)
	dst = appendQuoted(dst, tool.FullName())
	dst = append(dst, `, "description": `...)
	dst = appendQuoted(dst, tool.Description)
	dst = append(dst, `, "parameters": `...)
	dst, err := appendDumped(dst, tool.Parameters())
	if err != nil {
		return nil, fmt.Errorf("write the schema of the tool %q: %w", tool.FullName(), err)
	}
	return append(dst, "}}"...), nil
}
