package sdk

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

// secrets hides the values of secret options in what a plugin says.
type secrets struct {
	mu     sync.Mutex
	forms  []string          // the longest first
	hidden *strings.Replacer // nil: there are none
}

func (s *secrets) add(words ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, word := range words {
		s.forms = append(s.forms, formsOf(word)...)
	}
	slices.SortFunc(s.forms, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) })
	s.forms = slices.Compact(s.forms)
	var pairs []string
	for _, form := range s.forms {
		pairs = append(pairs, form, "(secret)")
	}
	if len(pairs) > 0 {
		s.hidden = strings.NewReplacer(pairs...)
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

func (s *secrets) hide(text string) string {
	s.mu.Lock()
	hidden := s.hidden
	s.mu.Unlock()
	if hidden == nil {
		return text
	}
	return hidden.Replace(text)
}

// hideValue hides the words in a value that was decoded from JSON.
func (s *secrets) hideValue(value any) any {
	switch v := value.(type) {
	case string:
		return s.hide(v)
	case float64:
		text := strconv.FormatFloat(v, 'f', -1, 64)
		if hidden := s.hide(text); hidden != text {
			return hidden
		}
	case []any:
		for i := range v {
			v[i] = s.hideValue(v[i])
		}
	case map[string]any:
		for key := range v {
			v[key] = s.hideValue(v[key])
		}
	}
	return value
}

// hideInFrame hides the words in why records were rejected. A frame that holds some is no longer as it came.
func (s *secrets) hideInFrame(frame *ReadFrame) {
	for i := range frame.Rejects {
		cause := &frame.Rejects[i].Cause
		if hidden := s.hide(*cause); hidden != *cause {
			*cause, frame.wire = hidden, nil
		}
	}
}

// hideIn hides the words in the text of an error, and leaves one without them as it is.
func (s *secrets) hideIn(err error) error {
	if text := s.hide(err.Error()); text != err.Error() {
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
