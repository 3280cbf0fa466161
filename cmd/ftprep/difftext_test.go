package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/core/record"
)

func TestWriteDiff(t *testing.T) {
	c := &record.Comparison{
		A: record.Brief{Run: "one", Experiment: "base"}, B: record.Brief{Run: "two", Experiment: "strict"},
		Settings: []record.Setting{
			{Option: record.SettingFilters, A: json.RawMessage(`["filter.a.x","filter.b.y"]`), B: json.RawMessage(`[]`)},
			{Block: "filter.a.x", Option: "words", A: nil, B: json.RawMessage(`""`)},
			{Block: "filter.a.x", Option: record.SettingHidden, A: json.RawMessage(`"12"`), B: json.RawMessage(`"34"`)},
		},
		Counts: []record.Count{
			{Of: "source.a.x", What: "units", A: 1, B: 1}, {Of: "source.a.x", What: "records", A: 5, B: 5}, {What: "kept", A: 3, B: 1},
			{Of: "type", What: "negative", A: 0, B: 0},
		},
		Examples: record.Compared{A: 3, B: 2, Same: 1},
		Fates:    []record.Change{{From: "written", To: "dropped by filter.a.x: \x1b[2J\n", Count: 2, IDs: []string{"1", "2"}}},
		Tasks:    []record.Change{{From: "", To: "loop_command", Count: 1, IDs: []string{"3"}}},
		Splits:   []record.Change{{From: "", To: "eval", Count: 1, IDs: []string{"4"}}},
		Scores:   record.ScoreChanges{Higher: 1, Most: []record.ScoreChange{{ID: "3", A: 0.5, B: 0.75}}},
	}
	for i := range 12 {
		c.Counts = append(c.Counts, record.Count{Of: record.CountedTools, What: fmt.Sprint("tool ", i), A: i, B: 0})
	}
	var text strings.Builder
	writeDiff(&text, c)
	require.Equal(t, `A  one    experiment base
B  two    experiment strict

settings                          A                       B
  filters                         filter.a.x, filter.b.y  none
  filter.a.x
    words                         -                       ""
    values that are not recorded  12                      34

counts           A   B  difference
  source.a.x
    records      5   5
  kept           3   1  -2
  calls by tool
    tool 11      11  0  -11
    tool 10      10  0  -10
    tool 9       9   0  -9
    tool 8       8   0  -8
    tool 7       7   0  -7
    tool 6       6   0  -6
    tool 5       5   0  -5
    tool 4       4   0  -4
    tool 3       3   0  -3
    tool 2       2   0  -2
    and 1 more tool; --json lists them all

examples
  written -> dropped by filter.a.x: \x1b[2J\n  2  1 2
task types
  none -> loop_command                         1  3
splits
  none -> eval                                 1  4
quality scores
  higher                                       1
  lower                                        0
  0.500 -> 0.750                                  3
3 examples in A, 2 in B: 1 unchanged, 2 changed
`, text.String())
}
