package sdk

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Copies and forks are told apart by their answered calls.
func TestAnIdentityHasTheCallsOfItsMessages(t *testing.T) {
	selection, err := NewSelection([]string{"look"}, "")
	require.NoError(t, err)
	for name, c := range map[string]struct {
		identity Identity
		want     []string
	}{
		"left open":              {Identity{Opening: "o"}, []string{"1", "2"}},
		"as the source says":     {Identity{Opening: "o", Calls: []string{"2"}}, []string{"2"}},
		"of what has no copies":  {Identity{Conversation: "c"}, nil},
		"none, as a source says": {Identity{Opening: "o", Calls: []string{}}, []string{}},
	} {
		t.Run(name, func(t *testing.T) {
			e := calling("", "look", "{}", worked)
			e.Messages[1].Calls = append(e.Messages[1].Calls, Call{ID: "2", Tool: "walk", Arguments: []byte("{}")})
			e.Messages = append(e.Messages, Message{Role: RoleTool, CallID: "2", Text: "there"})
			e.Identity = c.identity
			emitter := Emitter{selection: selection, send: func(*Example) error { return nil }, tallies: tallies{}}
			emitter.turnTo("file")
			require.NoError(t, emitter.Example(e))
			require.Len(t, e.Calls(), 1, "one is not selected")
			require.Equal(t, c.want, e.Identity.Calls)
		})
	}
}
