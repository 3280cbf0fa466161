package sdk

import (
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk/internal/secrets"
)

// TestEveryFieldCrossesTheWire sets every field of an example, so it fails if a new field is forgotten in the encoding.
func TestEveryFieldCrossesTheWire(t *testing.T) {
	quality := 0.25
	full := Example{
		ID: "id", Identity: Identity{Opening: "o", Alias: "a", Calls: []string{"1", "2"}, Conversation: "c"}, Source: "s", SourceFile: "f.md",
		Type: TypeMultiStep, TaskType: "t", System: "sys", Context: "c", GameState: []byte(`{"a": 1.0}`),
		Messages: []Message{
			{Role: RoleUser, Text: "text", Masked: true},
			{Role: RoleAssistant, Thinking: "hm", Calls: []Call{
				{ID: "1", Server: "srv", Tool: "tool", Phase: PhaseAct, Arguments: []byte(`{"b": 12345678901234567890, "a": 1e5}`)},
			}},
			{Role: RoleTool, CallID: "1", Text: "r", IsError: true},
		},
		Tags: []string{"x"}, Labels: []string{"y"}, Signals: []Signal{{Name: "n", Score: 0.5, Evidence: "e"}},
		Quality: &quality, Split: "train",
		Provenance: Provenance{
			Plugin: "p", PluginVersion: "v", Unit: "u", File: "f", FirstLine: 1, LastLine: 2, Session: "s",
			RecordIDs: []string{"r"}, Time: time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC), ProducerVersion: "pv", Model: "m",
			Parent: "parent", Records: 3, Removed: map[string]int{"calls": 1},
		},
	}
	chain, correction, negative := full, full, full
	chain.Chain = &ReasoningChain{Problem: "p", RootCause: "c", Reasoning: "r", Solution: "s"}
	correction.Correction = &CodeCorrection{Language: "go", BadCode: "b", BadReason: "br", GoodCode: "g", GoodReason: "gr"}
	negative.Negative = &AntiPattern{Pattern: "p", Reason: "r"}
	bad := false
	pair, judged := full, full
	pair.Rejected = &Message{Role: RoleAssistant, Text: "worse", Calls: []Call{{ID: "2", Tool: "tool", Arguments: []byte(`{}`)}}}
	judged.Good = &bad
	for _, example := range []*Example{&full, &chain, &correction, &negative, &pair, &judged} {
		item := NewItem(example)
		items, err := ParseItems(AppendItems(nil, []Item{item, item}))
		require.NoError(t, err)
		require.Equal(t, []Item{item, item}, items)
		require.Equal(t, item, itemFromWire(itemToWire(item)))
		got, err := items[1].Decode()
		require.NoError(t, err)
		require.Empty(t, cmp.Diff(example, got))
	}
}

func TestASelectionCrossesTheWire(t *testing.T) {
	noon := time.Date(2026, 11, 2, 12, 0, 0, 1, time.UTC)
	for _, selection := range []*Selection{
		nil,
		{Tools: []string{"a", "b"}, KeepTurn: true},
		{Since: noon},
		{Tools: []string{"a"}, Since: noon, Before: noon.Add(time.Hour)},
	} {
		require.Equal(t, selection, selectionFromWire(selectionToWire(selection)))
	}
}

func TestHoldsCrossTheWire(t *testing.T) {
	for i := range reflect.TypeFor[Holds]().NumField() {
		one := reflect.New(reflect.TypeFor[Holds]()).Elem()
		one.Field(i).SetBool(true)
		holds := one.Interface().(Holds)
		require.Equal(t, holds, holdsFromWire(holdsToWire(holds)))
	}
}

// TestToolsetsOfAStreamShareDefinitions: each choice of a few tools is a set of its own, and there may be thousands.
func TestToolsetsOfAStreamShareDefinitions(t *testing.T) {
	set := func(description string, names ...string) *Toolset {
		set := &Toolset{}
		for _, name := range names {
			set.Tools = append(set.Tools, ToolDefinition{Name: name, Description: description, Schema: []byte(`{"type":"object"}`)})
		}
		return toolsetFromWire(toolsetToWire(set))
	}
	known := newToolsets()
	first, second, other := set("as told", "a", "b"), set("as told", "b"), set("otherwise", "b")
	for _, one := range []*Toolset{first, second, other} {
		known.add("the name of "+one.Hash(), one)
		require.Same(t, one, known.sets["the name of "+one.Hash()])
	}
	require.Same(t, &first.Tools[1].Schema[0], &second.Tools[0].Schema[0])
	require.Equal(t, "otherwise", other.Tools[0].Description)
	require.Equal(t, "as told", second.Tools[0].Description)
}

// TestARejectIsKeptWithoutSecrets: a frame is kept as it is shown.
func TestARejectIsKeptWithoutSecrets(t *testing.T) {
	var words secrets.Words
	words.Add("hunter22")
	wire, err := (&ReadFrame{Rejects: []Reject{{File: "a", Line: 1, Cause: "no hunter22 here"}}, Progress: 7}).AppendBinary(nil)
	require.NoError(t, err)
	frame, err := ParseReadFrame(wire)
	require.NoError(t, err)
	frame.conceal(&words)
	kept, err := frame.AppendBinary(nil)
	require.NoError(t, err)
	again, err := ParseReadFrame(kept)
	require.NoError(t, err)
	require.Equal(t, []Reject{{File: "a", Line: 1, Cause: "no (secret) here"}}, again.Rejects)
	require.EqualValues(t, 7, again.Progress)
}
