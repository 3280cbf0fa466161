package sdk

import (
	"fmt"
	"strconv"

	ftprepv1 "github.com/ftprep/ftprep/proto/ftprep/v1"
)

// An Item is an example as it travels: encoded, with the fields by which the host routes it.
type Item struct {
	ID       string
	Opening  string // [Identity].Opening
	Answered int    // how many calls the identity names
	Source   string
	Type     Type
	Quality  *float64
	Split    string
	Toolset  string // hash
	Example  []byte // never changed: what was decoded of it shares its memory
}

// NewItem encodes an example. The toolset that it names has to travel separately.
func NewItem(e *Example) Item {
	return Item{
		ID: e.ID, Opening: e.Identity.Opening, Answered: len(e.Identity.Calls), Source: e.Source, Type: e.Type,
		Quality: e.Quality, Split: e.Split, Toolset: e.Toolset.Hash(), Example: e.encode(),
	}
}

// Decode decodes the item's example, without its toolset. Its long texts share the item's memory.
func (i Item) Decode() (*Example, error) {
	example, err := decodeExample(i.Example)
	if err != nil {
		return nil, fmt.Errorf("decode example %s: %w", i.ID, err)
	}
	return example, nil
}

func itemToWire(i Item) *ftprepv1.Item {
	return &ftprepv1.Item{
		Id: i.ID, Opening: i.Opening, Answered: int32(i.Answered), Source: i.Source, Type: string(i.Type),
		Score: i.Quality, Split: i.Split, Toolset: i.Toolset, Example: i.Example,
	}
}

func itemFromWire(m *ftprepv1.Item) Item {
	return Item{
		ID: m.Id, Opening: m.Opening, Answered: int(m.Answered), Source: m.Source, Type: Type(m.Type),
		Quality: m.Score, Split: m.Split, Toolset: m.Toolset, Example: m.Example,
	}
}

func itemsToWire(items []Item) *ftprepv1.Frame {
	frame := &ftprepv1.Frame{Items: make([]*ftprepv1.Item, len(items))}
	for i, item := range items {
		frame.Items[i] = itemToWire(item)
	}
	return frame
}

func itemsFromWire(frame *ftprepv1.Frame) []Item {
	items := make([]Item, len(frame.GetItems()))
	for i, item := range frame.GetItems() {
		items[i] = itemFromWire(item)
	}
	return items
}

// Hash names a toolset by its content; that of a nil toolset is empty.
func (t *Toolset) Hash() string {
	if t == nil {
		return ""
	}
	if t.Name != "" {
		return t.Name
	}
	parts := []string{strconv.Itoa(len(t.Tools))}
	for _, tool := range t.Tools {
		parts = append(parts, tool.Server, tool.Name, tool.Description, string(tool.Schema))
	}
	return hash(parts...)
}

func toolsetToWire(t *Toolset) *ftprepv1.Toolset {
	if t == nil {
		return nil
	}
	message := &ftprepv1.Toolset{Hash: t.Hash()}
	for _, tool := range t.Tools {
		message.Tools = append(message.Tools, &ftprepv1.ToolDefinition{
			Server: tool.Server, Name: tool.Name, Description: tool.Description, Schema: tool.Schema,
		})
	}
	return message
}

func toolsetFromWire(m *ftprepv1.Toolset) *Toolset {
	if m == nil {
		return nil
	}
	set := &Toolset{}
	for _, tool := range m.Tools {
		set.Tools = append(set.Tools, ToolDefinition{
			Server: tool.Server, Name: tool.Name, Description: tool.Description, Schema: tool.Schema,
		})
	}
	if set.Hash() != m.Hash {
		set.Name = m.Hash
	}
	return set
}
