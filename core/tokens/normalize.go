package tokens

import (
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/text/unicode/norm"
)

// A stage is a normalizer or a pre-tokenizer of a tokenizer.json: a sequence of others, or one with its parameters.
type stage struct {
	Type          string           `json:"type"`
	Normalizers   []jsontext.Value `json:"normalizers"`
	PreTokenizers []jsontext.Value `json:"pretokenizers"`
	Content       string           `json:"content"`
	Pattern       struct {
		String *string `json:"String"`
		Regex  *string `json:"Regex"`
	} `json:"pattern"`
	Behavior         string `json:"behavior"`
	Invert           bool   `json:"invert"`
	AddPrefixSpace   bool   `json:"add_prefix_space"`
	UseRegex         *bool  `json:"use_regex"` // nil: true
	IndividualDigits bool   `json:"individual_digits"`
}

func readStage(value jsontext.Value) (*stage, error) {
	if len(value) == 0 || value.Kind() == 'n' {
		return nil, nil
	}
	var s stage
	if err := json.Unmarshal(value, &s); err != nil {
		return nil, fmt.Errorf("one of its steps is malformed: %w", err)
	}
	return &s, nil
}

// newNormalizer returns the function that changes a text before it is split; nil: none does.
func newNormalizer(value jsontext.Value) (func(string) string, error) {
	s, err := readStage(value)
	if s == nil || err != nil {
		return nil, err
	}
	switch s.Type {
	case "NFC":
		return unicodeForm(norm.NFC), nil
	case "NFD":
		return unicodeForm(norm.NFD), nil
	case "NFKC":
		return unicodeForm(norm.NFKC), nil
	case "NFKD":
		return unicodeForm(norm.NFKD), nil
	case "Replace":
		if s.Pattern.String != nil {
			return strings.NewReplacer(*s.Pattern.String, s.Content).Replace, nil
		}
	case "Sequence":
		return newNormalizers(s.Normalizers)
	}
	return nil, fmt.Errorf("its normalizer %s is unknown: %w", s.Type, errUnsupported)
}

func newNormalizers(values []jsontext.Value) (func(string) string, error) {
	var all func(string) string
	for _, value := range values {
		one, err := newNormalizer(value)
		if err != nil {
			return nil, err
		}
		if one == nil {
			continue
		}
		if before := all; before != nil {
			all = func(text string) string { return one(before(text)) }
		} else {
			all = one
		}
	}
	return all, nil
}

// unicodeForm returns a function that brings texts into a normal form of Unicode. The library inserts U+034F into more than
// 30 marks in a row, which tokenizers do not.
func unicodeForm(form norm.Form) func(string) string {
	const joiner = "\u034f"
	return func(text string) string {
		if form.IsNormalString(text) {
			return text
		}
		normal := form.String(text)
		if !strings.Contains(text, joiner) {
			normal = strings.ReplaceAll(normal, joiner, "")
		}
		return normal
	}
}
