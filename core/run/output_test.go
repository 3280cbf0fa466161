package run

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/core/container"
	"github.com/ftprep/ftprep/core/record"
	"github.com/ftprep/ftprep/core/whole"
	"github.com/ftprep/ftprep/sdk"
)

// line returns an example as a log line.
func line(t *testing.T, messages ...sdk.Message) string {
	text, err := json.Marshal(&sdk.Example{Messages: messages})
	require.NoError(t, err)
	return string(text) + "\n"
}

func call(id, tool string) []sdk.Message {
	return []sdk.Message{
		{Role: sdk.RoleAssistant, Calls: []sdk.Call{{ID: id, Tool: tool, Arguments: []byte(`{}`)}}},
		{Role: sdk.RoleTool, CallID: id, Text: "done"},
	}
}

func turn(request string, rest ...sdk.Message) []sdk.Message {
	return append([]sdk.Message{{Role: sdk.RoleUser, Text: request}}, rest...)
}

func TestAnExampleOfSeveralRows(t *testing.T) {
	b := newBench(t)
	b.log(t, "a.txt", line(t, turn("go", append(append(call("1", "look"), call("2", "act")...), sdk.Message{Role: sdk.RoleAssistant, Text: "ok"})...)...)+
		line(t, turn("wait")...))
	s := b.run(t, `
source "lines" "logs" {
  path   = "logs"
  system = "of the source"
}
output "turns" "rows" { path = "out/" }
`, Options{})
	require.Equal(t, `{"messages":2,"system":"of the source","tools":["act","look"]}
{"messages":6,"system":"of the source","tools":["act","look"]}
`, b.read(t, "out/parts/train.jsonl"), "a prefix of the conversation up to each message that is trained, with one set of tools")
	counts := s.Outputs[0]
	require.Equal(t, 2, counts.Selected)
	require.Equal(t, 1, counts.Encoded)
	require.Equal(t, 2, counts.Rows)
	require.Equal(t, record.Counts{"four messages": 1}, counts.LeftOut)
	require.Equal(t, record.Counts{"nothing in it can be trained on": 1}, counts.Refused)
	require.Equal(t, []string{filepath.Join(b.folder, "out/parts/train.jsonl")}, counts.Files)
	require.JSONEq(t, `[{"Name":"train.jsonl","Rows":2,"Split":""}]`, b.read(t, "out/info.json"))
}

// TestAFormatLearnsTheSplitsOfItsExamples: it does not learn those of examples of another source or type, or of dropped ones.
func TestAFormatLearnsTheSplitsOfItsExamples(t *testing.T) {
	b := newBench(t)
	log := func(name string, examples ...*sdk.Example) {
		var lines strings.Builder
		for _, e := range examples {
			text, err := json.Marshal(e)
			require.NoError(t, err)
			fmt.Fprintf(&lines, "%s\n", text)
		}
		b.log(t, name, lines.String())
	}
	example := func(request, split string) *sdk.Example {
		return &sdk.Example{Split: split, Messages: turn(request, call("1", "look")...)}
	}
	chain := &sdk.Example{Split: "chains", Type: sdk.TypeReasoningChain, Chain: &sdk.ReasoningChain{Problem: "p", RootCause: "c"}}
	log("one.txt", example("a", "train"), example("b", "eval"), example("c", "eval"), example("drop it", "lost"), example("d", ""), chain)
	log("two.txt", example("e", "other"))
	b.run(t, `
source "lines" "one" { path = "logs/one.txt" }
source "lines" "two" { path = "logs/two.txt" }
filter "lab" "words" {}
output "tools" "some" {
  path    = "some.txt"
  sources = [source.lines.one]
  types   = ["direct_execution"]
}
output "tools" "all" { path = "all.txt" }
`, Options{})
	row, _, _ := strings.Cut(b.read(t, "some.txt"), "\n")
	require.Equal(t, `look {"type":"object","properties":{}} eval train`, row)
	row, _, _ = strings.Cut(b.read(t, "all.txt"), "\n")
	require.Equal(t, `look {"type":"object","properties":{}} chains eval other train`, row)
}

