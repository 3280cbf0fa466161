package sdk

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestWhatAnItemTellsUndecoded compares what is read from an encoded example with the example itself. It fails if the
// number of a field changes in the contract but not in the code.
func TestWhatAnItemTellsUndecoded(t *testing.T) {
	call := func(server, tool string) Call {
		return Call{ID: tool, Server: server, Tool: tool, Arguments: []byte(`{}`)}
	}
	for name, test := range map[string]struct {
		in     Example
		traits Traits
		tools  []string
	}{
		"nothing": {},
		"words":   {in: Example{System: "s", TaskType: "t", Messages: []Message{{Role: RoleUser, Text: "a"}}}, traits: Traits{System: true, Words: true}},
		"calls": {
			in: Example{TaskType: "t", Labels: []string{"a", "b"}, Provenance: Provenance{Plugin: "p", Model: "m"}, Messages: []Message{
				{Role: RoleAssistant, Thinking: "hm", Calls: []Call{call("game", "look"), call("", "look")}},
				{Role: RoleTool, CallID: "look", Text: "r"},
				{Role: RoleAssistant, Masked: true, Calls: []Call{call("game", "send")}},
			}},
			traits: Traits{Calls: true, Results: true, Thinking: true, Words: true, Parallel: true, Masked: true},
			tools:  []string{"mcp__game__look", "look", "mcp__game__send"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			item := NewItem(&test.in)
			traits := item.Traits()
			require.Equal(t, test.tools != nil, traits.Tool != 0)
			traits.Tool = 0
			require.Equal(t, test.traits, traits)
			require.Equal(t, Outline{test.in.TaskType, test.in.Labels, test.in.Provenance.Model, test.tools}, item.Outline())
		})
	}
	require.Zero(t, Item{Example: []byte("\xff\xffno message")}.Traits())
}
