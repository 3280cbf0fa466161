package tokens

import (
	"bytes"
	"fmt"
	"iter"
	"strings"

	"github.com/dlclark/regexp2/v2"
	"github.com/go-json-experiment/json/jsontext"
)

// byteLevel is the name of the step that writes bytes as characters, as it stands in a tokenizer.json.
var byteLevel = []byte(`"ByteLevel"`)

// newSplitter makes a splitter from the pre_tokenizer of a tokenizer.json.
func newSplitter(value jsontext.Value) (splitter, error) {
	s, err := readStage(value)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return unsplit, nil
	}
	switch s.Type {
	case "ByteLevel":
		return s.byteLevelSplitter(), nil
	case "Digits":
		if s.IndividualDigits {
			return splitPattern(`\p{N}`, true, true)
		}
		return splitPattern(`\p{N}+`, true, true)
	case "Split":
		return s.splitter()
	case "Sequence":
		return newSplitters(s.PreTokenizers)
	}
	return nil, fmt.Errorf("its pre-tokenizer %s is unknown: %w", s.Type, errUnsupported)
}

// newSplitters makes a splitter of several steps, each of which splits what the one before it made.
func newSplitters(values []jsontext.Value) (splitter, error) {
	var all splitter
	for i, value := range values {
		one, err := newSplitter(value)
		if err != nil {
			return nil, err
		}
		if i < len(values)-1 && bytes.Contains(value, byteLevel) {
			return nil, fmt.Errorf("its pre-tokenizer splits after it wrote bytes as characters: %w", errUnsupported)
		}
		if all == nil {
			all = one
		} else {
			all = inTurn(all, one)
		}
	}
	if all == nil {
		all = unsplit
	}
	return all, nil
}

func inTurn(first, second splitter) splitter {
	return func(text string) iter.Seq[string] {
		return func(yield func(string) bool) {
			for part := range first(text) {
				for word := range second(part) {
					if !yield(word) {
						return
					}
				}
			}
		}
	}
}

func unsplit(text string) iter.Seq[string] {
	return func(yield func(string) bool) { yield(text) }
}

// byteLevelSplitter makes the splitter of the step that writes bytes as characters. Nothing here needs these, but the step
// may also split a text and put a space before it.
func (s *stage) byteLevelSplitter() splitter {
	var split splitter = unsplit
	if s.UseRegex == nil || *s.UseRegex {
		split = splitWords(gpt2Word)
	}
	if !s.AddPrefixSpace {
		return split
	}
	return func(text string) iter.Seq[string] {
		if !strings.HasPrefix(text, " ") {
			text = " " + text
		}
		return split(text)
	}
}

func (s *stage) splitter() (splitter, error) {
	var pattern string
	switch {
	case s.Pattern.Regex != nil:
		pattern = *s.Pattern.Regex
	case s.Pattern.String != nil:
		pattern = regexp2.Escape(*s.Pattern.String)
	}
	isolated, removed := s.Behavior == "Isolated", s.Behavior == "Removed"
	if word, ok := words[pattern]; ok && (isolated || removed && s.Invert) {
		return splitWords(word), nil
	}
	if !isolated && !removed {
		return nil, fmt.Errorf("its pre-tokenizer splits with the behavior %q: %w", s.Behavior, errUnsupported)
	}
	return splitPattern(pattern, isolated || s.Invert, isolated || !s.Invert)
}

// splitPattern splits a text where a pattern matches: into the matches, what is between them, or both.
func splitPattern(pattern string, matches, between bool) (splitter, error) {
	expression, err := regexp2.Compile(pattern)
	if err != nil {
		return nil, fmt.Errorf("its pattern %q cannot be read: %w", pattern, err)
	}
	return func(text string) iter.Seq[string] {
		return func(yield func(string) bool) {
			done := 0
			for from, to := range matchesOf(expression, text) {
				if between && done < from && !yield(text[done:from]) || matches && !yield(text[from:to]) {
					return
				}
				done = to
			}
			if between && done < len(text) {
				yield(text[done:])
			}
		}
	}, nil
}

// matchesOf yields where every match in a text begins and ends, except empty matches.
func matchesOf(expression *regexp2.Regexp, text string) iter.Seq2[int, int] {
	return func(yield func(from, to int) bool) {
		match, err := expression.FindStringMatch(text)
		for ; match != nil && err == nil; match, err = expression.FindNextMatch(match) {
			if from, size := match.ByteRange(); size > 0 && !yield(from, from+size) {
				return
			}
		}
	}
}
