package run

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/core/copies"
	"github.com/ftprep/ftprep/core/record"
	"github.com/ftprep/ftprep/core/whole"
	"github.com/ftprep/ftprep/sdk"
)

const simple = `
source "lines" "logs" { path = "logs" }
filter "lab" "words" {}
pipeline { filters = [filter.lab.words] }
output "lab" "rows" { path = "out/rows.jsonl" }
`

func TestRunWritesWhatIsLeft(t *testing.T) {
	b := newBench(t)
	b.log(t, "a.txt", "one\ndrop this\n\n{broken\ndouble it\nplease refuse\n")
	s := b.run(t, simple, Options{})
	require.Equal(t, `{"a":"answer","q":"one","system":""}
{"a":"answer","q":"double it","system":""}
{"a":"twice","q":"double it again","system":""}
`, b.read(t, "out/rows.jsonl"))
	require.Equal(t, 6, s.Sources[0].Records)
	require.Equal(t, 4, s.Sources[0].Examples)
	require.Equal(t, 1, s.Sources[0].Rejected)
	require.Equal(t, record.Counts{"empty line": 1}, s.Sources[0].Ignored)
	require.Equal(t, record.Counts{"it says drop": 1}, s.Filters[1].Reasons)
	require.Equal(t, 1, s.Filters[1].Replaced)
	require.Equal(t, 1, s.Added)
	require.Equal(t, 4, s.Left(), "of four one was dropped, and one was added")
	require.Equal(t, record.Counts{"it says refuse": 1}, s.Outputs[0].Refused)
	require.Equal(t, 3, s.Outputs[0].Rows)
	rejects := b.read(t, filepath.Join(WorkFolder, "runs", s.Run, "rejects.jsonl"))
	require.JSONEq(t, `{"source":"source.lines.logs","file":"a.txt","line":4,"cause":"not an example"}`, rejects)
}

func TestKeyedFilterKeepsTheBestThenTheFirst(t *testing.T) {
	b := newBench(t)
	b.log(t, "a.txt", "buy first\nsell first\nbuy good\nsell second\nbuy good too\n")
	s := b.run(t, `
source "lines" "logs" { path = "logs" }
filter "lab" "words" {}
filter "first_word" "same" {}
output "lab" "rows" { path = "rows.jsonl" }
`, Options{})
	require.Equal(t, 3, s.Filters[2].Dropped)
	rows := b.read(t, "rows.jsonl")
	require.Equal(t, 2, strings.Count(rows, "\n"))
	require.Contains(t, rows, `"q":"sell first"`)
	require.Contains(t, rows, `"q":"buy good"`)
}

// logged returns an example with an opening and calls, as a log line.
func logged(t *testing.T, calls ...string) string {
	e := talk("do it", "")
	e.Identity = sdk.Identity{Opening: "opening", Calls: calls}
	e.Messages = e.Messages[:1]
	for _, call := range calls {
		e.Messages = append(e.Messages,
			sdk.Message{Role: sdk.RoleAssistant, Calls: []sdk.Call{{ID: call, Tool: "act", Arguments: []byte(`{}`)}}},
			sdk.Message{Role: sdk.RoleTool, CallID: call, Text: "done"})
	}
	line, err := json.Marshal(e)
	require.NoError(t, err)
	return string(line) + "\n"
}

