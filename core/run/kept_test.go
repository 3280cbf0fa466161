package run

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/core/record"
)

// recordOf reads a list of the record of a run.
func (b *bench) recordOf(t *testing.T, s *record.Summary, list string) string {
	t.Helper()
	return b.read(t, filepath.Join(WorkFolder, "runs", s.Run, list))
}

func TestTheRecordHasWhatTheFiltersLeft(t *testing.T) {
	b := newBench(t)
	b.log(t, "a.txt", "one\ngood\ndrop this\ndouble it\nplease refuse\n")
	s := b.run(t, simple, Options{})
	kept := b.recordOf(t, s, "kept.jsonl")
	require.Equal(t, s.Left(), strings.Count(kept, "\n"))
	require.Equal(t, s.Left(), s.Kept.Examples)
	require.Regexp(t, `^{"id":"[0-9a-f]+","type":"direct_execution","task_type":"conversation"}\n{"id":"[0-9a-f]+","type":"direct_execution","task_type":"conversation","score":1}\n`, kept)
	require.Equal(t, record.Settings{"path": []byte(`"out/rows.jsonl"`)}, s.Settings["output.lab.rows"])
	require.NotContains(t, s.Settings, "filter.redact.default")
}

func TestTheSampleIsTheSameAndRedacted(t *testing.T) {
	b := newBench(t)
	for file := range 4 {
		var lines strings.Builder
		for line := range 300 {
			fmt.Fprintf(&lines, "%s is number %d of %d\n", hidden, line, file)
		}
		b.log(t, fmt.Sprint(file, ".txt"), lines.String())
	}
	pipeline := `
source "lines" "logs" { path = "logs" }
filter "first_word" "same" {}
output "lab" "rows" { path = "out/rows.jsonl" }
`
	s := b.run(t, pipeline, Options{Parallel: 1})
	require.Equal(t, 1, s.Kept.Examples, "all have the same first word")
	sample := b.recordOf(t, s, "sample.jsonl")
	require.Equal(t, 20, strings.Count(sample, "\n"))
	require.Equal(t, 20, strings.Count(sample, "\u003cNAME\u003e is number"), "what a filter dropped is there as well")
	require.NotContains(t, sample, hidden)
	require.Equal(t, sample, b.recordOf(t, b.run(t, pipeline, Options{Parallel: 4}), "sample.jsonl"))
}

func TestTheSampleWithholdsWhatShouldHaveBeenRedacted(t *testing.T) {
	b := newBench(t)
	b.log(t, "a.txt", "tell nothing\ntell a secret\n")
	leaks := func(text []byte) []Leak {
		if strings.Contains(string(text), `"text":"tell a secret"`) { // rows are otherwise
			return []Leak{{Kind: "secret"}}
		}
		return nil
	}
	s := b.run(t, simple, Options{Verify: leaks})
	sample := b.recordOf(t, s, "sample.jsonl")
	require.Contains(t, sample, "tell nothing")
	require.NotContains(t, sample, "tell a secret")
	require.Equal(t, 1, strings.Count(sample, `"withheld":true`))
}
