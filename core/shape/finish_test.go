package shape

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
)

func TestCutUnfinished(t *testing.T) {
	user := sdk.Message{Role: sdk.RoleUser, Text: "bury bones"}
	call := sdk.Message{Role: sdk.RoleAssistant, Calls: []sdk.Call{{ID: "1", Tool: "send_command", Arguments: json.RawMessage(`{}`)}}}
	result := sdk.Message{Role: sdk.RoleTool, CallID: "1", Text: "sent"}
	answer := sdk.Message{Role: sdk.RoleAssistant, Text: "Buried."}
	blank := sdk.Message{Role: sdk.RoleAssistant, Text: " \n", Thinking: "hm"}
	shown := sdk.Message{Role: sdk.RoleAssistant, Text: "Buried.", Masked: true}
	tests := map[string]struct {
		messages []sdk.Message
		want     int // messages left
	}{
		"finished":                {[]sdk.Message{user, call, result, answer}, 4},
		"ends on a call":          {[]sdk.Message{user, call}, 2},
		"ends on a result":        {[]sdk.Message{user, call, result}, 2},
		"ends on the user":        {[]sdk.Message{user, answer, user, user}, 2},
		"ends on an empty answer": {[]sdk.Message{user, call, result, blank}, 2},
		"only asked":              {[]sdk.Message{user}, 0},
		"ends on what is shown":   {[]sdk.Message{user, call, result, shown}, 2},
		"only shown":              {[]sdk.Message{user, shown, user}, 0},
		"empty":                   {nil, 0},
	}
	for label, test := range tests {
		t.Run(label, func(t *testing.T) {
			cut := cutUnfinished(test.messages)
			require.Len(t, cut, test.want)
			require.Equal(t, test.want > 0, trainable(cut))
		})
	}
}
