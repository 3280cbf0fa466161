package record

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
)

// past writes the record of a run in which things happened to examples.
func past(t *testing.T, work, run string, summary Summary, happenings func(w *Writer)) {
	t.Helper()
	w, err := New(work, run)
	require.NoError(t, err)
	happenings(w)
	summary.Version, summary.Run, summary.Pipeline = SummaryVersion, run, "pipeline.hcl"
	if summary.Kept == nil {
		summary.Kept = NewCensus()
	}
	finish(t, w, &summary)
}

func kept(id string, score float64) sdk.Item {
	return sdk.Item{ID: id, Type: sdk.TypeMultiStep, Quality: &score}
}

func read(w *Writer, ids ...string) {
	for _, id := range ids {
		w.Read("source.lab.x", "u", []sdk.Item{{ID: id}})
	}
}

func TestCompareTellsWhatBecameOtherwise(t *testing.T) {
	work := t.TempDir()
	outputs := func() []*OutputCounts { return []*OutputCounts{{Output: "output.lab.a"}, {Output: "output.lab.b"}} }
	past(t, work, "20260101T000000.000-1", Summary{
		Outputs:  outputs(),
		Filters:  []*FilterCounts{{Filter: "filter.quality.ok", Dropped: 1, Reasons: Counts{"low quality": 1}}},
		Settings: map[string]Settings{"filter.quality.ok": {"min_score": json.RawMessage("0.5")}},
		Opened:   map[string]string{"filter.quality.ok": "x"},
	}, func(w *Writer) {
		read(w, "same", "falls", "gone", "low", "moves")
		w.Event(Event{ID: "low", Step: "filter.quality.ok", Action: "drop", Reason: "low quality"})
		w.Kept([]sdk.Item{kept("same", 0.9), kept("falls", 0.6), kept("gone", 0.9), kept("moves", 0.7)}, []string{"", "", "", "status_query"})
		w.Rows([]Rows{{Output: "output.lab.a", IDs: []string{"same", "same", "falls", "gone", "moves"}}, {Output: "output.lab.b", IDs: []string{"moves"}}})
	})
	past(t, work, "20260102T000000.000-2", Summary{
		Experiment: "strict", Outputs: outputs(),
		Filters:  []*FilterCounts{{Filter: "filter.quality.ok", Dropped: 2, Reasons: Counts{"low quality": 2}}},
		Settings: map[string]Settings{"filter.quality.ok": {"min_score": json.RawMessage("0.7")}},
		Opened:   map[string]string{"filter.quality.ok": "y"},
	}, func(w *Writer) {
		read(w, "moves", "low", "falls", "same", "new", "wrong")
		w.Event(Event{ID: "falls", Step: "filter.quality.ok", Action: "drop", Reason: "low quality"})
		w.Event(Event{ID: "low", Step: "filter.quality.ok", Action: "drop", Reason: "low quality"})
		w.Event(Event{ID: "new", Step: "source.lab.x", Action: "copy", Reason: "example same holds it all"})
		w.Event(Event{ID: "wrong", Step: "source.lab.x", Action: "corrected", Reason: "example right of source.lab.y takes its place"})
		w.Event(Event{ID: "moves", Step: "output.lab.b", Action: "refuse", Reason: "too long"})
		w.Kept([]sdk.Item{kept("same", 0.9), kept("moves", 0.8)}, []string{"", "loop_command"})
		w.Rows([]Rows{{Output: "output.lab.a", IDs: []string{"same", "moves"}}})
	})
	c, err := Runs{Work: work, Pipeline: "pipeline.hcl"}.Compare("base", "strict", 0)
	require.NoError(t, err)
	require.Equal(t, Compared{A: 5, B: 6, Same: 3}, c.Examples)
	require.Equal(t, []Change{
		{notRead, copied, 1, []string{"new"}},
		{notRead, corrected, 1, []string{"wrong"}},
		{written, "dropped by filter.quality.ok: low quality", 1, []string{"falls"}},
		{written, notRead, 1, []string{"gone"}},
	}, c.Fates)
	require.Equal(t, []OutputChanges{{"output.lab.a", []Change{}}, {"output.lab.b", []Change{{written, "refused: too long", 1, []string{"moves"}}}}}, c.Outputs)
	require.Empty(t, c.Types)
	require.Equal(t, []Change{{"status_query", "loop_command", 1, []string{"moves"}}}, c.Tasks)
	require.Equal(t, ScoreChanges{1, 0, []ScoreChange{{"moves", 0.7, 0.8}}}, c.Scores)
	require.Equal(t, []Setting{
		{"", SettingExperiment, json.RawMessage(`"base"`), json.RawMessage(`"strict"`)},
		{"filter.quality.ok", "min_score", json.RawMessage("0.5"), json.RawMessage("0.7")},
	}, c.Settings)
	require.Contains(t, c.Counts, Count{"filter.quality.ok", "dropped: low quality", 1, 2})
}

