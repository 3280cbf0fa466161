// Package tokens counts tokens as the tokenizers of models do, in pure Go.
//
// A text becomes tokens in four steps, the same for every model: control tokens are found in it, what lies between them
// is normalized (Qwen: NFC), split into words by a pattern (pretokenize.go), and each word is merged from its bytes by a
// table of ranked pairs (bpe.go). What differs between models is data: built in for some (vocabulary.go), read from a
// Hugging Face tokenizer.json for others (huggingface.go). Counts are those of the Python package tokenizers with
// add_special_tokens=False, so without what a chat template or a post-processor would add.
package tokens

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"
)

// A Tokenizer counts the tokens of one model. Several goroutines may use it at once.
type Tokenizer struct {
	added     added               // control tokens, as they stand in the text
	normalize func(string) string // nil: texts stay as they are
	late      added               // control tokens that are looked for in normalized text
	split     splitter
	model     *bpe
	memory    *memory
}

// Open returns the tokenizer with a name that [Names] lists, or the one that a Hugging Face tokenizer.json describes: name
// is then the path of that file or of its folder.
func Open(name string) (*Tokenizer, error) {
	if builtIn, ok := vocabularies[name]; ok {
		return builtIn.open()
	}
	info, err := os.Stat(name)
	if err == nil && info.IsDir() {
		name = filepath.Join(name, "tokenizer.json")
		_, err = os.Stat(name)
	}
	if err != nil {
		return nil, fmt.Errorf("there is no tokenizer %q: use %s or the path of a tokenizer.json", name, strings.Join(Names(), ", "))
	}
	return openFile(name)
}

// Names lists the names of the tokenizers that are built in.
func Names() []string { return slices.Sorted(maps.Keys(vocabularies)) }

// Count returns how many tokens a text has. A control token that is written in the text is one token, as trainers read it;
// a byte that is not UTF-8 counts as U+FFFD, which JSON encoders write for it.
func (t *Tokenizer) Count(text string) int {
	if len(text) < longText {
		return t.count(text)
	}
	return t.memory.countText(text, t.count)
}

func (t *Tokenizer) count(text string) int {
	if !utf8.ValidString(text) {
		text = string([]rune(text))
	}
	total := 0
	for section, control := range t.added.sections(text) {
		if control {
			total++
		} else {
			total += t.countSection(section)
		}
	}
	return total
}

// countSection counts a text that holds no control tokens except those that are looked for after normalization.
func (t *Tokenizer) countSection(text string) int {
	if t.normalize != nil {
		text = t.normalize(text)
	}
	total := 0
	for section, control := range t.late.sections(text) {
		if control {
			total++
			continue
		}
		for word := range t.split(section) {
			total += t.memory.count(word, t.model)
		}
	}
	return total
}
