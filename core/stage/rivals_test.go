package stage

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/core/plan"
	"github.com/ftprep/ftprep/sdk"
)

func TestARivalStaysWhereNothingBetterGoes(t *testing.T) {
	const both, first, second = 0, 1, 2 // sources and their groups
	r := NewRivals(&plan.Plan{
		Sources: []*plan.Source{{Group: both}, {Group: first}, {Group: second}},
		Groups:  []plan.Group{{Outputs: []string{"a", "b"}}, {Outputs: []string{"a"}}, {Outputs: []string{"b"}}},
	})
	require.True(t, r.None())
	before := r.Clone()
	r.Add(both, "x", []int{first})         // all of it stands in a better one, which only a takes
	r.Add(both, "y", []int{first, second}) // two hold it together, and no output takes both
	require.True(t, before.None(), "a copy stays as it is")

	require.True(t, r.BetterIn(both, "x", "a"))
	require.False(t, r.BetterIn(both, "x", "b"))
	require.False(t, r.BetterIn(both, "y", "a"))
	require.False(t, r.BetterIn(first, "x", "a"), "another source's")
	require.Equal(t, both, r.FindOrAddGroup(both, "y"))
	require.Equal(t, second, r.FindOrAddGroup(both, "x"), "it goes where b goes")
	require.True(t, r.Covers(both, second))
	require.False(t, r.Covers(second, both))
	require.Equal(t, 3, r.Groups())
}

func TestSplitsAreThoseOfWhatIsSelected(t *testing.T) {
	store := NewStore(t.TempDir())
	defer store.Close()
	put := func(source int, items ...sdk.Item) Piece {
		chunk, err := store.Put(items)
		require.NoError(t, err)
		return Piece{Source: source, Chunk: chunk}
	}
	s := Stage{Store: store, Pieces: []Piece{
		put(0, sdk.Item{Split: "train", Type: "multi_step"}, sdk.Item{Split: "eval", Type: "negative"}, sdk.Item{}),
		put(1, sdk.Item{Split: "test", Type: "multi_step"}),
	}}
	require.Equal(t, 4, s.Count())
	require.Equal(t, []string{"eval", "test", "train"}, s.Splits(func(int, sdk.Type) bool { return true }))
	require.Equal(t, []string{"train"}, s.Splits(func(source int, typ sdk.Type) bool { return source == 0 && typ == "multi_step" }))
}
