package shape

import (
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

// context puts what the model knew besides the messages - a summary of what came before, a journal's headings, the state
// of the game - before the first message, for a format that has no other place for it. A state of null counts as none.
func (s *Shaper) context(e *sdk.Example) {
	state := strings.TrimSpace(string(e.GameState))
	if state == "null" {
		state, e.GameState = "", nil
	}
	if s.holds.Context || len(e.Messages) == 0 {
		return
	}
	first := &e.Messages[0]
	if state != "" {
		first.Text = join("Game state: "+state, first.Text)
	}
	if context := strings.TrimSpace(e.Context); !strings.Contains(first.Text, context) {
		first.Text = join(context, first.Text)
	}
	e.Context, e.GameState = "", nil
}
