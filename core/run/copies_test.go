package run

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/core/plan"
	"github.com/ftprep/ftprep/sdk"
)

func TestABranchKeepsItsToolset(t *testing.T) {
	s := newStore(t.TempDir())
	defer s.close()
	tools := &sdk.Toolset{Tools: []sdk.ToolDefinition{{Name: "Bash"}}}
	var items []sdk.Item
	for _, calls := range [][]string{{"1", "2"}, {"3"}} {
		e := talk("hello", "there")
		e.Toolset, e.Identity = tools, sdk.Identity{Opening: "o", Calls: calls}
		items = append(items, sdk.NewItem(e))
	}
	both, err := s.put(items)
	require.NoError(t, err)
	c := &copies{store: s, rivals: newRivals([]plan.Group{{}})}
	pieces, err := c.resolve([]piece{{chunk: both, openings: []uint64{1, 1}}}, func(piece, sdk.Item, string) {})
	require.NoError(t, err)
	got, err := s.get(pieces[0].chunk)
	require.NoError(t, err)
	require.Len(t, got, 2)
	for _, item := range got {
		require.Equal(t, tools.Hash(), item.Toolset)
	}
}

// TestOfCopiesTheLongerStays: files in any order, one of which ends before the last words.
func TestOfCopiesTheLongerStays(t *testing.T) {
	for _, texts := range [][]string{{"there", "there, and more"}, {"there, and more", "there"}} {
		s := newStore(t.TempDir())
		defer s.close()
		var items []sdk.Item
		for _, text := range texts {
			e := talk("hello", text)
			e.ID, e.Identity = text, sdk.Identity{Opening: "o"}
			items = append(items, sdk.NewItem(e))
		}
		both, err := s.put(items)
		require.NoError(t, err)
		c := &copies{store: s, rivals: newRivals([]plan.Group{{}})}
		pieces, err := c.resolve([]piece{{chunk: both, openings: []uint64{1, 1}}}, func(piece, sdk.Item, string) {})
		require.NoError(t, err)
		got, err := s.get(pieces[0].chunk)
		require.NoError(t, err)
		require.Len(t, got, 1)
		example, err := got[0].Decode()
		require.NoError(t, err)
		require.Equal(t, "there, and more", example.ResponseText())
	}
}
