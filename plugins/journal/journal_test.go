package journal

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
	"github.com/ftprep/ftprep/sdk/sdktest"
)

func TestGolden(t *testing.T) { sdktest.Golden(t, Plugin) }

func TestConformance(t *testing.T) { sdktest.Conformance(t, Plugin, nil, "../../testdata/journals") }

// read runs the source over files given by name.
func read(t *testing.T, files map[string]string) sdktest.Reading {
	t.Helper()
	folder := t.TempDir()
	for name, content := range files {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(content), 0o644))
	}
	return sdktest.Read(t, Plugin, "journal", sdk.Setup{Block: "test", Paths: []string{folder}}, "{}")
}

const told = "# T\n\n## Problem\n\nIt hangs.\n\n```\nlog\n```\n\n## Cause\n\nA lock.\n\n## Fix\n\n- one\n- two\n"

func TestLineEndsAndByteOrderMarksChangeNothing(t *testing.T) {
	want := read(t, map[string]string{"a.md": told}).Examples
	require.Len(t, want, 1)
	require.Equal(t, "It hangs.\n\n```\nlog\n```", want[0].Chain.Problem)
	require.Equal(t, "- one\n- two", want[0].Chain.Solution)
	for name, changed := range map[string]string{
		"carriage returns":  strings.ReplaceAll(told, "\n", "\r\n"),
		"old line ends":     strings.ReplaceAll(told, "\n", "\r"),
		"byte order mark":   "\ufeff" + told,
		"no last line end":  strings.TrimSuffix(told, "\n"),
		"both":              "\ufeff" + strings.ReplaceAll(told, "\n", "\r\n"),
		"blank lines after": told + "\n\n\n",
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, want, read(t, map[string]string{"a.md": changed}).Examples)
		})
	}
}

func TestWhatIsNoTextIsRejected(t *testing.T) {
	reading := read(t, map[string]string{"a.md": "\x7fELF\x00\x01", "b.md": strings.Repeat("\xff\xfe", 50), "c.md": told,
		"d.md": "\xff\xfe#\x00 \x00T\x00", "e.md": "\xfe\xff\x00#\x00 \x00T"})
	require.Len(t, reading.Examples, 1)
	require.Equal(t, []sdk.Reject{
		{File: "a.md", Line: 1, Cause: "the file is not text"},
		{File: "b.md", Line: 1, Cause: "the file is not text"},
		{File: "d.md", Line: 1, Cause: "the file is UTF-16: save it as UTF-8"},
		{File: "e.md", Line: 1, Cause: "the file is UTF-16: save it as UTF-8"},
	}, reading.Rejects)
}

func TestInvalidUTF8(t *testing.T) {
	for written, want := range map[string]string{
		"T\xfcr \x96 f\xfcr": "Tür – für",      // Windows-1252, as old editors write it
		"Tür \x96 für":       "Tür \ufffd für", // UTF-8 that was damaged
	} {
		reading := read(t, map[string]string{"a.md": strings.Replace(told, "It hangs", written, 1)})
		require.Equal(t, want+".\n\n```\nlog\n```", reading.Examples[0].Chain.Problem)
	}
}

func TestHugeLine(t *testing.T) {
	long := strings.Repeat("word `code` **bold** ~~no~~ ", 40_000)
	reading := read(t, map[string]string{"a.md": told + "\n## Notes\n\n" + long + "\n"})
	require.Len(t, reading.Examples, 1)
	require.Equal(t, []sdk.Reject{{File: "a.md", Line: 22, Cause: "the line is too long or too deeply nested to be written by hand"}}, reading.Rejects)
}

func TestDeepNesting(t *testing.T) {
	reading := read(t, map[string]string{"a.md": told + "\n" + strings.Repeat("- ", 20_000) + "x\n"})
	require.Len(t, reading.Examples, 1)
	require.Equal(t, []sdk.Reject{{File: "a.md", Line: 20, Cause: "the line is too long or too deeply nested to be written by hand"}}, reading.Rejects)
}

func TestOnlyMarkdownFilesAreUnits(t *testing.T) {
	reading := read(t, map[string]string{"a.md": told, "b.MARKDOWN": told, "c.txt": told})
	require.Len(t, reading.Units, 2)
	require.Equal(t, "a.md", reading.Units[0].ID)
}

func TestExamplesSayWhereTheyComeFrom(t *testing.T) {
	example := read(t, map[string]string{"door_lock_fix_2025-01-02.md": told}).Examples[0]
	require.Equal(t, []string{"door", "lock"}, example.Tags)
	require.Equal(t, "T\nDate: 2025-01-02", example.Context)
	require.Equal(t, "2025-01-02", example.Provenance.Time.Format("2006-01-02"))
	require.Equal(t, 3, example.Provenance.FirstLine)
	require.Equal(t, 18, example.Provenance.LastLine)
}

func TestWhatAJournalSaysTwiceIsCounted(t *testing.T) {
	again := strings.TrimPrefix(told, "# T\n")
	reading := read(t, map[string]string{"a.md": told + again + again})
	require.Len(t, reading.Examples, 1)
	require.Equal(t, map[string]int{"said before": 2}, reading.Tally.Ignored)
}

func TestADiarysExamplesHaveTheDatesOfTheirDays(t *testing.T) {
	day := "\n## %s\n\n### Problem\n\nIt hangs on %[1]s.\n\n### Cause\n\nA lock.\n\n### Fix\n\nNone.\n"
	diary := "# Diary of 2026-01-01\n**Date:** 2026-03-01\n"
	for _, heading := range []string{"First", "2026-03-02 - the lock", "Day of 2026-03-03", "Another"} {
		diary += fmt.Sprintf(day, heading)
	}
	var dates []string
	for _, example := range read(t, map[string]string{"diary.md": diary}).Examples {
		dates = append(dates, example.Provenance.Time.Format(time.DateOnly))
	}
	require.Equal(t, []string{"2026-03-01", "2026-03-02", "2026-03-03", "2026-03-01"}, dates)
}

func FuzzFind(f *testing.F) {
	for _, seed := range []string{
		told, "", "#", "- **Problem:** a **Fix:** b\n  - `x(1)`", "| a | b |\n|-|-|\n| `f()` | c |", "~~a\n~~",
		"```python\n# BAD\nx\n# GOOD\ny\n```", "> - ```\n>   a", "Term\n: def", "<!-- a", "---\na: b\n---\n", "1. **Don't** - `", "a\n===", " -\t*\t\t0H\n\n\t>\n -\t \t0I\td/\t'\n",
	} {
		f.Add([]byte(seed))
	}
	set := &sdk.Toolset{Tools: []sdk.ToolDefinition{{Name: "f", Schema: []byte(`{"properties":{"a":{}}}`)}}}
	s := &source{tools: newToolbox(set)}
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := clean(raw)
		if err != nil {
			return
		}
		lines := strings.Count(m.text, "\n") + 1
		for _, one := range s.find(m.text, "a.md") {
			require.GreaterOrEqual(t, one.first, 0)
			require.LessOrEqual(t, one.first, lines)
			require.False(t, one.example == nil && one.rejected == "" && one.ignored == "", "a finding has an end")
		}
	})
}
