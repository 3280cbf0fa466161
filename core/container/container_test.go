package container_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/core/container"
)

var kinds = []container.Kind{container.Lines, container.Gzip, container.Zstd, container.Parquet}

func newRandom(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0)) }

// prose makes text of some words.
func prose(r *rand.Rand, words int) string {
	var text strings.Builder
	for range words {
		for range 2 + r.IntN(7) {
			text.WriteByte("etaoinshrdlucmfwyp"[min(r.IntN(18), r.IntN(18))])
		}
		text.WriteByte(' ')
	}
	return text.String()
}

// encode makes a file of rows.
func encode(t testing.TB, kind container.Kind, rows ...[]byte) []byte {
	var file bytes.Buffer
	w := container.New(kind, &file)
	for _, row := range rows {
		require.NoError(t, w.Write(row))
	}
	require.NoError(t, w.Close())
	return file.Bytes()
}

// decode reads the rows of a file of a given name.
func decode(t testing.TB, name string, file []byte) (rows []string, numbers []int, err error) {
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, file, 0o600))
	for row, err := range container.Rows(path) {
		if err != nil {
			return rows, numbers, err
		}
		rows = append(rows, string(row.Text))
		numbers = append(numbers, row.Number)
	}
	return rows, numbers, nil
}

func TestKindOf(t *testing.T) {
	for path, want := range map[string]container.Kind{
		"data/rows.jsonl": container.Lines, "rows.json": container.Lines, "chatml.txt": container.Lines, "rows": container.Lines, "a.parquet/rows": container.Lines,
		"rows.jsonl.gz": container.Gzip, "chatml.txt.gz": container.Gzip, "rows.jsonl.zst": container.Zstd, "ROWS.JSONL.ZST": container.Zstd,
		"data/train-00000-of-00001.parquet": container.Parquet,
	} {
		got, err := container.KindOf(path)
		require.NoError(t, err, path)
		require.Equal(t, want, got, path)
	}
	for _, path := range []string{"rows.jsonl.bz2", "rows.jsonl.xz", "rows.zip", "rows.jsonl.zstd", "rows.arrow"} {
		_, err := container.KindOf(path)
		require.EqualError(t, err, "rows cannot be kept in a "+filepath.Ext(path)+" file; use .jsonl, .jsonl.gz, .jsonl.zst or .parquet")
	}
}

func TestContentsDoNotDependOnTheName(t *testing.T) {
	rows := []string{`{"a":1}`, `{"a":2}`}
	for _, name := range []string{"rows.csv", "rows.gz", "rows.parquet"} {
		for _, kind := range []container.Kind{container.Lines, container.Gzip, container.Zstd, container.Parquet} {
			path := filepath.Join(t.TempDir(), name)
			require.NoError(t, os.WriteFile(path, encode(t, kind, []byte(rows[0]), []byte(rows[1])), 0o600))
			var got []string
			for row, err := range container.Contents(path) {
				require.NoError(t, err)
				got = append(got, string(row.Text))
			}
			require.Equal(t, rows, got, "%s called %s", kind, name)
		}
	}
}

// TestSameText uses rows that are written as Parquet gives them back.
func TestSameText(t *testing.T) {
	r := newRandom(1)
	rows := [][]byte{[]byte(`{"text":"ü <|im_end|>"}`), []byte(`{"text":"` + strings.Repeat("x", 1<<20) + `"}`)}
	for i := range 3000 {
		rows = append(rows, fmt.Appendf(nil, `{"text":%q}`, prose(r, i%50)))
	}
	for _, kind := range kinds {
		file := encode(t, kind, rows...)
		require.True(t, bytes.Equal(file, encode(t, kind, rows...)), "%s: the same rows made other bytes", kind)
		got, numbers, err := decode(t, "rows"+string(kind), file)
		require.NoError(t, err, kind)
		require.Len(t, got, len(rows), kind)
		for i, row := range rows {
			require.True(t, string(row) == got[i], "%s: row %d is another", kind, i+1)
			require.Equal(t, i+1, numbers[i], kind)
		}
	}
}

