package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/core/record"
	"github.com/ftprep/ftprep/core/run"
)

const lawsPipeline = `
source "journal" "notes" { path = "logs" }
source "discord" "bot" { path = "logs" }
source "claude" "sessions" { path = "logs" }
filter "calls" "required" {}
filter "quality" "ok" { min_score = 0.3 }
filter "dedup" "exact" {}
output "unified" "all" { path = "out/all.jsonl" }
output "chatml" "text" { path = "out/all.txt" }
output "axolotl" "sft" { path = "out/sft.jsonl" }
`

// fragments are pieces of logs, whole and broken, from which the tests make files.
var fragments = map[string][]string{
	".md": {
		"# Title - Lessons Learned\n**Date:** 2026-01-01\n\n", "## The Problem\n\nIt fails.\n\n", "## Root Cause\n\nA wrong id.\n\n",
		"## Solution\n\nUse `send_command(\"GOTO 1 2\")`.\n\n", "- **Don't** click twice - the menu closes\n", "```python\n# BAD\nf()\n\n# GOOD\ng()\n```\n",
		"| Command | Purpose |\n|---|---|\n| `get_state(field=\"x\")` | See x |\n", "```\nnever closed\n", "\x00\xff\xfe", "\r\n", "\ufeff", "| broken | table\n", "<!-- open",
	},
	".jsonl": {
		`{"type":"user","uuid":"u%d","sessionId":"s","message":{"role":"user","content":"do it %d"}}` + "\n",
		`{"type":"assistant","uuid":"a%d","sessionId":"s","message":{"id":"m%d","role":"assistant","content":[{"type":"tool_use","id":"c%d","name":"mcp__x__act","input":{"n":%d}}]}}` + "\n",
		`{"type":"user","uuid":"r%d","sessionId":"s","message":{"role":"user","content":[{"type":"tool_result","tool_use_id":"c%d","content":"done"}]}}` + "\n",
		`{"type":"assistant","uuid":"t%d","sessionId":"s","message":{"id":"n%d","role":"assistant","content":[{"type":"text","text":"done %d"}]}}` + "\n",
		`{"type":"request","request_id":"%d","message":"kill %d"}` + "\n", `{"type":"tool_call","request_id":"%d","tool":"act","arguments":{},"result":{"sent":true}}` + "\n",
		`{"type":"response","request_id":"%d","response":"ok"}` + "\n", `{"type":"unheard-of","x":%d}` + "\n",
		"{\"half\": \n", "\xff\xfe\n", "[1,2]\n", "\n", "\r\n", "\ufeff{}\n", `{"a":1}{"b":2}` + "\n", "{\"type\":\"user\",\"mess",
	},
}

// writeLogs writes a folder of logs made up at random from a seed.
func writeLogs(t *testing.T, folder string, seed uint64) {
	random := rand.New(rand.NewPCG(seed, 1))
	require.NoError(t, os.MkdirAll(folder, 0o755))
	for i := range 12 {
		extension := []string{".md", ".jsonl"}[i%2]
		name := fmt.Sprintf("%02d%s", i, extension)
		if i%4 == 1 {
			name = "conversations_" + name
		}
		var b bytes.Buffer
		for n := range random.IntN(60) {
			fragment := fragments[extension][random.IntN(len(fragments[extension]))]
			b.WriteString(strings.ReplaceAll(fragment, "%d", fmt.Sprint(n/4)))
		}
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), b.Bytes(), 0o644))
	}
}

// writeOddities adds files that no folder of logs should hold, and that some do.
func writeOddities(t *testing.T, folder string) {
	for _, name := range []string{"x.md", "x.jsonl", "conversations_x.jsonl"} {
		require.NoError(t, os.Mkdir(filepath.Join(folder, name), 0o755))
		require.NoError(t, os.Symlink("loop-"+name, filepath.Join(folder, "loop-"+name)))
		require.NoError(t, os.WriteFile(filepath.Join(folder, "empty-"+name), nil, 0o644))
		require.NoError(t, os.WriteFile(filepath.Join(folder, "locked-"+name), []byte("# a\n"), 0o000))
	}
	require.NoError(t, os.Symlink(".", filepath.Join(folder, "loop")))
	long := `{"type":"user","uuid":"long","sessionId":"s","message":{"role":"user","content":"` + strings.Repeat("x", 60<<20) + `"}}` + "\n"
	require.NoError(t, os.WriteFile(filepath.Join(folder, "long.jsonl"), []byte(long+strings.ReplaceAll(fragments[".jsonl"][0], "%d", "1")), 0o644))
}

