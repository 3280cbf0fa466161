package sdk

import "bytes"

// toolsets resolves the names that toolsets have on one stream. Its sets are as many as there are choices of tools; their definitions are few,
// and shared.
type toolsets struct {
	sets        map[string]*Toolset
	definitions map[string]ToolDefinition // the last of each name
}

func newToolsets() *toolsets {
	return &toolsets{sets: map[string]*Toolset{}, definitions: map[string]ToolDefinition{}}
}

func (t *toolsets) add(name string, set *Toolset) {
	for i, tool := range set.Tools {
		full := tool.FullName()
		if known := t.definitions[full]; known.Description == tool.Description && bytes.Equal(known.Schema, tool.Schema) &&
			known.Server == tool.Server && known.Name == tool.Name {
			set.Tools[i] = known
		} else {
			t.definitions[full] = tool
		}
	}
	t.sets[name] = set
}
