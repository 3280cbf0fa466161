package tokens

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// settings is a tokenizer.json, as the Python package tokenizers writes it, without what comes after encoding.
type settings struct {
	AddedTokens  []addedToken   `json:"added_tokens"`
	Normalizer   jsontext.Value `json:"normalizer"`
	PreTokenizer jsontext.Value `json:"pre_tokenizer"`
	Model        bpeSettings    `json:"model"`
}

type bpeSettings struct {
	Type         string         `json:"type"`
	Vocab        jsontext.Value `json:"vocab"`
	Merges       []pair         `json:"merges"`
	UnknownToken *string        `json:"unk_token"`
	Prefix       string         `json:"continuing_subword_prefix"`
	Suffix       string         `json:"end_of_word_suffix"`
	ByteFallback bool           `json:"byte_fallback"`
	IgnoreMerges bool           `json:"ignore_merges"`
}

// errUnsupported says what can be counted, and what can be used instead.
var errUnsupported = errors.New("only byte-level BPE is supported, as in Qwen, Llama 3, GPT, DeepSeek and Mistral Nemo; " +
	"for a close count, use a built-in tokenizer instead")

func openFile(path string) (*Tokenizer, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read a tokenizer: %w", err)
	}
	t, err := parse(content)
	if err != nil {
		return nil, fmt.Errorf("read the tokenizer %s: %w", path, err)
	}
	return t, nil
}

func parse(content []byte) (*Tokenizer, error) {
	var s settings
	if err := json.Unmarshal(content, &s); err != nil {
		return nil, fmt.Errorf("it is not a tokenizer.json: %w", err)
	}
	if err := s.checkKind(); err != nil {
		return nil, err
	}
	normalize, err := newNormalizer(s.Normalizer)
	if err != nil {
		return nil, err
	}
	split, err := newSplitter(s.PreTokenizer)
	if err != nil {
		return nil, err
	}
	model, err := s.Model.open()
	if err != nil {
		return nil, err
	}
	t := &Tokenizer{normalize: normalize, split: split, model: model, memory: newMemory()}
	var early, late []addedToken
	for _, token := range s.AddedTokens {
		if token.Normalized && normalize != nil {
			token.Content = normalize(token.Content)
		}
		if token.Normalized {
			late = append(late, token)
		} else {
			early = append(early, token)
		}
	}
	t.added, t.late = newAdded(early), newAdded(late)
	return t, nil
}

// checkKind returns an error unless the model is a byte-level BPE, which has a step that writes bytes as characters.
func (s *settings) checkKind() error {
	if s.Model.Type != "BPE" && s.Model.Type != "" {
		return fmt.Errorf("its model is %s: %w", s.Model.Type, errUnsupported)
	}
	if s.Model.ByteFallback || !bytes.Contains(s.PreTokenizer, byteLevel) {
		return fmt.Errorf("its model is a BPE of characters, as in SentencePiece: %w", errUnsupported)
	}
	return nil
}

func (m *bpeSettings) open() (*bpe, error) {
	if m.Prefix != "" || m.Suffix != "" {
		return nil, fmt.Errorf("its tokens are written with a prefix or suffix (%s%s): %w", m.Prefix, m.Suffix, errUnsupported)
	}
	var vocabulary map[string]int32
	if err := json.Unmarshal(m.Vocab, &vocabulary); err != nil {
		return nil, fmt.Errorf("its vocabulary is not a map from tokens to numbers: %w", err)
	}
	model := &bpe{merges: newMerges(len(m.Merges))}
	for b, r := range byteRunes {
		symbol, ok := vocabulary[string(r)]
		if !ok && m.UnknownToken != nil {
			return nil, fmt.Errorf("its vocabulary lacks byte %#x: %w", b, errUnsupported)
		}
		if !ok {
			symbol = noSymbol
		}
		model.bytes[b] = symbol
	}
	for rank, merge := range m.Merges {
		left, okLeft := vocabulary[merge.left]
		right, okRight := vocabulary[merge.right]
		joined, okJoined := vocabulary[merge.left+merge.right]
		if !okLeft || !okRight || !okJoined {
			return nil, fmt.Errorf("its merge %d, of %q and %q, uses tokens that are not in its vocabulary", rank, merge.left, merge.right)
		}
		model.merges.add(left, right, uint32(rank), joined)
	}
	if m.IgnoreMerges {
		model.whole = wholeWords(vocabulary)
	}
	return model, nil
}

// wholeWords returns the tokens of a vocabulary, written as the text they stand for.
func wholeWords(vocabulary map[string]int32) map[string]struct{} {
	bytesOf := make(map[rune]byte, len(byteRunes))
	for b, r := range byteRunes {
		bytesOf[r] = byte(b)
	}
	whole := make(map[string]struct{}, len(vocabulary))
	var word []byte
next:
	for token := range vocabulary {
		word = word[:0]
		for _, r := range token {
			b, ok := bytesOf[r]
			if !ok {
				continue next // a control token
			}
			word = append(word, b)
		}
		whole[string(word)] = struct{}{}
	}
	return whole
}

// byteRunes are the characters with which byte-level vocabularies write bytes: printable ones as themselves, the others from
// U+0100 on (OpenAI's GPT-2, encoder.py).
var byteRunes = func() (runes [256]rune) {
	next := rune(256)
	for b := range runes {
		runes[b] = rune(b)
		if b <= ' ' || b >= 127 && b <= 160 || b == 173 {
			runes[b] = next
			next++
		}
	}
	return runes
}()

// A pair is a merge, which older files write as "a b" and newer ones as ["a", "b"].
type pair struct{ left, right string }

// UnmarshalJSON reads both ways of writing.
func (p *pair) UnmarshalJSON(value []byte) error {
	if value[0] == '[' {
		var sides [2]string
		err := json.Unmarshal(value, &sides)
		p.left, p.right = sides[0], sides[1]
		return err
	}
	var joined string
	if err := json.Unmarshal(value, &joined); err != nil {
		return err
	}
	left, right, ok := strings.Cut(joined, " ")
	if !ok {
		return fmt.Errorf("a merge must be of two tokens, got %q", joined)
	}
	p.left, p.right = left, right
	return nil
}
