package formats

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
)

// TestAFolderWithoutADataset: it is a mistake, and the error says what is looked for.
func TestAFolderWithoutADataset(t *testing.T) {
	const looked = "found no dataset in the path: in a folder, only files that end in .jsonl, .jsonl.gz, .jsonl.zst, .parquet are read"
	source := openDataset(t)
	for _, c := range []struct {
		files []string
		want  string
	}{
		{[]string{"README"}, looked},
		{[]string{"a.arrow", "b.ARROW", "c.txt"}, looked + "; it has .arrow, .txt"},
		{[]string{"a.csv", "state.json"}, looked + "; it has .csv, .json; a .json file is read if the path names it, such as with *.json"},
		{[]string{"a.csv", "state.json", "b.parquet"}, ""},
	} {
		folder := t.TempDir()
		for _, name := range c.files {
			require.NoError(t, os.WriteFile(filepath.Join(folder, name), nil, 0o644))
		}
		units, err := source.Units(t.Context(), []string{folder})
		if c.want != "" {
			require.EqualError(t, err, c.want)
			continue
		}
		require.NoError(t, err)
		require.Len(t, units, 1)
	}
	units, err := source.Units(t.Context(), []string{filepath.Join("testdata", "hub.jsonl"), t.TempDir()})
	require.NoError(t, err)
	require.Len(t, units, 1)
	units, err = source.Units(t.Context(), []string{t.TempDir()})
	require.NoError(t, err, "the host tells of a source that has nothing to read")
	require.Empty(t, units)
}

func openDataset(t *testing.T) sdk.Lister {
	source, err := newDatasetSource(sdk.Setup{}, datasetOptions{})
	require.NoError(t, err)
	return source.(sdk.Lister)
}
