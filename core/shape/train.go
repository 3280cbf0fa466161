package shape

import (
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

// train masks what is not to be trained on: all before the last user message, or messages with a call that failed.
func (s *Shaper) train(e *sdk.Example) {
	switch s.options.Train {
	case TrainLast:
		for i := range e.Messages[:lastUser(e.Messages)] {
			mask(&e.Messages[i])
		}
	case TrainSucceeded:
		results := resultsOf(e.Messages)
		for i := range e.Messages {
			if results.anyFailed(e.Messages[i]) {
				mask(&e.Messages[i])
			}
		}
	}
}

// mask makes a message of the model only shown, as those of others are in any case.
func mask(m *sdk.Message) {
	if m.Role == sdk.RoleAssistant {
		m.Masked = true
	}
}

// acts reports whether the model says or calls something in a message.
func acts(m sdk.Message) bool {
	return m.Role == sdk.RoleAssistant && (len(m.Calls) > 0 || strings.TrimSpace(m.Text) != "")
}

// trainable reports whether a trainer learns anything from a message.
func trainable(m sdk.Message) bool { return acts(m) && !m.Masked }