func TestASettingThatIsNotRecordedIsSaid(t *testing.T) {
	of := func(digest string, filters ...string) *Summary {
		s := &Summary{Opened: map[string]string{}, Settings: map[string]Settings{}}
		for _, filter := range filters {
			s.Filters = append(s.Filters, &FilterCounts{Filter: filter})
			s.Opened[filter] = digest
		}
		return s
	}
	require.Equal(t, []Setting{{"f", SettingHidden, json.RawMessage(`"x"`), json.RawMessage(`"y"`)}}, differentSettings(of("x", "f"), of("y", "f")))
	require.Equal(t, []Setting{{"", SettingFilters, json.RawMessage(`["f","g"]`), json.RawMessage(`["g"]`)}}, differentSettings(of("x", "f", "g"), of("x", "g")))
}

// TestComparisonsAddUp: whatever happens to examples, a run does not differ from itself, and the examples of each of two runs
// are those that stayed the same and those that changed.
func TestComparisonsAddUp(t *testing.T) {
	work := t.TempDir()
	runs := Runs{Work: work, Pipeline: "pipeline.hcl"}
	random := rand.New(rand.NewPCG(1, 2))
	const names = 6
	distinct := make([]map[string]bool, names)
	for i := range names {
		distinct[i] = map[string]bool{}
		past(t, work, fmt.Sprintf("2026010%dT000000.000-1", i), Summary{Outputs: []*OutputCounts{{Output: "output.lab.a"}}}, func(w *Writer) {
			for range 200 {
				id := fmt.Sprint(random.IntN(60)) + []string{"", "\"\\é\n"}[random.IntN(2)] // logs may have ids of their own
				distinct[i][id] = true
				happen(w, random, id)
			}
		})
	}
	for a := range names {
		self, err := runs.Compare(fmt.Sprintf("2026010%d", a), fmt.Sprintf("2026010%d", a), 2)
		require.NoError(t, err)
		require.Equal(t, Compared{len(distinct[a]), len(distinct[a]), len(distinct[a])}, self.Examples)
		require.Empty(t, slices.Concat(self.Fates, self.Types, self.Tasks, self.Outputs[0].Changes))
		require.Empty(t, self.Settings)
		require.Zero(t, self.Scores.Higher+self.Scores.Lower)
		for b := range names {
			c, err := runs.Compare(fmt.Sprintf("2026010%d", a), fmt.Sprintf("2026010%d", b), 2)
			require.NoError(t, err)
			require.Equal(t, len(distinct[a]), c.Examples.A)
			require.Equal(t, len(distinct[b]), c.Examples.B)
			left, came := c.Examples.Same, c.Examples.Same
			for _, change := range c.Fates {
				if change.From != notRead {
					left += change.Count
				}
				if change.To != notRead {
					came += change.Count
				}
				require.Len(t, change.IDs, min(change.Count, 2))
				require.True(t, slices.IsSorted(change.IDs))
			}
			require.Equal(t, c.Examples.A, left)
			require.Equal(t, c.Examples.B, came)
			all, err := runs.Compare(fmt.Sprintf("2026010%d", a), fmt.Sprintf("2026010%d", b), 0)
			require.NoError(t, err)
			require.Len(t, all.Scores.Most, all.Scores.Higher+all.Scores.Lower)
			require.True(t, slices.IsSortedFunc(all.Scores.Most, ScoreChange.compare), "units are read in any order")
			require.Equal(t, c.Scores.Most, all.Scores.Most[:min(len(all.Scores.Most), 2)])
		}
	}
}

