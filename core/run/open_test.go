package run

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/core/load"
	"github.com/ftprep/ftprep/core/plan"
)

// TestEveryOutputTellsThatItsTokenizerIsNone: not only the first output that names it does.
func TestEveryOutputTellsThatItsTokenizerIsNone(t *testing.T) {
	b := newBench(t)
	require.NoError(t, os.WriteFile(filepath.Join(b.folder, "none.json"), []byte("{}"), 0o600))
	loaded, err := load.Source(filepath.Join(b.folder, load.FileName), []byte(`
source "lines" "logs" { path = "logs" }
output "lab" "one" {
  path      = "one.jsonl"
  tokenizer = "none.json"
}
output "lab" "two" {
  path      = "two.jsonl"
  tokenizer = "none.json"
}
`))
	require.NoError(t, err)
	planned, diagnostics := plan.New(t.Context(), loaded, b.host, plan.Settings{Cwd: b.folder})
	require.Empty(t, diagnostics)
	_, diagnostics, err = Open(t.Context(), planned, b.host)
	require.NoError(t, err)
	require.Len(t, diagnostics, 2)
	require.Equal(t, 5, diagnostics[0].Subject.Start.Line)
	require.Equal(t, 9, diagnostics[1].Subject.Start.Line)
}
