package record

import (
	"maps"
	"slices"
)

// Count is one number in each of two runs.
type Count struct {
	Of   string `json:"of,omitempty"` // a block, or what the kept examples are counted by, such as "type"; empty: the whole run
	What string `json:"what"`         // that was counted
	A    int    `json:"a"`
	B    int    `json:"b"`
}

// CountedTools is the [Count.Of] of the calls in the examples that were kept.
const CountedTools = "calls by tool"

// compareCounts puts the numbers of two runs side by side.
func compareCounts(a, b *Summary) []Count {
	counts := []Count{}
	before, after := tallyOf(a), tallyOf(b)
	for _, of := range union(before.blocks, after.blocks) {
		for _, what := range union(before.names[of], after.names[of]) {
			key := [2]string{of, what}
			counts = append(counts, Count{of, what, before.counts[key], after.counts[key]})
		}
	}
	return counts
}

// tally holds the numbers of a run in order.
type tally struct {
	blocks []string            // each [Count.Of]
	names  map[string][]string // each [Count.What], by the block
	counts map[[2]string]int   // by both
}

func (t *tally) add(of, what string, n int) {
	key := [2]string{of, what}
	if _, known := t.counts[key]; !known {
		if t.names[of] == nil {
			t.blocks = append(t.blocks, of)
		}
		t.names[of] = append(t.names[of], what)
	}
	t.counts[key] += n
}

func (t *tally) addAll(of, prefix string, counts map[string]int) {
	for _, key := range slices.Sorted(maps.Keys(counts)) {
		t.add(of, prefix+key, counts[key])
	}
}

// tallyOf returns the numbers of a run, in the order of the run.
func tallyOf(s *Summary) *tally {
	t := &tally{names: map[string][]string{}, counts: map[[2]string]int{}}
	for _, source := range s.Sources {
		t.source(source)
	}
	for _, filter := range s.Filters {
		t.add(filter.Filter, "dropped", filter.Dropped)
		t.addAll(filter.Filter, "dropped: ", filter.Reasons)
		t.add(filter.Filter, "annotated", filter.Annotated)
		t.add(filter.Filter, "replaced", filter.Replaced)
		for _, found := range filter.Found {
			t.add(filter.Filter, "found: "+found.Kind, found.Count)
		}
	}
	t.add("", "copies", s.Copies)
	t.add("", "corrected", s.Corrected)
	t.add("", "corrections of nothing", s.Idle)
	t.add("", "added by replacements", s.Added)
	t.add("", "kept", s.Left())
	t.addAll("type", "", s.Kept.Types)
	t.addAll("task type", "", s.Kept.Tasks)
	t.addAll("label", "", s.Kept.Labels)
	t.addAll("model", "", s.Kept.Models)
	t.addAll("split", "", s.Kept.Splits)
	t.addAll(CountedTools, "", s.Kept.Tools)
	for _, output := range s.Outputs {
		t.output(output)
	}
	return t
}

func (t *tally) source(c *SourceCounts) {
	t.add(c.Source, "units", c.Units)
	t.add(c.Source, "records", c.Records)
	t.addAll(c.Source, "ignored: ", c.Ignored)
	t.add(c.Source, "unread", c.Unread)
	t.add(c.Source, "rejected", c.Rejected)
	t.add(c.Source, "examples", c.Examples)
}

func (t *tally) output(c *OutputCounts) {
	t.add(c.Output, "selected", c.Selected)
	t.add(c.Output, "written", c.Encoded)
	t.addAll(c.Output, "refused: ", c.Refused)
	t.addAll(c.Output, "rows left out: ", c.LeftOut)
	t.addAll(c.Output, "changed: ", c.Changed)
	t.add(c.Output, "rows", c.Rows)
	if c.Tokens != nil {
		t.add(c.Output, "tokens", c.Tokens.Total)
		t.add(c.Output, "tokens of the longest row", c.Tokens.Longest)
	}
}
