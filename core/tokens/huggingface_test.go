package tokens

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// edit writes testdata/small.json with some of its fields replaced by other JSON, and returns the path. Fields of the model
// are named model.FIELD.
func edit(t *testing.T, edits map[string]string) string {
	t.Helper()
	content, err := os.ReadFile("testdata/small.json")
	require.NoError(t, err)
	var file, model map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(content, &file))
	require.NoError(t, json.Unmarshal(file["model"], &model))
	for field, value := range edits {
		if name, ok := cutModel(field); ok {
			model[name] = json.RawMessage(value)
		} else {
			file[field] = json.RawMessage(value)
		}
	}
	file["model"], err = json.Marshal(model)
	require.NoError(t, err)
	content, err = json.Marshal(file)
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "tokenizer.json")
	require.NoError(t, os.WriteFile(path, content, 0o600))
	return path
}

func cutModel(field string) (string, bool) {
	const prefix = "model."
	if len(field) > len(prefix) && field[:len(prefix)] == prefix {
		return field[len(prefix):], true
	}
	return "", false
}

const bytesOnly = `{"type": "ByteLevel", "add_prefix_space": false, "use_regex": false}`

// TestFile: the counts are those of the Python package tokenizers 0.23.3 for the same files.
func TestFile(t *testing.T) {
	afterSplit := func(step string) map[string]string {
		return map[string]string{"pre_tokenizer": `{"type": "Sequence", "pretokenizers": [` + step + `, ` + bytesOnly + `]}`}
	}
	for _, test := range []struct {
		name  string
		edits map[string]string
		text  string
		want  int
	}{
		{"as it is", nil, "hello world 123456", 7},
		{"longest control token", nil, "<s><s>xx<s", 5},
		{"spaces at a control token", nil, "a  <left> b  <right>  \n c", 8},
		{"spaces between two", nil, "<right>   <left>", 2},
		{"a word by itself", nil, "word words aword word-word _word", 18},
		{"normalized control token", map[string]string{"normalizer": `{"type": "NFC"}`}, "e\u0301e\u0301 éé", 3},
		{"old merges", map[string]string{"model.merges": `["h e", "l l", "he ll", "hell o", "Ġ w", "o r", "Ġw or"]`}, "hello wor", 2},
		{"whole words", map[string]string{"model.ignore_merges": "true"}, "whole wholes", 7},
		{"no whole words", nil, "whole wholes", 11},
		{"space before", map[string]string{"pre_tokenizer": `{"type": "ByteLevel", "add_prefix_space": true}`}, "hello<s>hello<s> hello", 5},
		{"unsplit", map[string]string{"pre_tokenizer": bytesOnly}, "hello hello123", 3},
		{"digits", afterSplit(`{"type": "Digits", "individual_digits": true}`), "hello 123", 5},
		{"runs of digits", afterSplit(`{"type": "Digits", "individual_digits": false}`), "hello 123", 3},
		{"literal", afterSplit(`{"type": "Split", "pattern": {"String": "ell"}, "behavior": "Isolated"}`), "hello hello", 9},
		{"literal removed", afterSplit(`{"type": "Split", "pattern": {"String": "ell"}, "behavior": "Removed"}`), "hello hello", 5},
		{"pattern kept", afterSplit(`{"type": "Split", "pattern": {"Regex": "\\p{L}+"}, "behavior": "Removed", "invert": true}`), "hello, hello 12", 2},
		{"replaced", map[string]string{"normalizer": `{"type": "Sequence", "normalizers": [
			null, {"type": "Replace", "pattern": {"String": "w"}, "content": "hello"}, {"type": "Sequence", "normalizers": []}, {"type": "NFKC"}]}`}, "w １２３", 3},
	} {
		t.Run(test.name, func(t *testing.T) {
			require.Equal(t, test.want, open(t, edit(t, test.edits)).Count(test.text))
		})
	}
}

func TestControlTokensOfAFile(t *testing.T) {
	path := edit(t, nil)
	require.Equal(t, []string{"<s>", "<s>x", "<left>", "<right>", "word", "éé"}, controls(open(t, path)))
	require.Equal(t, 7, open(t, filepath.Dir(path)).Count("hello world 123456"), "the folder of a tokenizer.json")
}

func TestFileRefused(t *testing.T) {
	for _, test := range []struct {
		name, field, value, want string
	}{
		{"Unigram", "model", `{"type": "Unigram", "vocab": [["a", -1.5]]}`, "its model is Unigram: only byte-level BPE is supported"},
		{"WordPiece", "model", `{"type": "WordPiece", "vocab": {"a": 1}}`, "its model is WordPiece: only byte-level BPE is supported"},
		{"SentencePiece", "pre_tokenizer", `null`, "its model is a BPE of characters, as in SentencePiece"},
		{"suffix", "model.end_of_word_suffix", `"</w>"`, "prefix or suffix (</w>)"},
		{"normalizer", "normalizer", `{"type": "Lowercase"}`, "its normalizer Lowercase is unknown"},
		{"behavior", "pre_tokenizer", `{"type": "Sequence", "pretokenizers": [{"type": "Split", "behavior": "Contiguous"}, ` + bytesOnly + `]}`,
			`splits with the behavior "Contiguous"`},
		{"step", "pre_tokenizer", `{"type": "Sequence", "pretokenizers": [{"type": "Whitespace"}, ` + bytesOnly + `]}`,
			"its pre-tokenizer Whitespace is unknown"},
		{"late step", "pre_tokenizer", `{"type": "Sequence", "pretokenizers": [` + bytesOnly + `, {"type": "Digits"}]}`,
			"splits after it wrote bytes as characters"},
		{"pattern", "pre_tokenizer", `{"type": "Sequence", "pretokenizers": [
			{"type": "Split", "pattern": {"Regex": "("}, "behavior": "Isolated"}, ` + bytesOnly + `]}`, `its pattern "(" cannot be read`},
		{"merge", "model.merges", `[["q", "qq"]]`, `its merge 0, of "q" and "qq", uses tokens that are not in its vocabulary`},
		{"half a merge", "model.merges", `["q"]`, `a merge must be of two tokens, got "q"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "tokenizer.json")
			if test.field == "model" {
				require.NoError(t, os.WriteFile(path, []byte(`{"model": `+test.value+`}`), 0o600))
			} else {
				path = edit(t, map[string]string{test.field: test.value})
			}
			_, err := Open(path)
			require.ErrorContains(t, err, "read the tokenizer "+path+": ")
			require.ErrorContains(t, err, test.want)
		})
	}
}

func FuzzFile(f *testing.F) {
	content, err := os.ReadFile("testdata/small.json")
	require.NoError(f, err)
	f.Add(content)
	f.Add([]byte(`{"model": {"vocab": {"a": -1, "aa": 7}, "merges": ["a a"]}, "pre_tokenizer": {"type": "Sequence", "pretokenizers": [null, {"type": "ByteLevel"}]}}`))
	f.Fuzz(func(t *testing.T, content []byte) {
		if tokenizer, err := parse(content); err == nil {
			tokenizer.Count("hello <s> world 123\xff")
		}
	})
}