func TestCopiesMeetBeforeTheFilters(t *testing.T) {
	b := newBench(t)
	b.log(t, "1-short.txt", logged(t, "a"))
	b.log(t, "2-long.txt", logged(t, "a", "b", "c"))
	b.log(t, "3-branch.txt", logged(t, "a", "x"))
	b.log(t, "4-copy.txt", logged(t, "a", "b", "c"))
	s := b.run(t, `
source "lines" "logs" { path = "logs" }
output "whole" "rows" { path = "rows.jsonl" }
`, Options{})
	require.Equal(t, 2, s.Copies)
	var kept []sdk.Example
	for line := range strings.Lines(b.read(t, "rows.jsonl")) {
		var e sdk.Example
		require.NoError(t, json.Unmarshal([]byte(line), &e))
		kept = append(kept, e)
	}
	require.Len(t, kept, 2)
	require.Equal(t, "2-long.txt", kept[0].SourceFile)
	require.Equal(t, "3-branch.txt", kept[1].SourceFile)
	require.Equal(t, []string{sdk.LabelBranch}, kept[1].Labels)
	masked := []bool{}
	for _, m := range kept[1].Messages {
		masked = append(masked, m.Masked)
	}
	require.Equal(t, []bool{true, true, true, false, false}, masked, "what a branch shares is only shown")
	written := b.read(t, "rows.jsonl")
	b = newBench(t)
	b.log(t, "rows.txt", written)
	b.run(t, `
source "lines" "logs" { path = "logs" }
output "whole" "rows" { path = "rows.jsonl" }
`, Options{})
	require.Equal(t, 1, strings.Count(b.read(t, "rows.jsonl"), `"branch"`), "a branch that is read again is still one")
}

// TestSlowFirstUnit checks the law of flow: the first unit ends last, a thousand units come after it, and the host neither
// waits for it nor keeps what they hold in memory.
func TestSlowFirstUnit(t *testing.T) {
	for range 2 { // frees what other tests left; pools of buffers only the second time
		runtime.GC()
	}
	b := newBench(t)
	peak := uint64(0)
	s := b.run(t, `
source "lab" "many" {
  path       = "logs"
  units      = 1001
  examples   = 10
  bytes      = 20000
  first_last = true
}
output "lab" "rows" { path = "rows.jsonl" }
`, Options{Parallel: 4, Progress: func(Progress) {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		peak = max(peak, m.HeapInuse)
	}})
	require.Equal(t, 10010, s.Outputs[0].Rows)
	first, _, _ := strings.Cut(b.read(t, "rows.jsonl"), "\n")
	require.Contains(t, first, "unit-0000 request 0", "the order is that of the units")
	require.Greater(t, s.Outputs[0].Bytes, int64(200<<20-10<<20))
	require.Less(t, peak, uint64(120<<20), "200 MB went through the host")
}

func TestSameBytesAtAnyParallelism(t *testing.T) {
	b := newBench(t)
	for i := range 40 {
		b.log(t, fmt.Sprintf("%02d.txt", i), strings.Repeat(fmt.Sprintf("word%d good\nsame double\ndrop\n", i%7), 1+i*3))
	}
	want := ""
	for _, parallel := range []int{1, 2, 7, 32} {
		b.run(t, simple, Options{Parallel: parallel})
		got := b.read(t, "out/rows.jsonl")
		if want == "" {
			want = got
		}
		require.Equal(t, want, got, "at %d", parallel)
	}
}

func TestAFailedRunChangesNothing(t *testing.T) {
	b := newBench(t)
	b.log(t, "a.txt", "one\n")
	b.run(t, simple, Options{})
	before := b.read(t, "out/rows.jsonl")
	job := b.job(t, simple)
	b.host.Close(t.Context())
	b.log(t, "b.txt", "two\n")
	_, err := job.Run(t.Context(), Options{})
	require.Error(t, err)
	require.Equal(t, before, b.read(t, "out/rows.jsonl"))
	left, err := os.ReadDir(filepath.Join(b.folder, "out"))
	require.NoError(t, err)
	require.Len(t, left, 1, "nothing half-written is left")
}

// TestOnlyAnotherRunIsWaitedFor has a lock file that nobody can lock.
func TestOnlyAnotherRunIsWaitedFor(t *testing.T) {
	b := newBench(t)
	require.NoError(t, os.MkdirAll(filepath.Join(b.folder, WorkFolder, "lock"), 0o700))
	job := b.job(t, simple)
	var stages []string
	_, err := job.Run(t.Context(), Options{Progress: func(p Progress) { stages = append(stages, p.Stage) }})
	require.ErrorContains(t, err, "lock the folder for records: ")
	require.ErrorContains(t, err, "copy the pipeline to a folder that you can write to")
	require.Empty(t, stages)
}

