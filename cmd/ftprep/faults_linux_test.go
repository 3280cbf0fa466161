package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// faultCase is a run with a plugin that does something wrong: the plugin faulty, which is made with the SDK, or wild, which is not.
type faultCase struct {
	plugin string
	args   string   // arguments of the plugin
	fault  string   // an option of faulty's source
	limits string   // more lines of the plugin block
	filter string   // a filter block
	output string   // the type of the output; default: unified
	code   int      // the exit code
	says   []string // parts of the messages
	rows   int      // rows of the output, if the run succeeds
	logs   string   // the whole log; empty if anything may be in it
}

// faultCases returns what plugins do wrong. The guide for authors lists these faults with the times that the test logs.
func faultCases() map[string]faultCase {
	const step, unit = "source.faulty.x, reading all", `plugin "faulty": `
	wild := func(fault string, says ...string) faultCase {
		return faultCase{plugin: "wild", args: fault, code: exitPlugin, says: says}
	}
	failed := func(fault string, says ...string) faultCase {
		return faultCase{plugin: "wild", args: fault, code: exitFailed, says: append(says, `plugin "wild": `)}
	}
	judged := func(fault string, says ...string) faultCase {
		c := failed(fault, says...)
		c.filter = "wild"
		return c
	}
	written := func(fault string, says ...string) faultCase {
		c := failed(fault, says...)
		c.output = "wild"
		return c
	}
	return map[string]faultCase{
		"crash at start":      {args: "exit-at-start", code: exitPlugin, says: []string{"exited with code 7", "cannot open the database"}},
		"missing":             {plugin: "nowhere", code: exitPlugin, says: []string{"there is no ftprep-plugin-nowhere on $PATH"}},
		"noise at start":      {args: "noise-at-start", code: exitPlugin, says: []string{`printed "Welcome to faulty!" to standard output`}},
		"silence at start":    {args: "silence-at-start", code: exitPlugin, says: []string{"did not shake hands within 10s"}},
		"wrong protocol":      {args: "other-protocol", code: exitPlugin, says: []string{"speaks version 99 of the plugin protocol", "use a newer ftprep"}},
		"version too new":     wild("newer-contract-only", "speaks version 2 of the plugin protocol", "use a newer ftprep, or an older"),
		"address of its own":  wild("prefix", `printed "1|1|unix|unix:/`, "where only a plugin's handshake belongs: 1|1|unix|/path/of/the/socket|grpc"),
		"crash in mid-stream": {fault: "crash", code: exitPlugin, says: []string{step, unit + "exited with code 9", "out of cheese"}},
		"killed":              {fault: "kill", code: exitPlugin, says: []string{step, "was killed by signal: killed, as the system does when memory runs out"}},
		"crash in last frame": wild("last-frame", "source.wild.x, reading all after 3 examples, the last ", "exited with code 9", "out of cheese"),
		"crash at the options": {
			plugin: "wild", args: "dies-of-options", output: "wild", code: exitPlugin,
			says: []string{`plugin "wild": exited with code 9`, "out of cheese"},
		},
		"crash of a filter":  {filter: "faulty", code: exitPlugin, says: []string{"filter.faulty.y: at examples ", " to ", "exited with code 9", "out of cheese"}},
		"silence":            {fault: "silence", limits: `idle_timeout = "300ms"`, code: exitPlugin, says: []string{step, "no answer for 300ms, the idle_timeout of its plugin block"}},
		"silence for good":   {fault: "deaf", limits: `idle_timeout = "300ms"`, code: exitPlugin, says: []string{step, "no answer for 300ms, the idle_timeout of its plugin block"}},
		"panic beside":       {fault: "goroutine", code: exitPlugin, says: []string{step, unit + "exited with code 2; its last words: panic: out of cheese"}},
		"slow but alive":     {fault: "slow", limits: `idle_timeout = "300ms"`, rows: 3},
		"error":              {fault: "error", code: exitFailed, says: []string{step, unit + "the log is older than the program"}},
		"panic":              {fault: "panic", code: exitFailed, says: []string{step, unit + "the plugin's code panicked: index out of range"}},
		"flood of logs":      {fault: "flood", rows: 3},
		"endless lines":      {fault: "line", rows: 3},
		"stdout noise":       {fault: "print", rows: 3},
		"too much memory":    {fault: "grow", limits: `memory = "256MiB"`, code: exitPlugin, says: []string{step, "more than the 256 MiB in its plugin block"}},
		"too much time":      {fault: "silence", limits: `timeout = "3s"`, code: exitPlugin, says: []string{step, "ran for longer than 3s, the timeout in its plugin block"}},
		"refuses to stop":    {plugin: "wild", args: "stays", rows: 3},
		"does not drain":     {plugin: "wild", args: "never-drains", rows: 3, logs: "standard input has ended"},
		"socket removed":     {plugin: "wild", args: "socket", rows: 3},
		"newer plugin":       {plugin: "wild", args: "newer", rows: 3},
		"rejected arguments": {plugin: "wild", args: "arguments", rows: 2},

		"garbage frame":                    failed("garbage-frame", "source.wild.x, reading all"),
		"garbage example":                  failed("garbage-example", "sent an example that cannot be decoded: decode example wild-1: "),
		"text not in UTF-8":                failed("not-utf8", "sent an example that cannot be decoded"),
		"false routing":                    failed("routing", `sent an example "wild-1" of type "direct_execution" in an item that says "wild-1" of type "negative"`),
		"false counts":                     failed("counts", "counted 7 examples of 0 records, but sent 3 of 3"),
		"records missing":                  {plugin: "wild", args: "records", code: exitFailed, says: []string{"source.wild.x", "7 were read, 3 are accounted for (a fault of the plugin)"}},
		"the same unit twice":              failed("same-units", `lists the unit "a" twice`),
		"unknown toolset":                  failed("toolset", `with a toolset "never sent" that it never sent`),
		"no end of a unit":                 failed("no-end", "ended a unit without a tally"),
		"too many verdicts":                judged("too-many-verdicts", "answered 3 examples with 4 answers"),
		"verdicts for examples never sent": judged("unsent-verdicts", "answered more than it was sent"),
		"verdict of another filter":        judged("other-filter", "sent a decision of filter 7, which does not exist"),
		"drop without a decision":          judged("silent-drop", "dropped an example without a decision to do so"),
		"decision without a drop":          judged("kept-drop", "decided to drop an example, but its verdict says that it stays"),
		"drop without a reason":            judged("no-reason", "dropped an example without a reason"),
		"score that is none":               judged("no-score", "the quality 2 is not between 0 and 1"),
		"stream ends early":                judged("ends-early", "ended the stream before it had answered everything; .ftprep/plugins.log may say why"),
		"call without words":               judged("unimplemented", "the plugin does not implement a call that it must implement: it gives no details"),
		"complaint without words":          {plugin: "wild", args: "no-words", code: exitUsage, says: []string{"Invalid options", "the plugin gives no reason."}},
		"unknown action":                   judged("unknown-action", `decided "hide", which is not drop, annotate or replace`),
		"items without a decision":         judged("undecided-items", "replaced an example without a decision"),
		"annotation without a decision":    judged("undecided-annotation", "annotated an example without a decision"),
		"two examples with one id":         judged("same-ids", "with two examples that share the id wild-0"),
		"replaced without a source":        judged("no-source", "with an example without a source"),
		"unknown type":                     failed("unknown-type", `of the type "chitchat", which is not one of`),
		"reject without a cause":           failed("no-cause", "source.wild.x, reading all", "rejected a record of a.txt without a cause"),
		"time that is none":                failed("time", `decode example without an id: its provenance has the time "2026-11-27T10:00:00", which is not RFC 3339`),
		"rows of what is refused":          written("refused-rows", "but also gave rows for it"),
		"two answers to a frame":           written("answers-twice", "answered a frame of examples when it was asked to finish"),
		"changed id":                       judged("rewrites", "sent an annotation with more than an annotation may hold"),
		"another split than it says":       judged("false-split", `annotated an example with the split "eval", but the verdict says "train"`),
		"another score than it says":       judged("false-score", "annotated an example with the quality 0.5, but the verdict says none"),
		"split that is no name":            judged("split-elsewhere", `the split "../evil" is not a name of lower-case letters`),
		"unknown toolset of a filter":      judged("gives-nothing", `with a toolset "mine" that it never sent`),
		"two kinds of rows": {plugin: "wild", args: "rows-of-all-kinds", output: "wild", code: exitPlugin,
			says: []string{`plugin "wild": it cannot be used: configure output.wild.`, "holds details and last_only: only one of these makes sense"}},
		"row with a line end":   written("two-lines", `returned a row that contains a line break: "{}\n{}"`),
		"row that is no object": written("no-object", `returned a row that is not a JSON object: "hello"`),
		"row not in UTF-8":      written("row-not-utf8", `returned a row that is not a JSON object: "{\"text\":\"\xff\"}"`),
		"no row and no reason":  {plugin: "wild", args: "no-row", output: "wild", rows: 1, says: []string{"the format made no row and gave no reason"}},
		"no answer to nothing":  {plugin: "wild", args: "answers-nothing", filter: "wild", output: "wild", limits: `idle_timeout = "1s"`, rows: 1},
		"file somewhere else":   written("companion", `wants to write a file called "../evil"`),
		"list without entries":  written("no-list", "wants to write something other than members of a JSON object into list.json"),
		"stream without an end": {
			plugin: "wild", args: "open-ended", filter: "wild", limits: `idle_timeout = "1s"`, code: exitPlugin,
			says: []string{`filter.wild.y: plugin "wild": no answer for 1s, the idle_timeout of its plugin block: the host has ended its side of the stream and is waiting for`},
		},
	}
}

