package sdk

import (
	"strconv"

	ftprepv1 "github.com/ftprep/ftprep/proto/ftprep/v1"
)

// Hash names a toolset by its content; that of a nil toolset is empty.
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

// toolsetToWireAs sends a toolset under the name that items of the stream have for it.
func toolsetToWireAs(name string, t *Toolset) *ftprepv1.Toolset {
	if t == nil {
		return nil
	}
	message := &ftprepv1.Toolset{Hash: name}
	for _, tool := range t.Tools {
		cleanTexts(&tool.Server, &tool.Name, &tool.Description)
		cleanJSON(&tool.Schema)
		message.Tools = append(message.Tools, &ftprepv1.ToolDefinition{
			Server: tool.Server, Name: tool.Name, Description: tool.Description, Schema: tool.Schema,
		})
	}
	return message
}

func toolsetsToWire(sets []*Toolset) []*ftprepv1.Toolset {
	var messages []*ftprepv1.Toolset
	for _, set := range sets {
		messages = append(messages, toolsetToWire(set))
	}
	return messages
}

// toolsetFromWire gives a toolset without what the sender calls it.
func toolsetFromWire(m *ftprepv1.Toolset) *Toolset {
	if m == nil {
		return nil
	}
	set := &Toolset{Tools: make([]ToolDefinition, len(m.Tools))}
	for i, tool := range m.Tools {
		set.Tools[i] = ToolDefinition{Server: tool.Server, Name: tool.Name, Description: tool.Description, Schema: tool.Schema}
	}
	return set
}
