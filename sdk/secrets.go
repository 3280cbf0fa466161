package sdk

import (
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