func TestARecordThatCannotBeMade(t *testing.T) {
	b := newBench(t)
	b.log(t, "a.txt", "one\n")
	b.run(t, simple, Options{})
	runs := filepath.Join(b.folder, WorkFolder, "runs")
	require.NoError(t, os.RemoveAll(runs))
	require.NoError(t, os.WriteFile(runs, nil, 0o600))
	_, err := b.job(t, simple).Run(t.Context(), Options{})
	require.ErrorContains(t, err, "create the record of the run: ")
	require.ErrorContains(t, err, "; copy the pipeline to a folder that you can write to")
}

func TestAFailureWhenOutputsHaveChanged(t *testing.T) {
	b := newBench(t)
	b.log(t, "a.txt", line(t, turn("go", sdk.Message{Role: sdk.RoleAssistant, Text: "ok"})...))
	pipeline := `
source "lines" "logs" { path = "logs" }
output "turns" "first" { path = "first/" }
output "lab" "second" { path = "second.jsonl" }
`
	job := b.job(t, pipeline)
	require.NoError(t, os.MkdirAll(filepath.Join(b.folder, "second.jsonl", "taken"), 0o755))
	_, err := job.Run(t.Context(), Options{})
	require.ErrorAs(t, err, new(*ChangedError))
	require.ErrorContains(t, err, "put an output in its place")
	require.ErrorContains(t, err, "some outputs may have changed already")
	require.FileExists(t, filepath.Join(b.folder, "first", "info.json"))
	left, err := filepath.Glob(filepath.Join(b.folder, whole.PartPrefix+"*"))
	require.NoError(t, err)
	require.Empty(t, left)

	require.NoError(t, os.RemoveAll(filepath.Join(b.folder, "second.jsonl")))
	b.log(t, "b.txt", line(t, turn("come", sdk.Message{Role: sdk.RoleAssistant, Text: "ok"})...))
	require.Empty(t, b.run(t, pipeline, Options{}).Outputs[0].Foreign, "what the failed run wrote beside an output is no one else's")
}

// keptRuns is how many runs leave their record.
const keptRuns = 10

func TestARunIsDoneWhenOldRecordsCannotBeRemoved(t *testing.T) {
	if runtime.GOOS == "windows" || os.Geteuid() == 0 {
		t.Skip("there are no folders that this user cannot change")
	}
	b := newBench(t)
	b.log(t, "a.txt", "one\n")
	runs := filepath.Join(b.folder, WorkFolder, "runs")
	for i := range 3 { // runs that did not finish
		require.NoError(t, os.MkdirAll(filepath.Join(runs, fmt.Sprintf("2000010%dT000000.000-1", i), "held"), 0o700))
	}
	oldest := filepath.Join(runs, "20000100T000000.000-1")
	require.NoError(t, os.Chmod(oldest, 0o500))
	t.Cleanup(func() { _ = os.Chmod(oldest, 0o700) })
	var warned []error
	s := b.run(t, simple, Options{Warn: func(err error) { warned = append(warned, err) }})
	require.Equal(t, 1, s.Outputs[0].Rows)
	require.Len(t, warned, 1)
	require.ErrorContains(t, warned[0], "remove the record of an earlier run")
}

func TestAFullOutputIsNotReplacedByAnEmptyOne(t *testing.T) {
	b := newBench(t)
	b.log(t, "a.txt", "one\n")
	b.run(t, simple, Options{})
	before := b.read(t, "out/rows.jsonl")
	b.log(t, "a.txt", "drop\n")
	s := b.run(t, simple, Options{})
	require.True(t, s.Outputs[0].Unchanged)
	require.Equal(t, before, b.read(t, "out/rows.jsonl"))
	b.run(t, simple, Options{AllowEmpty: true})
	require.Empty(t, b.read(t, "out/rows.jsonl"))
}