// TestFaults runs pipelines with plugins that go wrong. The message names the plugin, the step and the place; the output of an
// earlier run stays; nothing half-written and no process is left.
func TestFaults(t *testing.T) {
	for name, c := range faultCases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := c.project(t)
			began := time.Now()
			command := exec.Command(filepath.Join(folder, "ftprep"), "run", "--no-cache", folder)
			command.Env = append(os.Environ(), "PATH="+folder+":"+os.Getenv("PATH"))
			out, _ := command.CombinedOutput()
			t.Logf("%5.2f s  %s", time.Since(began).Seconds(), name)
			require.Equal(t, c.code, command.ProcessState.ExitCode(), "%s", out)
			require.Empty(t, running(t, folder))
			flat := strings.Join(strings.Fields(string(out)), " ")
			for _, want := range c.says {
				require.Contains(t, flat, want)
			}
			require.NotContains(t, flat, "rpc error")
			require.NotContains(t, flat, "goroutine ", "the stacks are in the log")
			require.LessOrEqual(t, strings.Count(flat, "exited with code"), 1, "a death is told once")
			c.checkOutput(t, folder)
		})
	}
}

// project creates a folder with a pipeline and an output of an earlier run.
func (c faultCase) project(t *testing.T) string {
	folder := t.TempDir()
	plugin := c.plugin
	if plugin == "" {
		plugin = "faulty"
	}
	linkSelf(t, folder, "ftprep")
	if plugin != "nowhere" {
		linkSelf(t, folder, "ftprep-plugin-"+plugin)
	}
	pipeline := fmt.Sprintf("plugin %q {\n  args = [%q]\n  %s\n}\nsource %q \"x\" {\n  path = \"logs\"\n", plugin, c.args, c.limits, plugin)
	if c.fault != "" {
		pipeline += fmt.Sprintf("  fault = %q\n", c.fault)
	}
	pipeline += "}\n"
	switch c.filter {
	case "faulty":
		pipeline += "filter \"faulty\" \"y\" { fault = \"crash\" }\n"
	case "wild":
		pipeline += "filter \"wild\" \"y\" {}\n"
	}
	output := "unified"
	if c.output != "" {
		output = c.output
	}
	pipeline += fmt.Sprintf("output %q \"all\" { path = \"out/all.jsonl\" }\n", output)
	for name, content := range map[string]string{"pipeline.hcl": pipeline, "logs/a.txt": "a\n", "out/all.jsonl": "earlier\n"} {
		path := filepath.Join(folder, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(content), 0o644))
	}
	return folder
}

