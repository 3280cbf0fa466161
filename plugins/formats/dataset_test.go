package formats

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"

	"github.com/ftprep/ftprep/sdk"
	"github.com/ftprep/ftprep/sdk/sdktest"
)

// readable are the shapes whose rows the source dataset turns into the same examples again. aside matches what differs then,
// such as what a row has of the example's id: the ids of Mistral's calls and the column id.
var readable = []struct{ typ, options, aside string }{
	{"openai", `{}`, ``}, {"openai", `{"shape":"preference"}`, ``},
	{"trl", `{}`, ``}, {"trl", `{"shape":"prompt_completion"}`, ``}, {"trl", `{"shape":"preference"}`, ``}, {"trl", `{"shape":"kto"}`, ``},
	{"axolotl", `{"shape":"chat"}`, ``}, {"swift", `{}`, ``},
	{"llamafactory", `{}`, ``}, {"llamafactory", `{"mask_history":true}`, ``}, {"llamafactory", `{"shape":"dpo"}`, ``},
	{"llamafactory", `{"shape":"kto"}`, ``}, {"llamafactory", `{"shape":"alpaca"}`, ``},
	{"atif", `{}`, `"trajectory_id":"[^"]*",|"extra":\{("source_file".*)?"example_type".*`},
	{"mistral", `{}`, `"(id|tool_call_id)":"[A-Za-z0-9]{9}"`}, {"hf", `{}`, `^\{"id":"[^"]*","source":"[^"]*","example_type":"[^"]*"`},
}

// TestDatasetReadsBackWhatFormatsWrite: rows that a format wrote give examples that it writes as the same rows again.
func TestDatasetReadsBackWhatFormatsWrite(t *testing.T) {
	for _, v := range readable {
		for _, source := range []string{`{}`, `{"think_tags":false}`} {
			t.Run(v.typ+v.options+source, func(t *testing.T) {
				format := openFormat(t, v.typ, v.options)
				holds := holdsOf(t, v.typ, format)
				holds.Context = false // a context becomes a part of the question
				g := generator{rand.New(rand.NewPCG(11, 12))}
				var want [][]byte
				for i := 0; len(want) < 300; i++ {
					e := g.conversation(i, holds)
					if holds.LastOnly || holds.Preferences {
						maskAnswers(e.Messages[:len(e.Messages)-1])
					}
					if e.Good != nil {
						e.Good = new(true)
					}
					rows, err := format.Encode(t.Context(), e)
					if err != nil {
						continue
					}
					want = append(want, bytes.Clone(rows[0]))
				}
				reading := readRows(t, source, want...)
				require.Empty(t, reading.Rejects)
				require.Len(t, reading.Examples, len(want))
				if (v.typ == "llamafactory" || v.typ == "hf") && source != `{}` { // there a thought alone before calls becomes a text
					v.aside = strings.TrimPrefix(v.aside+`|(\\n)?</?tool_call>`, "|")
				}
				again, aside := openFormat(t, v.typ, v.options), regexp.MustCompile(v.aside)
				for i, e := range reading.Examples {
					if v.typ != "hf" && v.typ != "atif" { // these two say more than the conversation
						require.Empty(t, e.Labels, "%v of %s", e.Provenance.Removed, want[i])
					}
					last := &e.Messages[len(e.Messages)-1]
					if a := last.Rejected; a != nil {
						e.Rejected, last.Rejected = &sdk.Message{Role: sdk.RoleAssistant, Text: a.Text, Thinking: a.Thinking, Calls: a.Calls}, nil
					}
					e.Good = new(true)
					row := encodeRow(t, again, e)
					if v.aside == "" {
						require.Equal(t, string(want[i]), string(row))
						continue
					}
					require.Equal(t, aside.ReplaceAllString(string(want[i]), ""), aside.ReplaceAllString(string(row), ""))
				}
			})
		}
	}
}

// readRows writes rows into a file and reads it.
func readRows(t testing.TB, options string, rows ...[]byte) sdktest.Reading {
	path := filepath.Join(t.TempDir(), "mine.jsonl")
	require.NoError(t, os.WriteFile(path, bytes.Join(rows, []byte("\n")), 0o644))
	return sdktest.Read(t, Plugin, "dataset", sdk.Setup{Paths: []string{path}}, options)
}