func TestStatsReadsSharedSourcesOnce(t *testing.T) {
	b := newBench(t)
	b.log(t, "a.txt", "one\ndrop\ngood\n")
	base, none := b.job(t, simple), b.job(t, `
source "lines" "logs" { path = "logs" }
output "lab" "rows" { path = "out/rows.jsonl" }
`)
	reads := 0
	columns, err := Stats(t.Context(), []*Job{base, none}, Options{Progress: func(p Progress) {
		if p.Stage == "read" && p.TotalUnits == 0 {
			reads++
		}
	}})
	require.NoError(t, err)
	require.Equal(t, 1, reads)
	require.Equal(t, 2, columns[0].Kept.Examples)
	require.Equal(t, 3, columns[1].Kept.Examples)
	require.Zero(t, columns[0].Only)
	require.Equal(t, 1, columns[1].Only)
	require.NoFileExists(t, filepath.Join(b.folder, "out/rows.jsonl"))
}

// TestWhatTheHostDoesByItselfIsInterrupted: there the host asks no plugin that would notice the interruption.
func TestWhatTheHostDoesByItselfIsInterrupted(t *testing.T) {
	b := newBench(t)
	b.log(t, "a.txt", "one\n")
	job := b.job(t, "pipeline { redact = false }\nsource \"lines\" \"logs\" { path = \"logs\" }\n"+`output "lab" "rows" { path = "rows.jsonl" }`)
	x := job.newExecution(Options{Tokens: true})
	from, err := x.read(t.Context())
	require.NoError(t, err)
	defer from.Close()
	stop := errors.New("stop")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(stop)
	require.ErrorIs(t, x.census(ctx, from, func(string) {}), stop)
	r := &reader{x: x, store: from.Store, rivals: from.Rivals, origins: make([]*origin, 1)}
	_, err = r.read(ctx, []Unit{{Source: "source.lines.logs"}})
	require.ErrorIs(t, err, stop, "what was not begun is not read")
	_, _, err = copies.Resolve(ctx, from, nil)
	require.ErrorIs(t, err, stop)
	require.ErrorIs(t, x.write(ctx, from, nil), stop)
}

func TestPiecesOfAReplacedExampleAreCounted(t *testing.T) {
	b := newBench(t)
	b.log(t, "a.txt", "double once\n")
	pipeline := `
source "lines" "logs" { path = "logs" }
filter "lab" "words" {}
filter "lab" "again" {}
output "lab" "rows" { path = "rows.jsonl" }
`
	s := b.run(t, pipeline, Options{})
	columns, err := Stats(t.Context(), []*Job{b.job(t, pipeline)}, Options{})
	require.NoError(t, err)
	require.Equal(t, 2, s.Outputs[0].Rows)
	require.Equal(t, 2, s.Left(), "one example became three, of which one was dropped")
	require.Equal(t, columns[0].Kept.Examples, columns[0].Left())
	require.Equal(t, 2, columns[0].Added)
}

func TestOnlyTheLastRunsLeaveARecord(t *testing.T) {
	b := newBench(t)
	b.log(t, "a.txt", "one\n")
	job := b.job(t, simple)
	for range keptRuns + 2 {
		_, err := job.Run(t.Context(), Options{})
		require.NoError(t, err)
	}
	runs, err := os.ReadDir(filepath.Join(b.folder, WorkFolder, "runs"))
	require.NoError(t, err)
	require.Len(t, runs, keptRuns)
}

// TestRunsThatFailDoNotPushOutThoseThatFinished: a pipeline may fail every night.
func TestRunsThatFailDoNotPushOutThoseThatFinished(t *testing.T) {
	b := newBench(t)
	b.log(t, "a.txt", "one\n")
	job := b.job(t, simple)
	_, err := job.Run(t.Context(), Options{})
	require.NoError(t, err)
	require.NoError(t, os.RemoveAll(filepath.Join(b.folder, "out")))
	require.NoError(t, os.WriteFile(filepath.Join(b.folder, "out"), nil, 0o600))
	runs := filepath.Join(b.folder, WorkFolder, "runs")
	var left []os.DirEntry
	for names := map[string]bool{}; len(names) < 1+keptRuns+2; { // runs of one millisecond have one name
		_, err := job.Run(t.Context(), Options{})
		require.ErrorContains(t, err, "make the folder of an output")
		left, err = os.ReadDir(runs)
		require.NoError(t, err)
		for _, run := range left {
			names[run.Name()] = true
		}
	}
	require.Len(t, left, 3, "the one that finished and the last two")
	require.FileExists(t, filepath.Join(runs, left[0].Name(), "summary.json"))
}