// TestDiskFull runs pipelines that may write only a little into each file, as if the disk were full.
func TestDiskFull(t *testing.T) {
	for name, c := range map[string]struct {
		more string   // more blocks of the pipeline
		says []string // parts of the messages
	}{
		"of outputs": {says: []string{"output.unified.all: write "}},
		"of records": {
			more: "source \"journal\" \"notes\" { path = \"notes\" }\nfilter \"calls\" \"required\" {}\n",
			says: []string{"write the record of the run: write ", "examples.jsonl: "},
		},
	} {
		t.Run(name, func(t *testing.T) { testDiskFull(t, c.more, c.says) })
	}
}

func testDiskFull(t *testing.T, more string, says []string) {
	folder := faultCase{}.project(t)
	pipeline := filepath.Join(folder, "pipeline.hcl")
	text, err := os.ReadFile(pipeline)
	require.NoError(t, err)
	long := strings.Replace(string(text), "path = \"logs\"", "path = \"logs\"\n  examples = 3000", 1)
	require.NoError(t, os.WriteFile(pipeline, []byte(long+more), 0o644))
	require.NoError(t, os.Mkdir(filepath.Join(folder, "notes"), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "notes", "a.md"), []byte("# A\n## Problem: the door\nIt is shut.\n## Solution\nOpen it.\n"), 0o644))
	command := exec.Command("sh", "-c", `ulimit -f 100 && exec "$0" run --no-cache "$1"`, filepath.Join(folder, "ftprep"), folder)
	command.Env = append(os.Environ(), "PATH="+folder+":"+os.Getenv("PATH"))
	began := time.Now()
	out, _ := command.CombinedOutput()
	t.Logf("%5.2f s  disk full", time.Since(began).Seconds())
	require.Equal(t, exitFailed, command.ProcessState.ExitCode(), "%s", out)
	for _, part := range append(says, "file too large") {
		require.Contains(t, string(out), part)
	}
	require.NotContains(t, string(out), "may have changed")
	require.NotContains(t, string(out), `plugin "formats"`, "it is not the plugin's fault")
	require.Empty(t, running(t, folder))
	faultCase{}.checkOutput(t, folder)
}

