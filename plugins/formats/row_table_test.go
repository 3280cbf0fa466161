package formats

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
	"github.com/ftprep/ftprep/sdk/sdktest"
)

// readTestdata reads a file of testdata as the source dataset.
func readTestdata(t testing.TB, name string) sdktest.Reading {
	return sdktest.Read(t, Plugin, "dataset", sdk.Setup{Paths: []string{filepath.Join("testdata", name)}}, `{}`)
}

// TestTablesAreReadAsTheirLines: hub was written by `datasets`, as a table of two row groups and as lines. structs was made
// from lines, and in its table every call has the arguments of all calls.
func TestTablesAreReadAsTheirLines(t *testing.T) {
	for name, rejects := range map[string][]sdk.Reject{
		"hub":     {{Line: 3, Cause: `/messages/1: unknown role "narrator"`}},
		"structs": nil,
	} {
		lines, table := readTestdata(t, name+".jsonl"), readTestdata(t, name+".parquet")
		require.NotEmpty(t, lines.Examples)
		require.Len(t, table.Examples, len(lines.Examples))
		for i, e := range table.Examples {
			want := lines.Examples[i]
			require.NotEqual(t, want.ID, e.ID, "of another file")
			e.ID, e.SourceFile, e.Provenance.File, e.Provenance.Unit = want.ID, want.SourceFile, want.Provenance.File, want.Provenance.Unit
			require.Equal(t, want, e)
		}
		require.Equal(t, lines.Tally.Read, table.Tally.Read)
		require.Len(t, table.Rejects, len(rejects))
		for i, want := range rejects {
			want.File = name + ".jsonl"
			require.Equal(t, want, lines.Rejects[i])
			want.File, want.Cause = name+".parquet", "row 3: "+want.Cause
			require.Equal(t, want, table.Rejects[i])
		}
	}
}

// TestColumnsOfTables: numbers and JSON in texts come back as they were written.
func TestColumnsOfTables(t *testing.T) {
	examples := readTestdata(t, "hub.parquet").Examples
	require.Equal(t, []string{"9007199254740993"}, examples[0].Provenance.RecordIDs)
	require.Equal(t, `{"what": "oak", "n": 1000000, "in": null}`, string(examples[0].Calls()[0].Arguments))
	require.Equal(t, "Chops.", examples[0].Toolset.Tools[0].Description)
	require.Equal(t, map[string]int{"at of the row": 1, "ok of the row": 1, "rate of the row": 1, "score of the row": 1, "tags of the row": 1}, examples[0].Provenance.Removed)
	require.Equal(t, []int{4, 4}, []int{examples[2].Provenance.FirstLine, examples[2].Provenance.LastLine})
	calls := readTestdata(t, "structs.parquet").Examples[0].Calls()
	require.Equal(t, `{"what":"oak","n":9007199254740993}`, string(calls[0].Arguments))
	require.Equal(t, `{"to":{"x":1,"y":-2}}`, string(calls[1].Arguments))
}

// TestATableThatIsNotWhole: the rows before the fault are kept, and the file counts as one that could not be read.
func TestATableThatIsNotWhole(t *testing.T) {
	whole, err := os.ReadFile(filepath.Join("testdata", "hub.parquet"))
	require.NoError(t, err)
	for _, end := range []int{0, 4, 11, len(whole) / 2, len(whole) - 9, len(whole) - 1} {
		reading := readNamed(t, "dataset", "mine.parquet", string(whole[:end]))
		require.Empty(t, reading.Examples)
		require.Len(t, reading.Rejects, 1)
		require.Equal(t, "mine.parquet", reading.Rejects[0].File)
		require.Contains(t, reading.Rejects[0].Cause, "cannot read the file: it is not a complete .parquet file: ")
		require.Equal(t, 1, reading.Tally.Unreadable)
	}
	var broken sdktest.Reading
	for at := len(whole) / 2; broken.Tally.Unreadable == 0 || len(broken.Examples) == 0; at-- { // a page of the second row group
		text := slices.Clone(whole)
		copy(text[at:], "\xff\xff\xff\xff\xff\xff\xff\xff")
		broken = readNamed(t, "dataset", "mine.parquet", string(text))
	}
	require.Contains(t, broken.Rejects[len(broken.Rejects)-1].Cause, "cannot read the file: it is not a complete .parquet file: after row ")
}