func TestFindMakesAKeptExampleAgain(t *testing.T) {
	b := newBench(t)
	b.log(t, "a.txt", "a good one\n")
	job := b.job(t, simple)
	s, err := job.Run(t.Context(), Options{})
	require.NoError(t, err)
	var read record.Event
	require.NoError(t, json.Unmarshal([]byte(b.read(t, filepath.Join(WorkFolder, "runs", s.Run, "examples.jsonl"))), &read))
	found, err := job.Find(t.Context(), read.Step, read.Unit, read.ID)
	require.NoError(t, err)
	require.Equal(t, []string{"good"}, found.Example.Labels, "the filters have seen it")
	gone, err := job.Find(t.Context(), read.Step, read.Unit, "unknown")
	require.NoError(t, err)
	require.Nil(t, gone)
}

func TestLookup(t *testing.T) {
	b := newBench(t)
	b.log(t, "a.txt", "one\ndrop it\n")
	job := b.job(t, simple)
	s, err := job.Run(t.Context(), Options{})
	require.NoError(t, err)
	work := filepath.Join(b.folder, WorkFolder)
	var dropped record.Event
	for line := range strings.Lines(b.read(t, filepath.Join(WorkFolder, "runs", s.Run, "examples.jsonl"))) {
		var e record.Event
		require.NoError(t, json.Unmarshal([]byte(line), &e))
		if e.Action == "drop" {
			dropped = e
		}
	}
	history, err := record.Runs{Work: work, Pipeline: s.Pipeline}.Lookup(dropped.ID[:8])
	require.NoError(t, err)
	require.Equal(t, "filter.lab.words", history.Events[1].Step)
	require.Equal(t, "it says drop", history.Events[1].Reason)
	found, err := job.Find(t.Context(), history.Read.Step, history.Read.Unit, history.ID)
	require.NoError(t, err)
	require.Equal(t, "drop it", found.Example.UserMessage())
	_, err = record.Runs{Work: work, Pipeline: s.Pipeline}.Lookup("nothing")
	require.ErrorContains(t, err, `has an example "nothing"`)
	_, err = record.Runs{Work: work, Pipeline: "other.hcl"}.Lookup(dropped.ID)
	require.ErrorContains(t, err, "no recorded run of other.hcl", "the run of another pipeline says nothing about this one")
}

func TestABlocksMaxUnits(t *testing.T) {
	b := newBench(t)
	for _, name := range []string{"a.txt", "b.txt", "c.txt"} {
		b.log(t, name, name+"\n")
	}
	for _, c := range []struct{ block, flag, want int }{{0, 0, 3}, {2, 0, 2}, {2, 1, 1}, {1, 2, 1}, {5, 0, 3}} {
		job := b.job(t, fmt.Sprintf("source \"lines\" \"logs\" {\n path = \"logs\"\n max_units = %d\n}\n", c.block))
		units, err := job.Units(t.Context(), c.flag)
		require.NoError(t, err)
		require.Len(t, units, c.want, "%d in the block, %d on the command line", c.block, c.flag)
	}
}

func TestSourcesDifferByWhatTheyRead(t *testing.T) {
	b := newBench(t)
	b.log(t, "a.txt", "one\n")
	with := func(option string) *Job {
		return b.job(t, "source \"lines\" \"logs\" {\n path = \"logs\"\n"+option+"\n}\n")
	}
	for _, option := range []string{`since = "2026-11-01"`, `until = "2026-11-01"`, "max_units = 1", `tools = ["a"]`, `answer = "b"`} {
		require.True(t, sameSources(with(option), with(option)), option)
		require.False(t, sameSources(with(option), with("")), option)
	}
}

