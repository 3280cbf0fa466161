package run

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/core/plan"
	"github.com/ftprep/ftprep/sdk"
)

func TestABranchKeepsItsToolset(t *testing.T) {
	tools := &sdk.Toolset{Tools: []sdk.ToolDefinition{{Name: "Bash"}}}
	var twins []*sdk.Example
	for _, calls := range [][]string{{"1", "2"}, {"3"}} {
		e := talk("hello", "there")
		e.Toolset, e.Identity.Calls = tools, calls
		twins = append(twins, e)
	}
	left := resolved(t, twins...)
	require.Len(t, left, 2)
	for _, item := range left {
		require.Equal(t, tools.Hash(), item.Toolset)
	}
}

// TestOfCopiesTheLongerStays: files in any order, one of which ends before the last words.
func TestOfCopiesTheLongerStays(t *testing.T) {
	short, long := talk("hello", "there"), talk("hello", "there, and more")
	short.ID, long.ID = "short", "long"
	for _, twins := range [][]*sdk.Example{{short, long}, {long, short}} {
		left := resolved(t, twins...)
		require.Len(t, left, 1)
		require.Equal(t, "long", left[0].ID)
	}
}

// resolved gives what is left of examples that have one opening.
func resolved(t *testing.T, twins ...*sdk.Example) []sdk.Item {
	s := newStore(t.TempDir())
	defer s.close()
	var items []sdk.Item
	for _, e := range twins {
		e.Identity.Opening = "o"
		items = append(items, sdk.NewItem(e))
	}
	together, err := s.put(items)
	require.NoError(t, err)
	c := &copies{store: s, rivals: newRivals(&plan.Plan{Sources: []*plan.Source{{}}, Groups: []plan.Group{{}}})}
	pieces, err := c.resolve([]piece{{chunk: together, openings: []uint64{1, 1}}}, func(piece, sdk.Item, string) {})
	require.NoError(t, err)
	left, err := s.get(pieces[0].chunk)
	require.NoError(t, err)
	return left
}
