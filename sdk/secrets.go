package sdk

import (
	"errors"
	"strings"
	"sync"
)

// shortestSecret is how long a secret has to be to be hidden: to hide shorter ones would garble every text.
const shortestSecret = 4

// secrets hides the values of secret options in what a plugin says.
type secrets struct {
	mu    sync.Mutex
	words []string
}

func (s *secrets) add(words ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, word := range words {
		if len(word) >= shortestSecret {
			s.words = append(s.words, word)
		}
	}
}

func (s *secrets) hide(text string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, word := range s.words {
		text = strings.ReplaceAll(text, word, "(secret)")
	}
	return text
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