func TestRowsLeadBackToTheirExamples(t *testing.T) {
	b := newBench(t)
	s := b.run(t, `
source "lab" "made" {
  path     = "logs"
  units    = 3
  examples = 40
  bytes    = 200
}
output "whole" "rows" {
  path       = "rows.jsonl"
  shard_size = "8KB"
}
output "text" "words" { path = "words.jsonl" }
`, Options{})
	work := filepath.Join(b.folder, WorkFolder)
	files := s.Outputs[0].Files
	require.Greater(t, len(files), 2)
	rows := 0
	for _, file := range files {
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		row := 0
		for line := range strings.Lines(string(data)) {
			var e sdk.Example
			require.NoError(t, json.Unmarshal([]byte(line), &e))
			row++
			history, err := record.Runs{Work: work, Pipeline: "pipeline.hcl"}.LookupRow(file, row)
			require.NoError(t, err)
			require.Equal(t, e.ID, history.ID)
			require.Equal(t, s.Run, history.Run)
		}
		_, err = record.Runs{Work: work, Pipeline: "pipeline.hcl"}.LookupRow(file, row+1)
		require.ErrorContains(t, err, "rows as of run")
		rows += row
	}
	require.Equal(t, s.Outputs[0].Rows, rows)
}

func TestOutputsKeepWhatOnlyTheyTake(t *testing.T) {
	b := newBench(t)
	require.NoError(t, os.MkdirAll(filepath.Join(b.folder, "logs", "a"), 0o755))
	require.NoError(t, os.MkdirAll(filepath.Join(b.folder, "logs", "b"), 0o755))
	b.log(t, "a/1.txt", "oak one\noak two\nyew\n")
	b.log(t, "b/1.txt", "oak three\nash\n")
	rows := func(output string) []string {
		var words []string
		for line := range strings.Lines(b.read(t, output)) {
			var e sdk.Example
			require.NoError(t, json.Unmarshal([]byte(line), &e))
			words = append(words, e.UserMessage())
		}
		return words
	}
	pipeline := `
source "lines" "a" { path = "logs/a" }
source "lines" "b" { path = "logs/b" }
filter "first_word" "same" {}
output "whole" "a" {
  path    = "a.jsonl"
  sources = [source.lines.a]
}
output "whole" "b" {
  path    = "b.jsonl"
  sources = [source.lines.b]
}
`
	b.run(t, pipeline, Options{})
	require.Equal(t, []string{"oak one", "yew"}, rows("a.jsonl"))
	require.Equal(t, []string{"oak three", "ash"}, rows("b.jsonl"))
	pipeline += `output "whole" "both" { path = "both.jsonl" }`
	outputs := b.run(t, pipeline, Options{}).Outputs
	require.Equal(t, []int{0, 0, 1}, []int{outputs[0].Copies, outputs[1].Copies, outputs[2].Copies})
	require.Equal(t, []string{"oak one", "yew"}, rows("a.jsonl"))
	require.Equal(t, []string{"oak three", "ash"}, rows("b.jsonl"))
	require.Equal(t, []string{"oak one", "yew", "ash"}, rows("both.jsonl"))

	unfiltered := strings.Replace(pipeline, `filter "first_word" "same" {}`, "", 1)
	columns, err := Stats(t.Context(), []*Job{b.job(t, pipeline), b.job(t, unfiltered)}, Options{Tokens: true})
	require.NoError(t, err)
	require.Equal(t, 1, columns[0].Outputs[2].Copies)
	require.Zero(t, columns[1].Outputs[2].Copies, "what a filter finds is nothing to who shares the reading and lacks the filter")
}

// TestADeathNamesWhatWasRead: nobody knows at which of the units that it was reading a plugin died, so the error names them.
func TestADeathNamesWhatWasRead(t *testing.T) {
	for units, want := range map[int]string{
		1:  "source.lab.made, reading unit-0000: ",
		2:  "source.lab.made, reading one of unit-",
		11: ", 3 others: ",
	} {
		b := newBench(t)
		job := b.job(t, fmt.Sprintf(`
source "lab" "made" {
  path  = "logs"
  units = %d
  dies  = true
}
output "lab" "out" { path = "out.jsonl" }
`, units))
		_, err := job.Run(t.Context(), Options{Parallel: units})
		require.ErrorContains(t, err, want)
		require.ErrorContains(t, err, `plugin "lab": exited with code 9`)
		require.Equal(t, min(units, 8), strings.Count(err.Error(), "unit-"))
	}
}
