package run

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/core/record"
	"github.com/ftprep/ftprep/core/whole"
	"github.com/ftprep/ftprep/sdk"
)

func TestOutputsShareAList(t *testing.T) {
	b := newBench(t)
	one := func(name, request string) {
		b.log(t, name, line(t, turn(request, sdk.Message{Role: sdk.RoleAssistant, Text: "ok"})...))
	}
	one("a.txt", "go")
	pipeline := `
source "lines" "logs" { path = "logs" }
output "listed" "first" { path = "out/first.jsonl" }
output "listed" "second" { path = "out/second.jsonl" }
`
	b.run(t, pipeline, Options{})
	require.Equal(t, "{\n  \"first\": 1,\n  \"second\": 1\n}\n", b.read(t, "out/list.json"))

	one("b.txt", "come")
	s := b.run(t, `
source "lines" "logs" { path = "logs" }
output "listed" "second" { path = "out/second.jsonl" }
`, Options{})
	require.Empty(t, s.Outputs[0].Foreign)
	require.Equal(t, "{\n  \"first\": 1,\n  \"second\": 2\n}\n", b.read(t, "out/list.json"), "what an earlier run put there stays")

	list := filepath.Join(b.folder, "out", "list.json")
	require.NoError(t, os.WriteFile(list, []byte(`{"theirs": {"b": 1,  "a": 1.0}, "second": 99, "first": 1 }`), 0o600))
	require.NoError(t, os.Chmod(list, 0o600))
	one("c.txt", "stay")
	s = b.run(t, pipeline, Options{})
	require.Equal(t, "{\n  \"theirs\": {\"b\": 1,  \"a\": 1.0},\n  \"second\": 99,\n  \"first\": 3\n}\n", b.read(t, "out/list.json"))
	require.Empty(t, s.Outputs[0].Foreign)
	require.Equal(t, []string{`"second" in list.json`}, s.Outputs[1].Foreign, "somebody changed the entry")
	info, err := os.Stat(list)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm(), "it is the user's file")

	require.NoError(t, os.WriteFile(list, []byte(`["theirs"]`), 0o600))
	s = b.run(t, pipeline, Options{})
	require.Equal(t, `["theirs"]`, b.read(t, "out/list.json"))
	require.Equal(t, []string{"list.json"}, s.Outputs[0].Foreign)
}

func TestOutputsDoNotShareAnEntry(t *testing.T) {
	b := newBench(t)
	b.log(t, "a.txt", line(t, turn("go", sdk.Message{Role: sdk.RoleAssistant, Text: "ok"})...))
	_, err := b.job(t, `
source "lines" "logs" { path = "logs" }
output "listed" "first" { path = "out/rows.jsonl" }
output "listed" "second" { path = "out/rows.jsonl.zst" }
`).Run(t.Context(), Options{})
	require.ErrorContains(t, err, `output.listed.first and output.listed.second both write "rows" in `)
	require.NoFileExists(t, filepath.Join(b.folder, "out", "list.json"))
}

// TestOutputsShareNoFileByAnotherName: on some systems Info.json is info.json, and a pipeline must mean the same on all.
func TestOutputsShareNoFileByAnotherName(t *testing.T) {
	folder := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(folder, "out"), 0o755))
	encoders := func(paths ...string) (all []*encoder) {
		for _, path := range paths {
			all = append(all, &encoder{
				counts: &record.OutputCounts{Output: "output of " + path}, files: []outputFile{{File: &whole.File{Path: filepath.Join(folder, path)}}},
			})
		}
		return all
	}
	require.ErrorContains(t, checkFiles(encoders("out/info.json", "out/Info.json")), "output of out/info.json and output of out/Info.json both write ")
	if os.Symlink("out", filepath.Join(folder, "link")) == nil { // not everybody may make links on Windows
		require.ErrorContains(t, checkFiles(encoders("out/info.json", "link/info.json")), "output of out/info.json and output of link/info.json both write ")
	}
	require.NoError(t, checkFiles(encoders("out/info.json", "out/info2.json")))
}