func TestTheFirstRowsShowWhatThereIs(t *testing.T) {
	b := newBench(t)
	var log strings.Builder
	for i := range 300 {
		log.WriteString(line(t, turn(fmt.Sprint("question ", i), sdk.Message{Role: sdk.RoleAssistant, Text: "answer"})...))
	}
	log.WriteString(line(t, turn("large", sdk.Message{Role: sdk.RoleAssistant, Text: strings.Repeat("x", leadBytes), Thinking: "hm"})...))
	thinks := append(call("1", "look"), sdk.Message{Role: sdk.RoleAssistant, Text: "ok", Thinking: "hm"})
	log.WriteString(line(t, turn("think", thinks...)...))
	log.WriteString(line(t, turn("act", call("1", "act")...)...))
	b.log(t, "a.txt", log.String())
	pipeline := `
source "lines" "logs" { path = "logs" }
output "lab" "rows" { path = "rows.jsonl" }
`
	b.run(t, pipeline, Options{})
	var requests []string
	for row := range strings.Lines(b.read(t, "rows.jsonl")) {
		var r struct{ Q string }
		require.NoError(t, json.Unmarshal([]byte(row), &r))
		requests = append(requests, r.Q)
	}
	require.Len(t, requests, 303)
	require.Equal(t, []string{"question 0", "question 1", "question 2", "think", "act", "question 3"}, requests[:6])
	require.Equal(t, []string{"question 299", "large"}, requests[301:], "what is large stays in its place")
}

// TestAnOutputIsTheSameBesideOthers: outputs share the walk over what the filters left, and each has leaders of its own.
func TestAnOutputIsTheSameBesideOthers(t *testing.T) {
	b := newBench(t)
	for file := range 12 { // more than outputs may be apart
		var log strings.Builder
		for i := range 30 {
			log.WriteString(line(t, turn(fmt.Sprint("question ", i, " of ", file), sdk.Message{Role: sdk.RoleAssistant, Text: "answer"})...))
		}
		acts := append(call("1", fmt.Sprint("tool ", file)), sdk.Message{Role: sdk.RoleAssistant, Text: "ok", Thinking: "hm"})
		log.WriteString(line(t, turn("act", acts...)...))
		log.WriteString(`{"ID":"` + fmt.Sprint("chain ", file) + `","Chain":{"Problem":"p","RootCause":"c","Fix":"f"}}` + "\n")
		b.log(t, fmt.Sprintf("%02d.txt", file), log.String())
	}
	const sources = `
source "lines" "logs" { path = "logs" }
source "lab" "made" { path = "logs" }
`
	outputs := map[string]string{
		"lab.jsonl":   `output "lab" "all" { path = "lab.jsonl" }`,
		"some.jsonl":  "output \"lab\" \"some\" {\n path = \"some.jsonl\"\n types = [\"multi_step\", \"reasoning_chain\"]\n}",
		"made.jsonl":  "output \"lab\" \"made\" {\n path = \"made.jsonl\"\n sources = [source.lab.made]\n}",
		"whole.jsonl": `output "whole" "all" { path = "whole.jsonl" }`,
		"turns.jsonl": `output "turns" "all" { path = "turns.jsonl" }`,
	}
	alone, kept := map[string]string{}, ""
	for path, output := range outputs {
		s := b.run(t, sources+output, Options{})
		alone[path] = b.read(t, path)
		require.NotEmpty(t, alone[path])
		if kept == "" {
			kept = b.recordOf(t, s, "kept.jsonl")
		}
		require.Equal(t, kept, b.recordOf(t, s, "kept.jsonl"), "whatever an output selects")
		require.Equal(t, strings.Count(kept, "\n"), s.Kept.Examples)
	}
	require.NotEqual(t, alone["lab.jsonl"], alone["some.jsonl"])
	s := b.run(t, sources+strings.Join(slices.Collect(maps.Values(outputs)), "\n"), Options{})
	for path, want := range alone {
		require.Equal(t, want, b.read(t, path), path)
	}
	require.Equal(t, kept, b.recordOf(t, s, "kept.jsonl"))
	require.Equal(t, strings.Count(kept, "\n"), s.Kept.Examples)
}

func TestShards(t *testing.T) {
	b := newBench(t)
	b.log(t, "a.txt", "one\ntwo\nthree\nfour\nfive\n")
	pipeline := `
source "lines" "logs" { path = "logs" }
output "lab" "rows" {
  path       = "rows.jsonl.gz"
  %s
}
`
	s := b.run(t, fmt.Sprintf(pipeline, `shard_size = "100B"`), Options{})
	require.Equal(t, 5, s.Outputs[0].Rows)
	require.Len(t, s.Outputs[0].Files, 3)
	var rows []string
	for i := range 3 {
		for row, err := range container.Rows(filepath.Join(b.folder, fmt.Sprintf("rows-%05d-of-00003.jsonl.gz", i))) {
			require.NoError(t, err)
			rows = append(rows, string(row.Text))
		}
	}
	require.Len(t, rows, 5)
	require.Contains(t, rows[4], "five")

	b.run(t, fmt.Sprintf(pipeline, ""), Options{})
	left, err := filepath.Glob(filepath.Join(b.folder, "rows*"))
	require.NoError(t, err)
	require.Equal(t, []string{filepath.Join(b.folder, "rows.jsonl.gz")}, left, "a dataset is replaced as a whole")
}

