package sdk

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestJSONOfAnExampleIsMadeUTF8(t *testing.T) {
	e := &Example{GameState: json.RawMessage("{\"at\":\"\xff\"}"), Messages: []Message{
		{Role: Assistant, Calls: []Call{{ID: "1", Tool: "walk", Arguments: json.RawMessage("{\"to\":\"\xfe\"}")}}},
	}}
	e.complete()
	require.NoError(t, e.check())
	require.Equal(t, "{\"at\":\"\ufffd\"}", string(e.GameState))
	require.Equal(t, "{\"to\":\"\ufffd\"}", string(e.Messages[0].Calls[0].Arguments))
}
