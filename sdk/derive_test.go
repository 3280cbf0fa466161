package sdk

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestJSONOfAnExampleIsMadeUTF8(t *testing.T) {
	e := &Example{GameState: json.RawMessage("{\"at\":\"\xff\"}"), Messages: []Message{
		{Role: RoleAssistant, Calls: []Call{{ID: "1", Tool: "walk", Arguments: json.RawMessage("{\"to\":\"\xfe\"}")}}},
	}}
	e.complete()
	require.NoError(t, e.Check())
	require.Equal(t, "{\"at\":\"\ufffd\"}", string(e.GameState))
	require.Equal(t, "{\"to\":\"\ufffd\"}", string(e.Messages[0].Calls[0].Arguments))
}

// TestHashesOfTextsOfAnyLength: short and long texts are hashed in different ways, and ids must never change.
func TestHashesOfTextsOfAnyLength(t *testing.T) {
	for length := 1; length < 20_000; length += 1 + length/20 {
		parts := []string{"", "one", strings.Repeat("x", length), "", strings.Repeat("y", length/2)}
		var all strings.Builder
		for _, part := range parts {
			fmt.Fprintf(&all, "%d:%s", len(part), part)
		}
		sum := sha256.Sum256([]byte(all.String()))
		require.Equal(t, hex.EncodeToString(sum[:12]), hash(parts...))
	}
}

func TestDetailsThatDifferHaveDifferentIDs(t *testing.T) {
	ids := map[string]bool{}
	for _, e := range []*Example{
		{Correction: &CodeCorrection{BadCode: "a", GoodCode: "b"}}, {Correction: &CodeCorrection{BadCode: "a", GoodCode: "c"}},
		{Chain: &ReasoningChain{Problem: "a"}}, {Chain: &ReasoningChain{Problem: "b"}},
		{Negative: &AntiPattern{Pattern: "a"}}, {Negative: &AntiPattern{Pattern: "b"}},
	} {
		e.complete()
		require.False(t, ids[e.ID])
		ids[e.ID] = true
	}
}
