package sdk

import (
	"bytes"
	"fmt"
	"maps"

	ftprepv1 "github.com/ftprep/ftprep/proto/ftprep/v1"
)

// toolsets holds toolsets by the names that they have on one stream. There may be many sets, one for each choice of
// tools, but there are few definitions, which the sets share.
type toolsets struct {
	sets        map[string]*Toolset
	definitions map[string]ToolDefinition // by full name, the last one that came
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

// namedBy returns the set that an item names, or nil if it names none.
func (t *toolsets) namedBy(item Item) (*Toolset, error) {
	if item.Toolset == "" {
		return nil, nil
	}
	set, known := t.sets[item.Toolset]
	if !known {
		return nil, fmt.Errorf("an example with a toolset %q that it never sent", item.Toolset)
	}
	return set, nil
}

// answeredToolsets holds the names of the toolsets that both ends of a stream know, by the hashes of their content. A set
// has come with examples, or is sent with an answer, before a replacing example names it.
type answeredToolsets struct {
	names map[string]string
	due   []*ftprepv1.Toolset // to be sent with the next answer
}

// addReceived adds the toolsets that came with a frame. The next answer is the one to that frame.
func (a *answeredToolsets) addReceived(names map[string]string) {
	maps.Copy(a.names, names)
	a.due = nil
}

// name returns the name of a set on the stream. A set that the host does not know is sent with the next answer.
func (a *answeredToolsets) name(hash string, set *Toolset) string {
	if set == nil {
		return ""
	}
	name, known := a.names[hash]
	if !known {
		name, a.names[hash] = hash, hash
		a.due = append(a.due, toolsetToWireAs(hash, set))
	}
	return name
}