func TestNoRows(t *testing.T) {
	for _, kind := range kinds {
		rows, _, err := decode(t, "rows"+string(kind), encode(t, kind))
		require.NoError(t, err, kind)
		require.Empty(t, rows, kind)
	}
}

func TestLines(t *testing.T) {
	text := "\ufeff{\"a\":1}\r\n\n \t\n{\"a\":2}\nhalf"
	for _, name := range []string{"rows.jsonl", "rows.txt", "rows"} {
		rows, numbers, err := decode(t, name, []byte(text))
		require.NoError(t, err)
		require.Equal(t, []string{`{"a":1}`, `{"a":2}`, "half"}, rows)
		require.Equal(t, []int{1, 4, 5}, numbers)
	}
}

func TestCompressedUnderAnotherName(t *testing.T) {
	for _, kind := range []container.Kind{container.Gzip, container.Zstd} {
		rows, _, err := decode(t, "rows.jsonl", encode(t, kind, []byte(`{"a":1}`)))
		require.NoError(t, err)
		require.Equal(t, []string{`{"a":1}`}, rows)
	}
}

func TestRowsStop(t *testing.T) {
	for _, kind := range kinds {
		path := filepath.Join(t.TempDir(), "rows"+string(kind))
		require.NoError(t, os.WriteFile(path, encode(t, kind, []byte(`{"a":1}`), []byte(`{"a":2}`)), 0o600))
		count := 0
		for range container.Rows(path) {
			count++
			break
		}
		require.Equal(t, 1, count)
		require.PanicsWithValue(t, "mine", func() {
			for range container.Rows(path) {
				panic("mine")
			}
		}, "a panic of the caller is not the file's fault")
	}
}

// TestDamaged cuts files off and changes bytes in them.
func TestDamaged(t *testing.T) {
	var rows [][]byte
	for i := range 9 {
		rows = append(rows, fmt.Appendf(nil, `{"text":"row %d","list":[{"from":"human","value":"%d"}],"n":%d}`, i, i, i))
	}
	for _, kind := range kinds[1:] {
		file := encode(t, kind, rows...)
		for end := range len(file) {
			_, _, err := decode(t, "rows"+string(kind), file[:end])
			if end > 0 || kind == container.Parquet {
				require.Error(t, err, "%s: %d of %d bytes", kind, end, len(file))
			}
		}
		for i := range file {
			broken := bytes.Clone(file)
			broken[i] ^= 0x55
			_, _, _ = decode(t, "rows"+string(kind), broken) // whatever comes of it, it must not panic
		}
	}
	_, _, err := decode(t, "rows.jsonl.gz", []byte(`{"a":1,"b":2,"c":3}`))
	require.ErrorContains(t, err, "it is not a complete .jsonl.gz file: gzip: invalid header")
	_, _, err = decode(t, "rows.parquet", []byte(`{"a":1,"b":2,"c":3}`))
	require.ErrorContains(t, err, "it is not a complete .parquet file: ")
	_, _, err = decode(t, "rows.jsonl.xz", nil)
	require.ErrorContains(t, err, "use .jsonl, ")
	for _, err := range container.Rows(filepath.Join(t.TempDir(), "missing.jsonl")) {
		require.ErrorIs(t, err, os.ErrNotExist)
	}
}

func FuzzRows(f *testing.F) {
	for i, kind := range kinds {
		f.Add(uint8(i), encode(f, kind, []byte(`{"a":"x","b":[{"c":"y"}],"d":1.5}`), []byte(`{"b":[],"e":{"f":[true]}}`)))
	}
	f.Fuzz(func(t *testing.T, kind uint8, file []byte) {
		_, _, _ = decode(t, "rows"+string(kinds[int(kind)%len(kinds)]), file)
	})
}