// TestDatasetNamesRows: an example's id comes from what its row says and from its file, whatever stands around it. A row that
// is there twice makes two examples. What goes on from the same request stays together where a dataset is split.
func TestDatasetNamesRows(t *testing.T) {
	row := func(asked, said string) []byte {
		return []byte(`{"id":"r","messages":[{"role":"user","content":"` + asked + `"},{"role":"assistant","content":"` + said + `"}]}`)
	}
	one, two, other := row("go", "Gone."), row("go", "No."), row("stop", "No.")
	first, again := readRows(t, `{}`, one, two, other, one).Examples, readRows(t, `{}`, other, one, two).Examples
	require.Equal(t, []string{first[2].ID, first[0].ID, first[1].ID}, []string{again[0].ID, again[1].ID, again[2].ID})
	require.NotEqual(t, first[0].ID, first[3].ID)
	require.Equal(t, first[0].Identity, first[1].Identity)
	require.NotEqual(t, first[0].Identity, first[2].Identity)
	require.Empty(t, first[0].Identity.Opening, "rows are no copies of each other")
	require.Equal(t, "dataset", first[0].Source)
	require.Equal(t, []string{"r"}, first[0].Provenance.RecordIDs)
	require.Equal(t, []any{"mine.jsonl", 4, 4}, []any{first[3].Provenance.File, first[3].Provenance.FirstLine, first[3].Provenance.LastLine})
}

// TestDatasetRejectsOtherEncodings: bytes that are no UTF-8 would be replaced.
func TestDatasetRejectsOtherEncodings(t *testing.T) {
	reading := readRows(t, `{}`, []byte("{\"messages\":[{\"role\":\"user\",\"content\":\"caf\xe9\"},{\"role\":\"assistant\",\"content\":\"x\"}]}"))
	require.Empty(t, reading.Examples)
	require.Equal(t, errNotUTF8.Error(), reading.Rejects[0].Cause)
	for _, text := range []string{"\xff\xfe{\x00}\x00\n\x00{\x00}\x00\n\x00", "\xfe\xff\x00[\x00]"} {
		reading := readRows(t, `{}`, []byte(text))
		require.Empty(t, reading.Examples)
		require.Len(t, reading.Rejects, 1)
		require.Equal(t, "cannot read the file: it is UTF-16; convert it with iconv -f UTF-16 -t UTF-8", reading.Rejects[0].Cause)
	}
}

// TestListsMayBePackedAndLong: rows of a list are read one by one, and of a list that is not whole those before the fault are
// kept.
func TestListsMayBePackedAndLong(t *testing.T) {
	row := []byte(`{"messages":[{"role":"user","content":"` + strings.Repeat("oak ", 20_000) + `"},{"role":"assistant","content":"x"}]}`)
	list := slices.Concat([]byte("\ufeff [\n"), bytes.Join(slices.Repeat([][]byte{row}, 30), []byte(",\n\n")), []byte("\n]\n"))
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, err := w.Write(list)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	folder := t.TempDir()
	read := func(name string, content []byte) sdktest.Reading {
		path := filepath.Join(folder, name)
		require.NoError(t, os.WriteFile(path, content, 0o644))
		return sdktest.Read(t, Plugin, "dataset", sdk.Setup{Paths: []string{path}}, `{}`)
	}
	for name, content := range map[string][]byte{"list.json": list, "list.JSON.gz": packed.Bytes()} {
		reading := read(name, content)
		require.Empty(t, reading.Rejects)
		require.Len(t, reading.Examples, 30)
		require.Equal(t, 60, reading.Examples[29].Provenance.FirstLine)
	}
	for name, content := range map[string][]byte{"cut.json": list[:len(list)/2], "junk.json": append(slices.Clone(list), "junk"...)} {
		reading := read(name, content)
		require.NotEmpty(t, reading.Examples)
		require.Len(t, reading.Rejects, 1)
	}
	reading := read("cut.json.gz", packed.Bytes()[:packed.Len()/2])
	require.Len(t, reading.Rejects, 1)
	require.Equal(t, "cannot unpack the file: unexpected EOF", reading.Rejects[0].Cause)
}

// FuzzDataset: any row gives a problem or an example, which has an id for every call and, if it is valid, can be written.
func FuzzDataset(f *testing.F) {
	files, err := filepath.Glob("testdata/*.txtar")
	require.NoError(f, err)
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		require.NoError(f, err)
		for _, part := range archive.Files {
			for row := range bytes.Lines(part.Data) {
				f.Add(bytes.TrimSpace(row))
			}
		}
	}
	f.Fuzz(func(t *testing.T, row []byte) {
		e, err := readDatasetRow(row, true, offers{})
		if err != nil {
			require.Nil(t, e)
			return
		}
		for _, call := range e.Calls() {
			require.NotEmpty(t, call.ID)
		}
		if e.Check() == nil {
			rows, err := openStep(t, unifiedStep, sdk.Setup{}, `{"tool_definitions":true}`).Encode(t.Context(), e)
			require.NoError(t, err)
			require.True(t, json.Valid(rows[0]))
		}
	})
}