func TestFilesThatNoRunWroteStay(t *testing.T) {
	b := newBench(t)
	b.log(t, "a.txt", "one\ntwo\nthree\nfour\nfive\n")
	pipeline := `
source "lines" "logs" { path = "logs" }
output "lab" "rows" {
  path       = "rows.jsonl"
  %s
}
`
	names := func() []string {
		paths, err := filepath.Glob(filepath.Join(b.folder, "rows*"))
		require.NoError(t, err)
		for i, path := range paths {
			paths[i] = filepath.Base(path)
		}
		return paths
	}
	const mine = "rows-00000-of-00009.jsonl"
	require.NoError(t, os.WriteFile(filepath.Join(b.folder, mine), []byte("mine\n"), 0o600))
	s := b.run(t, fmt.Sprintf(pipeline, ""), Options{})
	require.Equal(t, []string{mine}, s.Outputs[0].Strange)
	require.Equal(t, []string{mine, "rows.jsonl"}, names())

	s = b.run(t, fmt.Sprintf(pipeline, `shard_size = "100B"`), Options{})
	require.Equal(t, []string{mine}, s.Outputs[0].Strange)
	require.Equal(t, []string{"rows-00000-of-00003.jsonl", mine, "rows-00001-of-00003.jsonl", "rows-00002-of-00003.jsonl"}, names(), "what a run wrote the next one replaces")

	changed := "rows-00001-of-00003.jsonl"
	require.NoError(t, os.WriteFile(filepath.Join(b.folder, changed), []byte("mine now\n"), 0o600))
	s = b.run(t, fmt.Sprintf(pipeline, ""), Options{})
	require.Equal(t, []string{mine, changed}, s.Outputs[0].Strange)
	require.Equal(t, "mine now\n", b.read(t, changed))
	require.Equal(t, []string{mine, changed, "rows.jsonl"}, names())
}

func TestOutputsShareNoFileBesideThem(t *testing.T) {
	b := newBench(t)
	b.log(t, "a.txt", `{"Split":"eval","Messages":[{"Role":"user","Text":"go"},{"Role":"assistant","Text":"ok"}]}`+"\n")
	job := b.job(t, `
source "lines" "logs" { path = "logs" }
output "turns" "a" { path = "out/a.jsonl" }
output "turns" "b" { path = "out/b.jsonl" }
`)
	_, err := job.Run(t.Context(), Options{})
	require.ErrorContains(t, err, "output.turns.a and output.turns.b both write")
	require.ErrorContains(t, err, "give them folders of their own")
	require.NoDirExists(t, filepath.Join(b.folder, "out"))
	require.NoFileExists(t, filepath.Join(b.folder, WorkFolder, "beside.json"), "a file at a split's place is not ftprep's")
}

func TestLengthsAreCounted(t *testing.T) {
	b := newBench(t)
	b.log(t, "a.txt", "one\n"+strings.Repeat("oak ", 400)+"\n")
	s := b.run(t, `
source "lines" "logs" { path = "logs" }
output "lab" "short" {
  path       = "short.jsonl"
  max_tokens = 300
}
output "lab" "all" {
  path      = "all.jsonl"
  tokenizer = "qwen"
}
`, Options{})
	require.Equal(t, record.Counts{"longer than max_tokens": 1}, s.Outputs[0].Refused)
	require.Equal(t, []int{1}, s.Outputs[0].Tokens.Histogram)
	require.Equal(t, 2, s.Outputs[1].Rows)
	require.Equal(t, []int{1, 1}, s.Outputs[1].Tokens.Histogram)
	require.Greater(t, s.Outputs[1].Tokens.Longest, 400)
	require.Equal(t, s.Outputs[0].Tokens.Total+s.Outputs[1].Tokens.Longest, s.Outputs[1].Tokens.Total)
}

