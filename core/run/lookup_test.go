package run

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/core/record"
)

// recorded runs a pipeline, and returns its work folder, the folder of the run's record and a row of its output.
func recorded(t *testing.T) (work, folder, row string) {
	b := newBench(t)
	b.log(t, "a.txt", "one\ntwo\n")
	s := b.run(t, simple, Options{})
	work = filepath.Join(b.folder, WorkFolder)
	return work, filepath.Join(work, "runs", s.Run), s.Outputs[0].Path
}

func TestADamagedRecordIsSaid(t *testing.T) {
	replace := func(t *testing.T, path, by string) {
		t.Helper()
		require.NoError(t, os.WriteFile(path, []byte(by), 0o600))
	}
	for _, test := range []struct {
		name   string
		damage func(t *testing.T, folder string)
		rows   string // what the error for a row says
		id     string // what the error for an id says
	}{
		{"unreadable rows", func(t *testing.T, folder string) {
			require.NoError(t, os.Remove(filepath.Join(folder, "rows.jsonl")))
			require.NoError(t, os.Mkdir(filepath.Join(folder, "rows.jsonl"), 0o700))
		}, "read the record of run ", ""},
		{"a row that is no JSON", func(t *testing.T, folder string) {
			replace(t, filepath.Join(folder, "rows.jsonl"), "{]\n{}\n")
		}, "rows.jsonl:1: jsontext: invalid character", ""},
		{"an unreadable summary", func(t *testing.T, folder string) {
			require.NoError(t, os.Remove(filepath.Join(folder, "summary.json")))
			require.NoError(t, os.Mkdir(filepath.Join(folder, "summary.json"), 0o700))
		}, "read the record of run ", "read the record of run "},
		{"a summary that is no JSON", func(t *testing.T, folder string) {
			replace(t, filepath.Join(folder, "summary.json"), `{"pipeline": "pipe`)
		}, "summary.json: unexpected end of JSON input", " to look at the other runs"},
		{"unreadable examples", func(t *testing.T, folder string) {
			require.NoError(t, os.Remove(filepath.Join(folder, "examples.jsonl")))
			require.NoError(t, os.Mkdir(filepath.Join(folder, "examples.jsonl"), 0o700))
		}, "read the record of run ", "read the record of run "},
		{"an example that is no JSON", func(t *testing.T, folder string) {
			replace(t, filepath.Join(folder, "examples.jsonl"), "{\"id\":\"\"}\n{\"id\":\"nowhere\n")
		}, "", "examples.jsonl:2: jsontext: invalid character"},
	} {
		t.Run(test.name, func(t *testing.T) {
			work, folder, file := recorded(t)
			test.damage(t, folder)
			if test.rows != "" {
				_, err := record.Runs{Work: work, Pipeline: "pipeline.hcl"}.LookupRow(file, 1)
				require.ErrorContains(t, err, test.rows)
				require.ErrorContains(t, err, folder)
			}
			if test.id != "" {
				_, err := record.Runs{Work: work, Pipeline: "pipeline.hcl"}.Lookup("nowhere")
				require.ErrorContains(t, err, test.id)
				require.ErrorContains(t, err, folder)
			}
		})
	}
}

func TestTheRecordOfAKilledRun(t *testing.T) {
	work, folder, file := recorded(t)
	history, err := record.Runs{Work: work, Pipeline: "pipeline.hcl"}.LookupRow(file, 2)
	require.NoError(t, err)
	for _, name := range []string{"rows.jsonl", "examples.jsonl", "files.jsonl"} {
		list, err := os.OpenFile(filepath.Join(folder, name), os.O_APPEND|os.O_WRONLY, 0)
		require.NoError(t, err)
		_, err = list.WriteString(`{"id":"` + history.ID)
		require.NoError(t, err)
		require.NoError(t, list.Close())
	}
	again, err := record.Runs{Work: work, Pipeline: "pipeline.hcl"}.Lookup(history.ID)
	require.NoError(t, err)
	require.Equal(t, history, again)
	_, err = record.Runs{Work: work, Pipeline: "pipeline.hcl"}.LookupRow(file, 3)
	require.ErrorContains(t, err, "has only 2 rows as of run")
	counts, err := history.File(work, "no such file")
	require.NoError(t, err)
	require.Nil(t, counts)

	require.NoError(t, os.WriteFile(filepath.Join(work, "runs", ".note"), nil, 0o600))
	require.NoError(t, os.Mkdir(filepath.Join(work, "runs", "later"), 0o700), "killed before it had a file")
	_, err = record.Runs{Work: work, Pipeline: "pipeline.hcl"}.Lookup("nowhere")
	require.ErrorContains(t, err, `no recorded run of pipeline.hcl has an example "nowhere"`)
}

// TestAnExampleThatAFilterMadeLeadsToTheOneThatWasRead: what a filter made cannot be read again, whether an output has it or
// refused it.
func TestAnExampleThatAFilterMadeLeadsToTheOneThatWasRead(t *testing.T) {
	b := newBench(t)
	b.log(t, "a.txt", "double it\ndouble and refuse\n")
	s := b.run(t, `
source "lines" "logs" { path = "logs" }
filter "lab" "words" {}
output "lab" "rows" { path = "rows.jsonl" }
`, Options{})
	runs := record.Runs{Work: filepath.Join(b.folder, WorkFolder), Pipeline: "pipeline.hcl"}
	parent, err := runs.LookupRow(s.Outputs[0].Path, 1)
	require.NoError(t, err)
	require.Equal(t, []string{"output.lab.rows"}, parent.Written)
	_, err = runs.LookupRow(s.Outputs[0].Path, 2)
	require.ErrorContains(t, err, "row 2 of "+s.Outputs[0].Path+": a filter made example ")
	require.ErrorContains(t, err, "from example "+parent.ID+": show that")

	made := map[string]string{} // by the example that it was made from
	for line := range strings.Lines(b.recordOf(t, s, "examples.jsonl")) {
		var e record.Event
		require.NoError(t, json.Unmarshal([]byte(line), &e))
		if e.Action == "replace" {
			require.Len(t, e.Made, 1)
			made[e.ID] = e.Made[0]
		}
	}
	require.Len(t, made, 2)
	for from, id := range made {
		_, err = runs.Lookup(id[:10])
		require.EqualError(t, err, "a filter made example "+id+" from example "+from+": show that one instead")
		history, err := runs.Lookup(from)
		require.NoError(t, err)
		require.Equal(t, "source.lines.logs", history.Read.Step)
	}
}

func TestADamagedRecordOfFilesIsSaid(t *testing.T) {
	work, folder, file := recorded(t)
	history, err := record.Runs{Work: work, Pipeline: "pipeline.hcl"}.LookupRow(file, 1)
	require.NoError(t, err)
	name := filepath.Join(folder, "files.jsonl")
	data, err := os.ReadFile(name)
	require.NoError(t, err)
	var read record.FileCounts
	require.NoError(t, json.Unmarshal(data, &read))
	counts, err := history.File(work, read.File)
	require.NoError(t, err)
	require.Equal(t, &read, counts)
	require.NoError(t, os.WriteFile(name, []byte(strings.Replace(string(data), "{", "[", 1)), 0o600))
	_, err = history.File(work, read.File)
	require.ErrorContains(t, err, "files.jsonl:1: ")
}
