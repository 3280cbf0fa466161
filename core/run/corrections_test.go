package run

import (
	"hash/maphash"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/core/plan"
	"github.com/ftprep/ftprep/sdk"
)

// TestACorrectionTakesThePlace of what it corrects, whichever of them was read first and says more.
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
		better string // in whose place an output has something better
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
			store := newStore(t.TempDir())
			defer store.close()
			rivals := newRivals(&plan.Plan{
				Sources: []*plan.Source{{Group: 0}, {Group: 0, Corrects: true}, {Group: 1, Corrects: true}, {Group: 1}, {Group: 2}},
				Groups:  []plan.Group{{Outputs: []string{"first", "second"}}, {Outputs: []string{"first"}}, {Outputs: []string{"second"}}},
			})
			seed := maphash.MakeSeed()
			var pieces []piece
			for _, one := range test.read {
				e := talk("hello", one.says)
				e.ID, e.Identity = one.id, sdk.Identity{Opening: one.opening, Calls: strings.Fields(one.calls)}
				items := []sdk.Item{sdk.NewItem(e)}
				chunk, err := store.put(items)
				require.NoError(t, err)
				p := piece{source: one.source, chunk: chunk}
				p.identify(seed, items, rivals.corrected(one.source))
				pieces = append(pieces, p)
			}
			gone := 0
			pieces, err := newCopies(stage{pieces, store, rivals}).resolve(t.Context(), func(_ piece, _ sdk.Item, f fate) {
				gone++
				require.NotEqual(t, f.copyOf == "", f.corrected == nil)
			})
			require.NoError(t, err)
			var left, better []string
			for _, p := range pieces {
				items, err := store.get(p.chunk)
				require.NoError(t, err)
				for _, item := range items {
					e, err := item.Decode()
					require.NoError(t, err)
					left = append(left, e.Messages[1].Text)
					for _, output := range rivals.groups[rivals.group(p.source)].Outputs {
						if rivals.betterIn(p.source, item.ID, output) {
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