func TestStatsCountLengths(t *testing.T) {
	b := newBench(t)
	b.log(t, "a.txt", "one\n"+strings.Repeat("oak ", 400)+"\n")
	job := b.job(t, `
source "lines" "logs" { path = "logs" }
output "lab" "rows" {
  path       = "rows.jsonl"
  max_tokens = 1000
}
output "whole" "records" { path = "records.jsonl" }
`)
	columns, err := Stats(t.Context(), []*Job{job}, Options{Tokens: true})
	require.NoError(t, err)
	require.Zero(t, columns[0].Only, "there is nothing to compare it with")
	for _, output := range columns[0].Outputs {
		require.Equal(t, 2, output.Rows)
		require.Equal(t, []int{1, 1}, output.Tokens.Histogram)
	}
	require.NoFileExists(t, filepath.Join(b.folder, "rows.jsonl"))
}

func TestWhatSomebodyElseWroteBesideAnOutputStays(t *testing.T) {
	b := newBench(t)
	b.log(t, "a.txt", line(t, turn("go", sdk.Message{Role: sdk.RoleAssistant, Text: "ok"})...))
	pipeline := `
source "lines" "logs" { path = "logs" }
output "turns" "rows" { path = "out/" }
`
	info := filepath.Join(b.folder, "out", "info.json")
	require.Empty(t, b.run(t, pipeline, Options{}).Outputs[0].Foreign)

	b.log(t, "b.txt", line(t, turn("come", sdk.Message{Role: sdk.RoleAssistant, Text: "ok"})...))
	require.Empty(t, b.run(t, pipeline, Options{}).Outputs[0].Foreign, "what a run wrote the next one replaces")
	require.Contains(t, b.read(t, "out/info.json"), `"Rows":2`)

	require.NoError(t, os.WriteFile(info, []byte("mine"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(b.folder, "out", "done"), []byte("mine too"), 0o600))
	s := b.run(t, pipeline, Options{})
	require.Equal(t, []string{"info.json", "done"}, s.Outputs[0].Foreign)
	require.Equal(t, "mine", b.read(t, "out/info.json"))
	require.Equal(t, "mine too", b.read(t, "out/done"), "even where the format's file is empty")
	require.NoError(t, os.Remove(filepath.Join(b.folder, "out", "done")))
	require.NoError(t, os.Remove(info))
	require.Empty(t, b.run(t, pipeline, Options{}).Outputs[0].Foreign)
	require.Contains(t, b.read(t, "out/info.json"), `"Rows":2`)
}

func TestWhatAKilledRunLeftBesideAnOutputGoes(t *testing.T) {
	b := newBench(t)
	b.log(t, "a.txt", line(t, turn("go", sdk.Message{Role: sdk.RoleAssistant, Text: "ok"})...))
	require.NoError(t, os.MkdirAll(filepath.Join(b.folder, "out", "parts"), 0o755))
	rows := filepath.Join(b.folder, "out", "parts", whole.PartPrefix+"train.jsonl-1")
	info := filepath.Join(b.folder, "out", whole.PartPrefix+"info.json-2")
	for _, half := range []string{rows, info} {
		require.NoError(t, os.WriteFile(half, []byte("half"), 0o600))
	}
	b.run(t, `
source "lines" "logs" { path = "logs" }
output "turns" "rows" { path = "out/" }
`, Options{})
	require.NoFileExists(t, rows)
	require.NoFileExists(t, info)
}

func TestADamagedRecordOfWhatIsBesideOutputs(t *testing.T) {
	b := newBench(t)
	b.log(t, "a.txt", line(t, turn("go", sdk.Message{Role: sdk.RoleAssistant, Text: "ok"})...))
	pipeline := `
source "lines" "logs" { path = "logs" }
output "turns" "rows" { path = "out/" }
`
	b.run(t, pipeline, Options{})
	written := b.read(t, "out/info.json")
	b.log(t, "b.txt", line(t, turn("come", sdk.Message{Role: sdk.RoleAssistant, Text: "ok"})...))
	path := filepath.Join(b.folder, WorkFolder, "beside.json")
	for _, text := range []string{`{"a`, "", "null", "[]"} {
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		job := b.job(t, pipeline)
		stages := map[string]bool{}
		_, err := job.Run(t.Context(), Options{Progress: func(p Progress) { stages[p.Stage] = true }})
		require.ErrorContains(t, err, path)
		require.ErrorContains(t, err, "is damaged")
		require.Empty(t, stages, "nothing is read")
	}
	require.NoError(t, os.Remove(path))
	require.Equal(t, []string{"info.json"}, b.run(t, pipeline, Options{}).Outputs[0].Foreign)
	require.Equal(t, written, b.read(t, "out/info.json"))
	require.NoError(t, os.Remove(filepath.Join(b.folder, "out", "info.json")))
	require.Empty(t, b.run(t, pipeline, Options{}).Outputs[0].Foreign)
}