// happen lets anything happen to an example, in any order.
func happen(w *Writer, random *rand.Rand, id string) {
	reason := strings.Repeat("r", random.IntN(3))
	switch random.IntN(7) {
	case 0:
		read(w, id)
	case 1:
		read(w, id)
		w.Event(Event{ID: id, Step: "source.lab.x", Action: "copy", Reason: "example " + reason})
	case 2:
		w.Event(Event{ID: id, Step: "filter.lab.y", Action: "drop", Reason: reason})
	case 3:
		w.Event(Event{ID: id, Step: "filter.lab.z", Action: "replace"})
	case 4:
		w.Kept([]sdk.Item{kept(id, random.Float64())}, []string{reason})
		w.Event(Event{ID: id, Step: "output.lab.a", Action: "refuse", Reason: reason})
	default:
		w.Kept([]sdk.Item{kept(id, random.Float64())}, []string{reason})
		w.Rows([]Rows{{Output: "output.lab.a", IDs: []string{id, id}}})
	}
}

func TestUnion(t *testing.T) {
	for _, test := range [][3]string{
		{"a b", "a b", "a b"}, {"", "a b", "a b"}, {"a b", "", "a b"}, {"a c", "a b", "a b c"}, {"b", "a b c", "a b c"}, {"b a", "a b c", "b c a"},
	} {
		require.Equal(t, strings.Fields(test[2]), union(strings.Fields(test[0]), strings.Fields(test[1])))
	}
	require.Equal(t, []string{"x"}, union(nil, []string{"x"}))
	require.Empty(t, union(nil, nil))
}

func TestNamesOfRuns(t *testing.T) {
	work := t.TempDir()
	runs := Runs{Work: work, Pipeline: "pipeline.hcl"}
	_, err := runs.named(Last)
	require.ErrorContains(t, err, "no run has left a record here")
	for i, experiment := range []string{"", "strict", "", "strict"} {
		past(t, work, fmt.Sprintf("2026010%dT000000.000-1%d", i+1, i), Summary{Experiment: experiment}, func(*Writer) {})
	}
	w, err := New(work, "20260109T000000.000-99")
	require.NoError(t, err)
	require.NoError(t, w.Complete())
	for name, day := range map[string]string{
		Last: "4", Previous: "3", "base": "3", "strict": "4", "20260102": "2", "-10": "1", "20260103T000000.000-12": "3",
	} {
		found, err := runs.named(name)
		require.NoError(t, err, name)
		require.Equal(t, "2026010"+day, found[0].name()[:8], name)
	}
	for name, why := range map[string]string{
		"99": "it did not finish", "strcit": "no recorded run has this id", "": "no recorded run has this id", "2026010": "the ids of several recorded runs begin or end with it",
	} {
		_, err := runs.named(name)
		var fault *NameError
		require.ErrorAs(t, err, &fault, name)
		require.Contains(t, err.Error(), why)
		require.Len(t, fault.Runs, 5)
		require.Equal(t, "20260109T000000.000-99", fault.Runs[0].Run)
		require.Empty(t, fault.Runs[0].Experiment)
		require.Equal(t, 9, fault.Runs[0].Started.Day())
	}
	alone := Runs{Work: t.TempDir(), Pipeline: "pipeline.hcl"}
	past(t, alone.Work, "20260101T000000.000-1", Summary{}, func(*Writer) {})
	_, err = alone.named(Previous)
	require.ErrorContains(t, err, "only 1 of the recorded runs finished")
}
