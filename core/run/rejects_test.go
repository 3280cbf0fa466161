package run

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestRejectsAreListedInOrder reads units of several frames side by side; the first unit is done last.
func TestRejectsAreListedInOrder(t *testing.T) {
	const pipeline = `
source "lab" "one" {
  path       = "logs"
  units      = 5
  examples   = 40
  bytes      = 100000
  rejects    = true
  first_last = true
}
source "lab" "two" {
  path     = "logs"
  units    = 3
  examples = 2
  rejects  = true
}
output "lab" "out" { path = "out.jsonl" }
`
	b := newBench(t)
	s := b.run(t, pipeline, Options{Parallel: 4})
	folder := filepath.Join(WorkFolder, "runs", s.Run)
	var want strings.Builder
	for _, source := range []struct {
		name            string
		units, examples int
	}{{"one", 5, 40}, {"two", 3, 2}} {
		for u := range source.units {
			for line := range source.examples {
				fmt.Fprintf(&want, `{"source":"source.lab.%s","file":"unit-%04d","line":%d,"cause":"made up"}`+"\n", source.name, u, line+1)
			}
		}
	}
	require.Equal(t, want.String(), b.read(t, filepath.Join(folder, "rejects.jsonl")))
	entries, err := os.ReadDir(filepath.Join(b.folder, folder))
	require.NoError(t, err)
	require.Len(t, entries, 7, "nothing is left beside the record")
}
