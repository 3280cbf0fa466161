package copies

import (
	"hash/maphash"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/core/plan"
	"github.com/ftprep/ftprep/core/stage"
	"github.com/ftprep/ftprep/sdk"
)

// TestACorrectionTakesThePlace checks what a correction replaces, whichever of the two was read first or says more.
func TestACorrectionTakesThePlace(t *testing.T) {
	const log, corrections, firstCorrections, onlyFirst, onlySecond = 0, 1, 2, 3, 4
	type read struct {
		source            int
		id, opening, says string
		calls             string
	}
	original := read{log, "x", "o", "a long answer", "1 2"}
	better := read{source: corrections, id: "x", opening: "o", says: "short"}
	for name, test := range map[string]struct {
		read   []read
		left   string // what is left, by what it says
		better string // what is left in whose place an output has something better
	}{
		"of fewer words and calls": {[]read{original, better}, "short", ""},
		"read first":               {[]read{better, original}, "short", ""},
		"of nothing":               {[]read{better, {log, "y", "p", "another", ""}}, "short, another", ""},
		"and of its copies":        {[]read{original, {log, "y", "o", "a long", "1"}, better}, "short", ""},
		"of what holds more by now, of which it is a copy": {
			[]read{original, {log, "y", "o", "a long answer, and more", "1 2 3"}, better}, "short", ""},
		"of a branch": {
			[]read{original, {log, "y", "o", "another way", "3"}, {corrections, "y", "o", "corrected", "4"}}, "a long answer, corrected", ""},
		"of what has another id by now": {[]read{{log, "y", "o", "a long answer now", "1 2"}, better}, "short", ""},
		"of two branches": {
			[]read{original, {log, "y", "o", "another way", "3"}, {corrections, "y", "o", "one", "3"}, better}, "one, short", ""},
		"of a branch, which it makes say what another says": {
			[]read{original, {log, "y", "o", "another way", "3"}, better, {corrections, "y", "o", "short", ""}}, "short", ""},
		"of a branch that has another id by now": {
			[]read{original, {log, "z", "o", "another way", "3 4"}, {corrections, "y", "o", "one", "3"}, better}, "one, short", ""},
		"twice": {[]read{original, better, better}, "short", ""},
		"twice, the second time in another way": {
			[]read{better, {corrections, "x", "o", "another way", "3"}, original}, "another way", ""},
		"in all outputs, each of which has it from another source": {
			[]read{{onlyFirst, "x", "o", "wrong", "1"}, {onlySecond, "x", "o", "wrong", "1"}, better}, "short", ""},
		"of what has another id by now, in all outputs": {
			[]read{{onlyFirst, "y", "o", "wrong", "1 2"}, {onlySecond, "y", "o", "wrong", "1 2"}, better}, "short", ""},
		"named by the id alone": {
			[]read{{corrections, "x", "", "short", ""}, original, {log, "y", "p", "another", ""}}, "short, another", ""},
		"without an opening": {
			[]read{{log, "x", "", "wrong", ""}, {log, "y", "", "right", ""}, {corrections, "x", "", "corrected", ""}}, "right, corrected", ""},
		"and only corrections do": {[]read{{log, "x", "", "one", ""}, {log, "x", "", "the other", ""}}, "one, the other", ""},
		"not in an output that gets no corrections": {
			[]read{original, {firstCorrections, "x", "o", "short", ""}}, "a long answer, short", "first: a long answer"},
	} {
		t.Run(name, func(t *testing.T) {
			store := stage.NewStore(t.TempDir())
			defer store.Close()
			groups := []plan.Group{{Outputs: []string{"first", "second"}}, {Outputs: []string{"first"}}, {Outputs: []string{"second"}}}
			rivals := stage.NewRivals(&plan.Plan{
				Sources: []*plan.Source{{Group: 0}, {Group: 0, Corrects: true}, {Group: 1, Corrects: true}, {Group: 1}, {Group: 2}}, Groups: groups,
			})
			seed := maphash.MakeSeed()
			var pieces []stage.Piece
			for _, one := range test.read {
				e := talk("hello", one.says)
				e.ID, e.Identity = one.id, sdk.Identity{Opening: one.opening, Calls: strings.Fields(one.calls)}
				items := []sdk.Item{sdk.NewItem(e)}
				chunk, err := store.Put(items)
				require.NoError(t, err)
				p := stage.Piece{Source: one.source, Chunk: chunk}
				p.Identify(seed, items, rivals.Corrected(one.source))
				pieces = append(pieces, p)
			}
			gone := 0
			pieces, _, err := Resolve(t.Context(), stage.Stage{Pieces: pieces, Store: store, Rivals: rivals}, func(_ stage.Piece, _ sdk.Item, by Instead) {
				gone++
				require.NotEmpty(t, by.ID)
			})
			require.NoError(t, err)
			var left, better []string
			for _, p := range pieces {
				items, err := store.Get(p.Chunk)
				require.NoError(t, err)
				for _, item := range items {
					e, err := item.Decode()
					require.NoError(t, err)
					left = append(left, e.Messages[1].Text)
					for _, output := range groups[rivals.Group(p.Source)].Outputs {
						if rivals.BetterIn(p.Source, item.ID, output) {
							better = append(better, output+": "+e.Messages[1].Text)
						}
					}
				}
			}
			require.Equal(t, test.left, strings.Join(left, ", "))
			require.Equal(t, test.better, strings.Join(better, ", "))
			require.Equal(t, len(test.read)-len(left), gone)
		})
	}
}

// TestCorrectionsWaitInTheStore: all that memory holds of corrections is that they correct something.
func TestCorrectionsWaitInTheStore(t *testing.T) {
	const openings, texts = 100, 4000
	store := stage.NewStore(t.TempDir())
	defer store.Close()
	rivals := stage.NewRivals(&plan.Plan{Sources: []*plan.Source{{}, {Corrects: true}}, Groups: []plan.Group{{}}})
	seed := maphash.MakeSeed()
	var pieces []stage.Piece
	for i := range 2 * openings {
		e := talk("hello", "there")
		for range texts {
			e.Messages = append(e.Messages, sdk.Message{Role: sdk.RoleAssistant, Text: "a"})
		}
		e.ID, e.Identity.Opening = strconv.Itoa(i/2), strconv.Itoa(i/2)
		items := []sdk.Item{sdk.NewItem(e)}
		chunk, err := store.Put(items)
		require.NoError(t, err)
		p := stage.Piece{Source: i % 2, Chunk: chunk}
		p.Identify(seed, items, rivals.Corrected(p.Source))
		pieces = append(pieces, p)
	}
	before, gone := heap(), 0
	const most = openings * texts * 8 / 2 // half of the hashes of their beginnings
	_, correcting, err := Resolve(t.Context(), stage.Stage{Pieces: pieces, Store: store, Rivals: rivals}, func(stage.Piece, sdk.Item, Instead) {
		if gone++; gone == openings {
			require.Less(t, heap()-before, int64(most))
		}
	})
	require.NoError(t, err)
	require.Equal(t, openings, gone)
	require.Equal(t, openings, correcting)
}
