package run

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/core/record"
	"github.com/ftprep/ftprep/sdk"
)

func TestEveryFileIsAccountedFor(t *testing.T) {
	b := newBench(t)
	b.log(t, "a.txt", "one\n\n{broken\n")
	b.log(t, "b.txt", "")
	b.log(t, "c.txt", "two\nthree\n")
	s := b.run(t, simple, Options{})
	require.Empty(t, s.Files, "the summary of a run has no files: its record has")
	var lines []string
	for line := range strings.Lines(b.read(t, filepath.Join(WorkFolder, "runs", s.Run, "files.jsonl"))) {
		lines = append(lines, strings.TrimSpace(line))
	}
	require.Equal(t, []string{
		`{"source":"source.lines.logs","unit":"a.txt","file":"a.txt","bytes":13,"records":3,"used":1,"ignored":{"empty line":1},"unread":0,"rejected":1,"examples":1}`,
		`{"source":"source.lines.logs","unit":"b.txt","file":"b.txt","bytes":0,"records":0,"used":0,"unread":0,"rejected":0,"examples":0}`,
		`{"source":"source.lines.logs","unit":"c.txt","file":"c.txt","bytes":10,"records":2,"used":2,"unread":0,"rejected":0,"examples":2}`,
	}, lines)
	columns, err := Stats(t.Context(), []*Job{b.job(t, simple), b.job(t, simple)}, Options{Files: true})
	require.NoError(t, err)
	first, err := json.Marshal(columns[0].Files[0])
	require.NoError(t, err)
	require.Equal(t, lines[0], string(first))
	require.Equal(t, columns[0].Files, columns[1].Files)
}

func TestAUnitsRecordsArePartedByFile(t *testing.T) {
	unit := Unit{Source: "source.x.y", Unit: sdk.Unit{ID: "u", Files: []sdk.File{{Name: "a"}, {Name: "b"}}}}
	whole := sdk.Tally{Read: 5, InExamples: 3, Examples: 1, Ignored: map[string]int{"k": 2}}
	parted := whole
	parted.Files = map[string]sdk.Tally{"a": {Read: 4, InExamples: 3, Examples: 1, Ignored: map[string]int{"k": 1}}, "b": {Read: 1, Ignored: map[string]int{"k": 1}}}
	for name, c := range map[string]struct {
		tally sdk.Tally
		want  []int
	}{
		"a source that does not tell": {whole, []int{5, 0}},
		"one that does":               {parted, []int{4, 1}},
	} {
		t.Run(name, func(t *testing.T) {
			counts, err := countFiles(&unitResult{unit: unit, tally: c.tally, items: 1})
			require.NoError(t, err)
			require.Equal(t, c.want, []int{counts[0].Records, counts[1].Records})
		})
	}
	for want, change := range map[string]func(*sdk.Tally){
		"the records of the file b do not add up: 2 were read, 1 are accounted for": func(t *sdk.Tally) {
			t.Files = map[string]sdk.Tally{"a": {Read: 3, InExamples: 3, Examples: 1}, "b": {Read: 2, Unread: 1}}
		},
		"records are counted for the file c, which the unit does not have": func(t *sdk.Tally) {
			t.Files = map[string]sdk.Tally{"a": {Read: 5, InExamples: 5}, "c": {}}
		},
		"the files do not add up: they have 1 records, the unit has 5":              func(t *sdk.Tally) { t.Files = map[string]sdk.Tally{"b": {Read: 1, Unread: 1}} },
		"the files do not add up: they have 0 examples, the unit has 1":             func(t *sdk.Tally) { t.Files = map[string]sdk.Tally{"b": {Read: 5, Unread: 5}} },
		"the records of the file a do not add up: 6 were read, 5 are accounted for": func(t *sdk.Tally) { t.Read = 6 },
		"the examples do not add up: 2 were made, 1 arrived":                        func(t *sdk.Tally) { t.Examples = 2 },
		"-1 records are counted as unread: a count cannot be negative":              func(t *sdk.Tally) { t.Read, t.Unread = 4, -1 },
		"the file a: -3 records are counted as ignored (\"k\"): a count cannot be negative": func(t *sdk.Tally) {
			t.Files = map[string]sdk.Tally{"a": {Read: 0, InExamples: 3, Examples: 1, Ignored: map[string]int{"k": -3}}, "b": {Read: 5, Ignored: map[string]int{"k": 5}}}
		},
		"2 records are ignored without a kind: give one, such as \"file history\"": func(t *sdk.Tally) { t.Ignored = map[string]int{" ": 2} },
	} {
		t.Run(want, func(t *testing.T) {
			tally := whole
			change(&tally)
			_, err := countFiles(&unitResult{unit: unit, tally: tally, items: 1})
			require.EqualError(t, err, "source.x.y, reading u: "+want+" (a fault of the plugin)")
		})
	}
}

func TestAUnitWithoutFilesIsAccountedFor(t *testing.T) {
	unit := Unit{Source: "source.x.y", Unit: sdk.Unit{ID: "u"}}
	counts, err := countFiles(&unitResult{unit: unit, tally: sdk.Tally{Read: 1, Rejected: 1}})
	require.NoError(t, err)
	require.Equal(t, []*record.FileCounts{{Source: "source.x.y", Unit: "u", Account: record.Account{Records: 1, Rejected: 1}}}, counts)
	_, err = countFiles(&unitResult{unit: unit, tally: sdk.Tally{Read: 1}})
	require.EqualError(t, err, "source.x.y, reading u: the records of the unit do not add up: 1 were read, 0 are accounted for (a fault of the plugin)")
}
