package sdk

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"

	ftprepv1 "github.com/ftprep/ftprep/proto/ftprep/v1"
)

// described returns a toolset of one tool.
func described(description string) *Toolset {
	return &Toolset{Tools: []ToolDefinition{{Name: "look", Description: description}}}
}

// TestItemsNameToolsetsByTheirContent: frames whose names are hashes stay as they came; others are encoded anew.
func TestItemsNameToolsetsByTheirContent(t *testing.T) {
	first, second := described("first"), described("second")
	parse := func(set *ftprepv1.Toolset, names ...string) ReadFrame {
		frame := &ftprepv1.Frame{}
		if set != nil {
			frame.Toolsets = []*ftprepv1.Toolset{set}
		}
		var items []Item
		for _, name := range names {
			example := &Example{ID: "id", Messages: []Message{{Role: RoleUser, Text: "text"}}}
			item := NewItem(example)
			item.nameToolset(name)
			items = append(items, item)
		}
		data, err := (&framed{field: responseFrame, frame: frame, items: items, rest: &ftprepv1.ReadResponse{}}).appendTo(nil)
		require.NoError(t, err)
		message := newReadMessage()
		require.NoError(t, message.parse(data))
		return readFrameOf(message)
	}
	aliases := aliases{}
	resolve := func(frame ReadFrame) (names []string, asItCame, bare bool) {
		whole, err := frame.AppendBinary(nil)
		require.NoError(t, err)
		aliases.resolve(&frame)
		for _, item := range frame.Items {
			message := &ftprepv1.Example{}
			require.NoError(t, proto.Unmarshal(item.Example, message))
			require.Equal(t, item.Toolset, message.Toolset)
			names = append(names, item.Toolset)
		}
		data, err := frame.AppendBinary(nil)
		require.NoError(t, err)
		again, err := ParseReadFrame(data)
		require.NoError(t, err)
		require.Equal(t, frame.Items, again.Items)
		require.Equal(t, frame.Toolsets, again.Toolsets)
		return names, slices.Equal(whole, data), frame.Encoding() != nil
	}
	for _, step := range []struct {
		does           string
		frame          ReadFrame
		want           []string
		asItCame, bare bool
	}{
		{"the hash", parse(toolsetToWire(first), first.Hash(), ""), []string{first.Hash(), ""}, true, false},
		{"a name", parse(toolsetToWireAs("mine", first), "mine", ""), []string{first.Hash(), ""}, false, false},
		{"a name of before", parse(nil, "", "mine"), []string{"", first.Hash()}, false, false},
		{"no name", parse(nil, "", first.Hash()), []string{"", first.Hash()}, true, true},
		{"a name that means another now", parse(toolsetToWireAs("mine", second), "mine"), []string{second.Hash()}, false, false},
		{"the hash of another", parse(toolsetToWireAs(first.Hash(), second), first.Hash()), []string{second.Hash()}, false, false},
		{"the hash again", parse(toolsetToWire(first), first.Hash()), []string{first.Hash()}, true, false},
		{"a set without a name", parse(toolsetToWireAs("", first), ""), []string{""}, true, false},
	} {
		names, asItCame, bare := resolve(step.frame)
		require.Equal(t, step.want, names, step.does)
		require.Equal(t, step.asItCame, asItCame, step.does)
		require.Equal(t, step.bare, bare, step.does)
	}
}