// TestKilledHostOfADeafPlugin kills a host whose plugin reacts to nothing, not even to the end of its standard input.
func TestKilledHostOfADeafPlugin(t *testing.T) {
	folder := faultCase{plugin: "wild", args: "hangs"}.project(t)
	command := exec.Command(filepath.Join(folder, "ftprep"), "run", "--no-cache", folder)
	command.Env = append(os.Environ(), "PATH="+folder+":"+os.Getenv("PATH"))
	require.NoError(t, command.Start())
	require.Eventually(t, func() bool { // until it reads
		runs, err := filepath.Glob(filepath.Join(folder, ".ftprep", "runs", "*"))
		return err == nil && len(runs) > 0
	}, 10*time.Second, 5*time.Millisecond)
	require.NoError(t, command.Process.Kill())
	killed := time.Now()
	_ = command.Wait() // it was killed
	require.Eventually(t, func() bool { return len(running(t, folder)) == 0 }, 5*time.Second, 5*time.Millisecond)
	t.Logf("%5.2f s  host killed, and its plugin deaf", time.Since(killed).Seconds())
	require.Equal(t, "earlier\n", outputs(t, folder)["all.jsonl"])
}

func (c faultCase) checkOutput(t *testing.T, folder string) {
	require.Len(t, entries(t, filepath.Join(folder, "out")), 1, "nothing else is left")
	content := outputs(t, folder)["all.jsonl"]
	if c.rows == 0 {
		require.Equal(t, "earlier\n", content)
		return
	}
	require.Equal(t, c.rows, strings.Count(content, "\n"))
	log, _ := os.ReadFile(filepath.Join(folder, ".ftprep", "plugins.log")) // it does not exist if nothing was written
	require.Less(t, len(log), longestLog+1<<20)
	if c.logs != "" {
		require.Equal(t, 1, bytes.Count(log, []byte("\n")), "%s", log)
		require.Contains(t, string(log), c.logs)
	}
}
