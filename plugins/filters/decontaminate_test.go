package filters

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
)

// write puts a file into a new folder.
func write(t testing.TB, name, content string) string {
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	return path
}

func decontaminates(t testing.TB, words int, paths ...string) decontaminate {
	set, err := readTestSet(paths, words)
	require.NoError(t, err)
	return decontaminate{set: set}
}

func TestTestSetsMayBeCompressed(t *testing.T) {
	const row = `{"question": "chop twenty oak logs please"}`
	var zipped bytes.Buffer
	zipper := gzip.NewWriter(&zipped)
	_, err := zipper.Write([]byte(row))
	require.NoError(t, err)
	require.NoError(t, zipper.Close())
	encoder, err := zstd.NewWriter(nil)
	require.NoError(t, err)
	for name, content := range map[string]string{
		"a.jsonl": row, "a.jsonl.gz": zipped.String(), "A.JSONL.GZ": zipped.String(), "a.JSON": row, "a.jsonl.zst": string(encoder.EncodeAll([]byte(row), nil)), "a.txt": "chop twenty oak logs please", "bom.json": "\ufeff" + row,
	} {
		d := decontaminates(t, 13, write(t, name, content))
		verdict, err := d.Apply(t.Context(), turn("Chop twenty oak logs, please"))
		require.NoError(t, err)
		require.Equal(t, sdk.Drop("in a test set", "the request has words of "+name+":1: Chop twenty oak logs, please"), verdict)
	}
}

func TestAFileThatIsNoTestSetIsNamed(t *testing.T) {
	for _, test := range []struct{ name, content, reason string }{
		{"a.jsonl", "{\"a\": \"b\"}\n{\"a\"\n", "a.jsonl: row 2 is not valid JSON: unexpected EOF"},
		{"a.json", "a text", "a.json: row 1 is not valid JSON: invalid character 'a' looking for beginning of value"},
		{"a.gz", "a text that is not compressed", "a.gz: gzip: invalid header"},
		{"a.parquet", "PAR1\x00", "a.parquet: line 1 is not UTF-8 text; convert tables and other binary files to JSON lines first"},
		{"a.txt", "caf\xe9", "a.txt: line 1 is not UTF-8 text; convert tables and other binary files to JSON lines first"},
		{"a.json", `[{"answer": "yes"}, 1, null]`, "found no text of 5 words or more that most rows do not share; in a folder, only .json, .jsonl and .ndjson files are read"},
		{"a.json", "", "found no text of 5 words or more that most rows do not share; in a folder, only .json, .jsonl and .ndjson files are read"},
	} {
		var problem *sdk.OptionError
		require.ErrorAs(t, open(t, "decontaminate", fmt.Sprintf(`{"against": [%q]}`, write(t, test.name, test.content))), &problem)
		require.Equal(t, sdk.OptionError{Option: "against", Reason: test.reason}, *problem)
	}
	require.ErrorContains(t, open(t, "decontaminate", `{}`), `option "against": a value is needed`)
	require.ErrorContains(t, open(t, "decontaminate", `{"against": ["a"], "words": 4}`), `option "words": 4 is below the minimum, 5`)
}

// TestLongWordsAreCut, so that a run's record stays small.
func TestLongWordsAreCut(t *testing.T) {
	text := strings.Repeat("ä", 99) + "x one two three four five six seven eight nine ten eleven twelve"
	d := decontaminates(t, 13, write(t, "a.txt", text))
	verdict, err := d.Apply(t.Context(), turn(text))
	require.NoError(t, err)
	require.Equal(t, "the request has words of a.txt:1: "+strings.Repeat("ä", 99)+"x ...", verdict.Evidence)
}

// FuzzWindow compares the sequences of a text with those that are found the plain way, by cutting it up: equal ones have the
// same hash, others have others.
func FuzzWindow(f *testing.F) {
	f.Add("one two three four five six", 5)
	f.Add("Don't 1.5 Ünïcode ﬁn \xff x_y 走进去 e\u0301 กา 0 0 0 0", 6)
	f.Fuzz(func(t *testing.T, text string, n int) {
		n = 1 + (n%20+20)%20
		text = normal(text)
		words := plainWords(text)
		hashes := map[string]uint64{}
		w, at := newWindow(n), 0
		for word := range wordsOf(text) {
			w.push(word)
			require.Equal(t, words[at], strings.Join(plainWords(text[word.start:word.end]), " "))
			if at++; at < n {
				continue
			}
			key := strings.Join(words[at-n:at], " ")
			hash, _ := w.sequence()
			if before, ok := hashes[key]; ok {
				require.Equal(t, before, hash)
			}
			hashes[key] = hash
		}
		require.Len(t, words, at)
		different := map[uint64]bool{}
		for _, hash := range hashes {
			different[hash] = true
		}
		require.Len(t, different, len(hashes))
	})
}

// plainWords cuts a text at blanks, and at each letter of a script without blanks, and takes the signs out.
func plainWords(text string) []string {
	var words []string
	for field := range strings.FieldsSeq(text) {
		begun := ""
		for _, r := range field {
			_, alone := foldAny(r)
			if alone && begun != "" {
				words, begun = append(words, begun), ""
			}
			if !betweenWords(r) {
				begun += string(unicode.ToLower(r))
			}
			if alone {
				words, begun = append(words, begun), ""
			}
		}
		if begun != "" {
			words = append(words, begun)
		}
	}
	return words
}

// prose makes a text whose words recur, but hardly ever in the same order.
func prose(words, seed int) string {
	var b strings.Builder
	for i := range words {
		fmt.Fprintf(&b, "%x ", mix(uint64(seed+i))%(1<<20))
	}
	return b.String()
}

func BenchmarkDecontaminate(b *testing.B) {
	for _, tests := range []int{1e4, 1e6} {
		b.Run(fmt.Sprint(tests), func(b *testing.B) {
			d := decontaminates(b, 13, write(b, "a.txt", prose(tests, 0)))
			text := prose(1e5, 1e9)
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				verdict, err := d.Apply(b.Context(), turn(text))
				require.NoError(b, err)
				require.Equal(b, sdk.ActionKeep, verdict.Action)
			}
		})
	}
}

func BenchmarkReadTestSet(b *testing.B) {
	path := write(b, "a.jsonl", `{"text": "`+prose(1e6, 0)+`"}`)
	info, err := os.Stat(path)
	require.NoError(b, err)
	b.SetBytes(info.Size())
	for b.Loop() {
		decontaminates(b, 13, path)
	}
}

// FuzzTestSet checks that no file does harm, and that a text is found in the set that is made of it, however it is written.
func FuzzTestSet(f *testing.F) {
	f.Add(`{"a": ["one two three four five six", 1], "b": "{\"c\": \"x\\ny\"}"}`)
	f.Add("one two three four five\nsix seven")
	f.Add("[\"a\\ud800\"]\n[[[")
	f.Fuzz(func(t *testing.T, content string) {
		_, _ = readTestSet([]string{write(t, "a.json", content)}, 6)
		_, _ = readTestSet([]string{write(t, "a.txt", content)}, 6)
		row, err := json.Marshal([]string{content})
		require.NoError(t, err)
		set, err := readTestSet([]string{write(t, "a.jsonl", string(row))}, 6)
		if err != nil {
			return
		}
		found := false
		for text := range textsIn(content) {
			_, _, ok := set.search(normal(text), true)
			found = found || ok
		}
		require.True(t, found)
	})
}
