package formats

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
)

func TestLlama3RoundTrip(t *testing.T) {
	roundTrip(t, "llama3", "out.jsonl", `{"drop_text":true}`, func(e *sdk.Example) {
		e.System = trimPython(e.System)
		for i := range e.Messages {
			m := &e.Messages[i]
			if m.Role != sdk.RoleTool {
				m.Text = trimPython(m.Text)
			}
			if len(m.Calls) > 0 {
				m.Text = ""
			}
		}
	}, nil)
}

func TestLlama3Refuses(t *testing.T) {
	call := sdk.Call{Tool: "look", Arguments: []byte(`{}`)}
	user := sdk.Message{Role: sdk.RoleUser, Text: "go"}
	for want, messages := range map[string][]sdk.Message{
		"a text beside a call, which Llama's template leaves out":    {user, {Role: sdk.RoleAssistant, Text: "a", Calls: []sdk.Call{call}}},
		"several calls in one message":                               {user, {Role: sdk.RoleAssistant, Calls: []sdk.Call{call, call}}},
		"no user message at the beginning, where the tools would go": {{Role: sdk.RoleAssistant, Text: "a"}},
	} {
		_, err := openNamed(t, "llama3", "out.jsonl", `{}`).Encode(t.Context(), &sdk.Example{Messages: messages, Toolset: shapedTools})
		require.EqualError(t, err, "refused: "+want)
	}
}

// Only what the model says can read as a call, and only a whole call does.
func TestLlama3TextsThatReadAsCalls(t *testing.T) {
	const call = `{"name": "look", "parameters": {}}`
	format := openNamed(t, "llama3", "out.jsonl", `{}`)
	talk := func(ask, answer string) error {
		_, err := format.Encode(t.Context(), &sdk.Example{Messages: []sdk.Message{{Role: sdk.RoleUser, Text: ask}, {Role: sdk.RoleAssistant, Text: answer}}})
		return err
	}
	require.EqualError(t, talk("go", call), "refused: a text of the model's that would be read as a call")
	require.NoError(t, talk(call, "gone"))
	require.NoError(t, talk("go", call[:9]))
	require.NoError(t, talk("go", `{"at": 1}`))
}

func TestTrimPython(t *testing.T) {
	require.Equal(t, "\x1b a \x1b", trimPython("\x1c\x1f \n\x1d\x1e\x1b a \x1b\x1f\x1c\u00a0"))
	require.Equal(t, "! a !", trimPython("! a !"))
}

func TestLlama3Problems(t *testing.T) {
	const head = "<|start_header_id|>"
	for text, want := range map[string]string{
		"a":                  "text outside of a turn",
		head + "a<|eot_id|>": "text outside of a turn",
		head + "narrator<|end_header_id|>\n\na<|eot_id|>":                                              "a turn with an unknown role",
		head + "ipython<|end_header_id|>\n\na<|eot_id|>":                                               "a result in JSON is not a string",
		head + "user<|end_header_id|>\n\n" + llamaToolHead + "{\n    \"type\": \"function\"<|eot_id|>": "a tool that is not JSON",
		head + "user<|end_header_id|>\n\na<|eot_id|>":                                                  "not the text that the template writes",
	} {
		_, problems := openNamed(t, "llama3", "out.jsonl", `{}`).(sdk.Decoder).Decode(textRow(text))
		require.Equal(t, []string{want}, problems)
	}
}

func FuzzLlama3Decode(f *testing.F) {
	f.Add(`{"text":"<|start_header_id|>user<|end_header_id|>\n\n{\n    \"type\": \"function\"}<|eot_id|>"}`)
	f.Add(strings.ReplaceAll(`{"text":"[assistant<|end_header_id|>\n\n{\"name\": \"a\", \"parameters\": {}}<|eot_id|>[ipython<|end_header_id|>\n\n\"b\"<|eot_id|>"}`, "[", "<|start_header_id|>"))
	f.Fuzz(func(t *testing.T, row string) {
		if e, problems := openNamed(t, "llama3", "out.jsonl", `{}`).(sdk.Decoder).Decode([]byte(row)); e == nil {
			require.NotEmpty(t, problems)
		}
	})
}
