package sdk

import (
	"strconv"

	ftprepv1 "github.com/ftprep/ftprep/proto/ftprep/v1"
)

// Hash returns a name for the toolset that depends only on its content. It is empty for a nil toolset.
func (t *Toolset) Hash() string {
	if t == nil {
		return ""
	}
	parts := []string{strconv.Itoa(len(t.Tools))}
	for _, tool := range t.Tools {
		parts = append(parts, tool.Server, tool.Name, tool.Description, string(tool.Schema))
	}
	return hash(parts...)
}

func toolsetToWire(t *Toolset) *ftprepv1.Toolset { return toolsetToWireAs(t.Hash(), t) }

// toolsetToWireAs returns a toolset with the name that items on the stream use for it.
func toolsetToWireAs(name string, t *Toolset) *ftprepv1.Toolset {
	if t == nil {
		return nil
	}
	return &ftprepv1.Toolset{Hash: name, Tools: mapped(t.Tools, func(tool ToolDefinition) *ftprepv1.ToolDefinition {
		cleanTexts(&tool.Server, &tool.Name, &tool.Description)
		cleanJSON(&tool.Schema)
		return &ftprepv1.ToolDefinition{Server: tool.Server, Name: tool.Name, Description: tool.Description, Schema: tool.Schema}
	})}
}

// toolsetFromWire returns a toolset without the sender's name for it.
func toolsetFromWire(m *ftprepv1.Toolset) *Toolset {
	if m == nil {
		return nil
	}
	return &Toolset{Tools: mapped(m.Tools, func(tool *ftprepv1.ToolDefinition) ToolDefinition {
		return ToolDefinition{Server: tool.Server, Name: tool.Name, Description: tool.Description, Schema: tool.Schema}
	})}
}
