package formats

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
)

// TestFilesThatNoTrainerReadsAreRefused: a format takes the kinds of files that its trainer opens.
func TestFilesThatNoTrainerReadsAreRefused(t *testing.T) {
	const lines, tables = "compressed rows", "a table would hold"
	for _, c := range []struct{ typ, options, file, refused string }{
		{"chatml", `{}`, "x.parquet", ""}, {"axolotl", `{}`, "x.parquet", ""}, {"swift", `{}`, "x.parquet", ""}, {"llama3", `{}`, "x.parquet", ""},
		{"llamafactory", `{}`, "x.parquet", ""}, {"llamafactory", `{}`, "x.jsonl.gz", lines}, {"llamafactory", `{}`, "x.jsonl.ZST", lines},
		{"mistral", `{}`, "x.jsonl", ""}, {"mistral", `{}`, "x.jsonl.gz", lines}, {"mistral", `{}`, "x.jsonl.zst", lines}, {"mistral", `{}`, "x.parquet", tables},
		{"axolotl", `{"shape": "chat"}`, "x.parquet", tables}, {"axolotl", `{"shape": "chat"}`, "x.jsonl.zst", ""},
		{"unified", `{}`, "x.parquet", tables}, {"trl", `{}`, "x.parquet", tables}, {"openai", `{}`, "x.parquet", tables}, {"atif", `{}`, "x.parquet", tables}, {"atif", `{}`, "x.PARQUET", tables},
	} {
		step := Plugin.Steps[slices.IndexFunc(Plugin.Steps, func(s sdk.Step) bool { return s.Type == c.typ && s.Kind == sdk.KindFormat })]
		_, err := step.Open(sdk.Setup{Paths: []string{c.file}}, c.options)
		if c.refused == "" {
			require.NoError(t, err, c)
		} else {
			require.ErrorContains(t, err, c.refused, c)
		}
	}
}

// TestChatmlPutsRowsIntoFilesOfRows: any other file holds the text as it is.
func TestChatmlPutsRowsIntoFilesOfRows(t *testing.T) {
	folder := "out" + string(filepath.Separator)
	for path, framing := range map[string]sdk.Framing{
		"x.jsonl": sdk.FramingRows, "x.jsonl.gz": sdk.FramingRows, "x.parquet": sdk.FramingRows, folder: sdk.FramingRows, "x.txt": sdk.FramingBytes, "out": sdk.FramingBytes,
		"x.JSONL": sdk.FramingRows, "x.jsonl.ZST": sdk.FramingRows, "x.Parquet": sdk.FramingRows, "x.TXT": sdk.FramingBytes,
	} {
		format := openStep(t, chatmlStep, sdk.Setup{Paths: []string{path}}, `{}`)
		require.Equal(t, framing, format.(sdk.Framer).Framing(), path)
	}
}

// TestTheCaseOfAnEndingDoesNotMatter: the host ignores it, so companion files that minded it would speak of another file.
func TestTheCaseOfAnEndingDoesNotMatter(t *testing.T) {
	companion := func(typ, path string) sdk.Companion {
		companions, err := openNamed(t, typ, path, `{}`).(sdk.Finisher).Finish(t.Context(), []sdk.WrittenFile{{Name: path, Rows: 1}})
		require.NoError(t, err)
		return companions[0]
	}
	table := companion("axolotl", "rows.PARQUET")
	require.Equal(t, "rows.yaml", table.Name)
	require.Contains(t, string(table.Content), "path: \"./rows.PARQUET\"\n    ds_type: parquet\n")
	require.Equal(t, "rows.yaml", companion("axolotl", "rows.jsonl.GZ").Name)
	card := string(companion("hf", "rows.Parquet").Content)
	require.Contains(t, card, "pretty_name: \"rows\"\n")
	require.Contains(t, card, "    - \"rows.Parquet\"\n")
}
