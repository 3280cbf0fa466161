package run

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestARunThatFailsLeavesNoEmptyFolders(t *testing.T) {
	b := newBench(t)
	b.log(t, "a.txt", "leak\n")
	for _, folder := range []string{"mine", "kept/mine"} {
		require.NoError(t, os.MkdirAll(filepath.Join(b.folder, folder), 0o755))
	}
	pipeline := `
source "lines" "logs" { path = "logs" }
output "lab" "a" { path = "new/a/rows.jsonl" }
output "lab" "b" { path = "new/rows.jsonl" }
output "turns" "c" { path = "new/b/c/" }
output "lab" "d" { path = "mine/rows.jsonl" }
output "lab" "e" { path = "kept/new/rows.jsonl" }
`
	_, err := b.job(t, pipeline).Run(t.Context(), Options{Verify: leaky})
	require.ErrorAs(t, err, new(*LeakError))
	require.NoDirExists(t, filepath.Join(b.folder, "new"))
	require.NoDirExists(t, filepath.Join(b.folder, "kept", "new"))
	require.DirExists(t, filepath.Join(b.folder, "mine"), "it was there before the run")
	require.DirExists(t, filepath.Join(b.folder, "kept", "mine"))

	job := b.job(t, pipeline+`
output "lab" "link" { path = "link/rows.jsonl" }
`)
	require.NoError(t, os.Symlink("nowhere", filepath.Join(b.folder, "link")))
	_, err = job.Run(t.Context(), Options{})
	require.ErrorContains(t, err, "make the folder of an output")
	require.NoDirExists(t, filepath.Join(b.folder, "new"))
	_, err = os.Lstat(filepath.Join(b.folder, "link"))
	require.NoError(t, err)

	b.run(t, pipeline, Options{})
	require.FileExists(t, filepath.Join(b.folder, "new", "a", "rows.jsonl"))
	b.log(t, "a.txt", "leak again\n")
	_, err = b.job(t, pipeline).Run(t.Context(), Options{Verify: leaky})
	require.ErrorAs(t, err, new(*LeakError))
	require.Contains(t, b.read(t, "new/a/rows.jsonl"), "leak")
}