// runJSON runs the pipeline in a folder and returns its summary.
func runJSON(t *testing.T, folder string, flags ...string) record.Summary {
	var stdout, stderr bytes.Buffer
	code := execute(t.Context(), append([]string{"run", folder, "--json"}, flags...), &stdout, &stderr)
	require.Zero(t, code, "%s", stderr.String())
	var summary record.Summary
	require.NoError(t, json.Unmarshal(stdout.Bytes(), &summary))
	return summary
}

// TestLaws runs made-up and broken logs: every record and every example is accounted for, and the outputs are the same
// bytes at any parallelism, whether they come from the logs or from the cache.
func TestLaws(t *testing.T) {
	for seed := range uint64(4) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			folder := t.TempDir()
			writeLogs(t, filepath.Join(folder, "logs"), seed)
			if seed == 0 {
				writeOddities(t, filepath.Join(folder, "logs"))
			}
			require.NoError(t, os.WriteFile(filepath.Join(folder, "pipeline.hcl"), []byte(lawsPipeline), 0o644))
			summary := runJSON(t, folder, "--parallel", "1", "--no-cache")
			conserved(t, summary)
			filesConserved(t, folder, summary)
			first := contents(t, folder)
			for _, parallel := range []string{"8", "3"} { // the second reads what the first has cached
				conserved(t, runJSON(t, folder, "--parallel", parallel))
				require.Equal(t, first, contents(t, folder))
			}
		})
	}
}

func conserved(t *testing.T, s record.Summary) {
	for _, source := range s.Sources {
		ignored := 0
		for _, n := range source.Ignored {
			ignored += n
		}
		require.Equal(t, source.Records, source.Used+ignored+source.Unread+source.Rejected, source.Source)
		require.Positive(t, source.Records, source.Source)
	}
	left := s.Left()
	for _, output := range s.Outputs {
		refused := 0
		for _, n := range output.Refused {
			refused += n
		}
		require.LessOrEqual(t, output.Selected, left)
		require.Equal(t, output.Selected, output.Encoded+refused, output.Output)
	}
	require.Equal(t, left, s.Outputs[0].Rows)
}

// filesConserved checks the list of files in a run's record: the records of each file add up, and those of all files are those of
// their sources.
func filesConserved(t *testing.T, folder string, s record.Summary) {
	data, err := os.ReadFile(filepath.Join(folder, run.WorkFolder, "runs", s.Run, "files.jsonl"))
	require.NoError(t, err)
	sums := map[string]record.SourceCounts{}
	for line := range strings.Lines(string(data)) {
		var file record.FileCounts
		require.NoError(t, json.Unmarshal([]byte(line), &file))
		ignored := 0
		for _, n := range file.Ignored {
			ignored += n
		}
		require.Equal(t, file.Records, file.Used+ignored+file.Unread+file.Rejected, file.File)
		sum := sums[file.Source]
		sum.Files++
		sum.Bytes += file.Bytes
		sum.Records += file.Records
		sum.Rejected += file.Rejected
		sum.Examples += file.Examples
		sums[file.Source] = sum
	}
	for _, source := range s.Sources {
		sum := sums[source.Source]
		require.Equal(t, []int{source.Files, int(source.Bytes), source.Records, source.Rejected, source.Examples},
			[]int{sum.Files, int(sum.Bytes), sum.Records, sum.Rejected, sum.Examples}, source.Source)
	}
}

func contents(t *testing.T, folder string) map[string]string {
	all := map[string]string{}
	for _, name := range []string{"all.jsonl", "all.txt", "sft.jsonl"} {
		data, err := os.ReadFile(filepath.Join(folder, "out", name))
		require.NoError(t, err)
		all[name] = string(data)
	}
	return all
}
