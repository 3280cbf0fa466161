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

func TestWhatIsRecordedBesideExamplesIsMasked(t *testing.T) {
	b := newBench(t)
	b.log(t, hidden+".txt", "one\n{broken\n")
	mask := func(text string) string {
		return strings.NewReplacer(hidden, "someone", `"answer":"yes"`, `"answer":"told by its name"`).Replace(text)
	}
	pipeline := strings.ReplaceAll(simple, "out/rows.jsonl", "out/"+hidden+".jsonl")
	pipeline = strings.Replace(pipeline, `path = "logs"`, "\n path = \"logs\"\n answer = \"yes\"\n", 1)
	s := b.run(t, pipeline, Options{Mask: mask})
	require.JSONEq(t, `"told by its name"`, string(s.Settings["source.lines.logs"]["answer"]))
	require.Equal(t, []string{"someone.txt:2"}, s.Rejects[0].Places)
	require.Equal(t, record.Settings{"path": []byte(`"out/someone.jsonl"`)}, s.Settings["output.lab.rows"])
	require.Equal(t, map[string]string{
		filepath.Join("out", hidden+".jsonl"):           filepath.Join("out", "someone.jsonl"),
		filepath.Join(b.folder, "out", hidden+".jsonl"): filepath.Join(b.folder, "out", "someone.jsonl"), // the folder may be moved
	}, s.Hidden)
	require.Contains(t, b.recordOf(t, s, "sample.jsonl"), `"unit":"someone.txt","file":"<NAME>.txt"`, "a filter has seen the file")
	s = b.run(t, pipeline, Options{Mask: func(string) string { return "no JSON" }})
	require.Equal(t, record.Settings{"path": []byte(`"redacted"`)}, s.Settings["output.lab.rows"])
}

func TestALongSettingIsADigest(t *testing.T) {
	b := newBench(t)
	b.log(t, "a.txt", "one\n")
	row := `output "lab" "rows" { path = "out/rows.jsonl" }`
	long := "output \"lab\" \"rows\" {\n path = \"out/rows.jsonl\"\n system = \"" + strings.Repeat("x", 300) + "\"\n}"
	s := b.run(t, strings.Replace(simple, row, long, 1), Options{})
	require.Regexp(t, `^"302 bytes, SHA-256 [0-9a-f]{16}"$`, string(s.Settings["output.lab.rows"]["system"]))
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

// TestTheSampleHasWhatAPluginDropsThatRedacts: the other filters of a plugin that redacts are no part of the redaction.
func TestTheSampleHasWhatAPluginDropsThatRedacts(t *testing.T) {
	b := newBench(t)
	b.log(t, "a.txt", "keep "+hidden+"\ndrop "+hidden+"\n")
	s := b.run(t, `
source "lines" "logs" { path = "logs" }
filter "lab" "judge" {}
output "lab" "rows" { path = "out/rows.jsonl" }
`, Options{})
	require.Equal(t, 1, s.Kept.Examples)
	sample := b.recordOf(t, s, "sample.jsonl")
	require.Contains(t, sample, "keep <NAME>")
	require.Contains(t, sample, "drop <NAME>")
}

func TestTheSampleWithholdsWhatShouldHaveBeenRedacted(t *testing.T) {
	b := newBench(t)
	b.log(t, "a.txt", "tell nothing\ntell a secret\n"+`{"Tags": ["told"], "Messages": [{"Role": "user", "Text": "x"}, {"Role": "assistant", "Text": "y"}]}`+"\n")
	leaks := func(text []byte) []Leak {
		if strings.Contains(string(text), `"text":"tell a secret"`) || strings.Contains(string(text), `"tags":["told"]`) { // rows look different
			return []Leak{{Kind: "secret"}}
		}
		return nil
	}
	s := b.run(t, simple, Options{Verify: leaks})
	sample := b.recordOf(t, s, "sample.jsonl")
	require.Contains(t, sample, "tell nothing")
	require.NotContains(t, sample, "tell a secret")
	require.NotContains(t, sample, "told")
	require.Equal(t, 2, strings.Count(sample, `"withheld":true`))
}

// TestTheSampleHasWhatTwoSourcesRead: of two copies the sample has the one that stays, in whatever order the sources stand.
func TestTheSampleHasWhatTwoSourcesRead(t *testing.T) {
	for _, names := range [][2]string{{"a", "b"}, {"b", "a"}} {
		b := newBench(t)
		var lines strings.Builder
		for i := range 30 {
			fmt.Fprintf(&lines, `{"Identity": {"Opening": "%d"}, "Messages": [{"Role": "user", "Text": "%[1]d?"}, {"Role": "assistant", "Text": "yes"}]}`+"\n", i)
		}
		b.log(t, "a.txt", lines.String())
		s := b.run(t, fmt.Sprintf(`
source "lines" "%s" { path = "logs" }
source "lines" "%s" { path = "logs" }
output "lab" "rows" { path = "out/rows.jsonl" }
`, names[0], names[1]), Options{})
		require.Equal(t, 30, s.Copies)
		sample := b.recordOf(t, s, "sample.jsonl")
		require.Equal(t, 20, strings.Count(sample, "\n"))
		require.Equal(t, 20, strings.Count(sample, `"step":"source.lines.`+names[0]+`"`))
	}
}
