package run

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/core/plan"
	"github.com/ftprep/ftprep/core/stage"
	"github.com/ftprep/ftprep/sdk"
)

func TestWhatMakesWayNamesWhatStays(t *testing.T) {
	store := stage.NewStore(t.TempDir())
	defer store.Close()
	put := func(ids ...string) stage.Chunk {
		var items []sdk.Item
		for _, id := range ids {
			e := talk("hello", "there")
			e.ID = id
			items = append(items, sdk.NewItem(e))
		}
		c, err := store.Put(items)
		require.NoError(t, err)
		return c
	}
	answers := [][]keyed{
		{{[]uint64{1}, 0.5}, {[]uint64{1}, 0.5}, {nil, 0}, {[]uint64{2, 3}, 0.5}},
		{{[]uint64{1}, 1}, {[]uint64{3}, 0.5}, {[]uint64{2, 4}, 1}, {[]uint64{5}, 0}},
		{{[]uint64{5}, 0}, {[]uint64{5}, 0}},
	}
	pieces := []stage.Piece{
		{Source: 0, Chunk: put("worse", "worse and later", "unlike any", "between two")},
		{Source: 0, Chunk: put("best", "third of three", "first of three", "earlier")},
		{Source: 1, Chunk: put("taken by less", "taken by less, too")},
	}
	rivals := stage.NewRivals(&plan.Plan{
		Sources: []*plan.Source{{Group: 0}, {Group: 1}},
		Groups:  []plan.Group{{Outputs: []string{"a", "b"}}, {Outputs: []string{"b"}}},
	})
	b, err := newBest(stage.Stage{Pieces: pieces, Store: store, Rivals: rivals}, answers)
	require.NoError(t, err)
	named := map[stage.Position]string{}
	for at, other := range b.replacedBy {
		named[at] = b.ids[other]
	}
	require.Equal(t, map[stage.Position]string{
		at(0, 0): "best", at(0, 1): "best", // the best one comes last
		at(0, 3): "first of three", at(1, 1): "first of three", // what is better than the second makes way itself
		at(2, 0): "earlier", at(2, 1): "earlier",
	}, named)
}

// TestNothingMakesWayForWhatIsNotBetter: an example makes way neither for a worse one that came earlier from another source nor
// for one with another key.
func TestNothingMakesWayForWhatIsNotBetter(t *testing.T) {
	rivals := stage.NewRivals(&plan.Plan{
		Sources: []*plan.Source{{Group: 0}, {Group: 1}},
		Groups:  []plan.Group{{Outputs: []string{"a", "b"}}, {Outputs: []string{"b"}}},
	})
	answers := [][]keyed{{{[]uint64{1}, 0.5}}, {{[]uint64{1}, 0.9}, {[]uint64{2}, 0}}}
	b, err := newBest(stage.Stage{Pieces: []stage.Piece{{Source: 0}, {Source: 1}}, Rivals: rivals}, answers)
	require.NoError(t, err)
	require.Empty(t, b.replacedBy)
}

// TestNothingMakesWayForARival: the output that leaves the rival out would have neither.
func TestNothingMakesWayForARival(t *testing.T) {
	store := stage.NewStore(t.TempDir())
	defer store.Close()
	rivals := stage.NewRivals(&plan.Plan{
		Sources: []*plan.Source{{Group: 0}, {Group: 1}},
		Groups:  []plan.Group{{Outputs: []string{"a", "b"}}, {Outputs: []string{"b"}}},
	})
	rivals.Add(0, "wrong", []int{1})
	original, err := store.Put([]sdk.Item{{ID: "wrong"}, {ID: "the same"}})
	require.NoError(t, err)
	correction, err := store.Put([]sdk.Item{{ID: "wrong"}})
	require.NoError(t, err)
	pieces := []stage.Piece{{Source: 0, Chunk: original}, {Source: 1, Chunk: correction}}
	b, err := newBest(stage.Stage{Pieces: pieces, Store: store, Rivals: rivals}, [][]keyed{{{[]uint64{1}, 1}, {[]uint64{2}, 0}}, {{[]uint64{1}, 0}}})
	require.NoError(t, err)
	require.Empty(t, b.replacedBy, "neither its correction")
	b, err = newBest(stage.Stage{Pieces: pieces, Store: store, Rivals: rivals}, [][]keyed{{{[]uint64{1}, 1}, {[]uint64{1}, 0}}, {{nil, 0}}})
	require.NoError(t, err)
	require.Empty(t, b.replacedBy, "nor what its source has besides")
	b, err = newBest(stage.Stage{Pieces: pieces, Store: store, Rivals: rivals}, [][]keyed{{{[]uint64{1}, 0}, {[]uint64{1}, 1}}, {{nil, 0}}})
	require.NoError(t, err)
	require.Equal(t, map[stage.Position]stage.Position{at(0, 0): at(0, 1)}, b.replacedBy, "but it makes way")
}

// TestAChainOfBetterOnesIsFollowedOnce: each of many examples is the same as the next, which is better.
func TestAChainOfBetterOnesIsFollowedOnce(t *testing.T) {
	const n = 50_000
	store := stage.NewStore(t.TempDir())
	defer store.Close()
	var chain []keyed
	var items []sdk.Item
	for i := range uint64(n) {
		chain = append(chain, keyed{[]uint64{i + 1, i}, float64(i) / n})
		items = append(items, sdk.Item{ID: fmt.Sprint(i)})
	}
	c, err := store.Put(items)
	require.NoError(t, err)
	rivals := stage.NewRivals(&plan.Plan{Sources: []*plan.Source{{}}, Groups: []plan.Group{{}}})
	b, err := newBest(stage.Stage{Pieces: []stage.Piece{{Chunk: c}}, Store: store, Rivals: rivals}, [][]keyed{chain})
	require.NoError(t, err)
	require.Len(t, b.replacedBy, n-1)
	require.Equal(t, map[stage.Position]string{at(0, n-1): fmt.Sprint(n - 1)}, b.ids)
}

func at(piece, item int) stage.Position { return stage.Position{Piece: piece, Item: item} }
