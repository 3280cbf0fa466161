// Package secrets hides the values of secret options in what a plugin says.
package secrets

import (
	"cmp"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// How long a text must be to be hidden, in bytes. Hiding shorter ones would garble everything.
const (
	shortestSecret = 4
	shortestLine   = 8 // of a line of a secret with several, such as a PEM key, because lines are logged and quoted one by one
)

// Words holds the values to hide; the zero value has none. Several goroutines may use it at once.
type Words struct {
	mu     sync.Mutex
	forms  []string          // sorted, the longest first
	hidden *strings.Replacer // nil if there are no words
}

// Add adds words. Those of less than 4 bytes are not hidden. Of a word with several lines, each line of 8 bytes or more
// is hidden as well.
func (w *Words) Add(words ...string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, word := range words {
		w.forms = append(w.forms, formsOf(word)...)
	}
	slices.SortFunc(w.forms, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) })
	w.forms = slices.Compact(w.forms)
	var pairs []string
	for _, form := range w.forms {
		pairs = append(pairs, form, "(secret)")
	}
	if len(pairs) > 0 {
		w.hidden = strings.NewReplacer(pairs...)
	}
}

// formsOf returns the texts as which a secret may appear: itself, its lines, and all of these as Go and JSON quote them.
func formsOf(word string) []string {
	var forms []string
	for _, whole := range []string{word, strings.TrimSpace(word)} {
		if len(whole) >= shortestSecret {
			forms = append(forms, whole)
		}
	}
	for line := range strings.Lines(word) {
		if line = strings.TrimSpace(line); len(line) >= shortestLine {
			forms = append(forms, line)
		}
	}
	for _, form := range slices.Clone(forms) {
		inGo := strconv.Quote(form)
		inJSON, _ := json.Marshal(form) // any string can be written as JSON
		forms = append(forms, inGo[1:len(inGo)-1], string(inJSON[1:len(inJSON)-1]))
	}
	return forms
}

// Hide returns a text with the words hidden.
func (w *Words) Hide(text string) string {
	w.mu.Lock()
	hidden := w.hidden
	w.mu.Unlock()
	if hidden == nil {
		return text
	}
	return hidden.Replace(text)
}

// HideValue hides the words in a value that was decoded from JSON, in place if it is an array or object, and returns it.
func (w *Words) HideValue(value any) any {
	switch v := value.(type) {
	case string:
		return w.Hide(v)
	case float64:
		text := strconv.FormatFloat(v, 'f', -1, 64)
		if hidden := w.Hide(text); hidden != text {
			return hidden
		}
	case []any:
		for i := range v {
			v[i] = w.HideValue(v[i])
		}
	case map[string]any:
		for key := range v {
			v[key] = w.HideValue(v[key])
		}
	}
	return value
}

// HideError hides the words in the text of an error. An error without them is returned as it is.
func (w *Words) HideError(err error) error {
	if text := w.Hide(err.Error()); text != err.Error() {
		return &concealedError{text, err}
	}
	return err
}

// concealedError is an error with another text. It still is what it was for [errors.Is], but cannot be unwrapped, because
// the error within it holds the words.
type concealedError struct {
	text string
	err  error
}

func (e *concealedError) Error() string        { return e.text }
func (e *concealedError) Is(target error) bool { return errors.Is(e.err, target) }
