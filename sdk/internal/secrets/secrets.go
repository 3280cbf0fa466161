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

// How long a text has to be to be hidden, in bytes: to hide shorter ones would garble every text.
const (
	shortestSecret = 4
	shortestLine   = 8 // of a secret with several, such as a key in PEM: lines are logged and quoted one by one
)

// Words are the values to hide; the zero value has none. It may be used from several goroutines.
type Words struct {
	mu     sync.Mutex
	forms  []string          // the longest first
	hidden *strings.Replacer // nil: there are none
}

// Add adds words. Those of less than 4 bytes are not hidden; of those with several lines each line of 8 bytes or more is as well.
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

// formsOf are the texts that a secret may stand as: itself, its lines, and all of that as Go and JSON quote it.
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
		inJSON, _ := json.Marshal(form) // any string has a JSON
		forms = append(forms, inGo[1:len(inGo)-1], string(inJSON[1:len(inJSON)-1]))
	}
	return forms
}

// Hide hides the words in a text.
func (w *Words) Hide(text string) string {
	w.mu.Lock()
	hidden := w.hidden
	w.mu.Unlock()
	if hidden == nil {
		return text
	}
	return hidden.Replace(text)
}

// HideValue hides the words in a value that was decoded from JSON.
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

// HideIn hides the words in the text of an error, and leaves one without them as it is.
func (w *Words) HideIn(err error) error {
	if text := w.Hide(err.Error()); text != err.Error() {
		return &concealedError{text, err}
	}
	return err
}

// concealedError is for [errors.Is] what it was. It cannot be unwrapped, for the words stand in what it holds.
type concealedError struct {
	text string
	err  error
}

func (e *concealedError) Error() string        { return e.text }
func (e *concealedError) Is(target error) bool { return errors.Is(e.err, target) }
