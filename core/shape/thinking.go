package shape

import "github.com/ftprep/ftprep/sdk"

// thinking removes the model's reasoning where it is not wanted or has no place. ThinkingLast keeps it only behind the last
// user message, since a reasoning model is never shown what it thought before that.
func (s *Shaper) thinking(e *sdk.Example) {
	from := 0
	switch {
	case s.options.Thinking == ThinkingStrip || !s.holds.Thinking:
		from = len(e.Messages)
	case s.options.Thinking == ThinkingLast:
		from = lastUser(e.Messages)
	}
	for i := range e.Messages[:from] {
		m := &e.Messages[i]
		m.Thinking = ""
		if a := m.Rejected; a != nil {
			m.Rejected = &sdk.Answer{Text: a.Text, Calls: a.Calls}
		}
	}
}

// lastUser returns the index of the last user message; 0 if there is none.
func lastUser(messages []sdk.Message) int {
	for i := len(messages) - 1; i > 0; i-- {
		if messages[i].Role == sdk.RoleUser {
			return i
		}
	}
	return 0
}
