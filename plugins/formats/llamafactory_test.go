package formats

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
)

func TestLlamaFactoryRoundTrip(t *testing.T) {
	for options, columns := range map[string]string{
		`{"shape":"sft"}`:                     "conversations system tools",
		`{"shape":"sft","mask_history":true}`: "conversations system tools",
		`{"shape":"dpo"}`:                     "conversations chosen rejected system tools",
		`{"shape":"kto"}`:                     "conversations kto_tag system tools",
		`{"shape":"alpaca"}`:                  "instruction input output system",
	} {
		t.Run(options, func(t *testing.T) {
			lastOnly := !strings.HasSuffix(options, `"sft"}`)
			expect := func(e *sdk.Example) { asShared(e, lastOnly) }
			if strings.Contains(options, "alpaca") {
				expect = asAlpaca
			}
			roundTrip(t, "llamafactory", "out.jsonl", options, expect, func(t *testing.T, _ *sdk.Example, row []byte) {
				require.Equal(t, strings.Fields(columns), keys(t, row))
			})
		})
	}
}

// asShared changes an example to what its turns keep of it.
func asShared(e *sdk.Example, lastOnly bool) {
	e.System = strings.TrimSpace(e.System)
	var messages []sdk.Message
	for i, m := range e.Messages {
		if i > 0 && m.Role == sdk.RoleUser && e.Messages[i-1].Role == sdk.RoleTool {
			messages[len(messages)-1].Text += "\n\n" + m.Text
			continue
		}
		m.Masked = false
		messages = append(messages, sharedAnswer(m))
	}
	e.Messages = messages
	if e.Rejected != nil {
		rejected := sharedAnswer(*e.Rejected)
		rejected.Masked = false
		e.Rejected = &rejected
	}
	if lastOnly {
		maskHistory(e.Messages)
	}
}

func sharedAnswer(m sdk.Message) sdk.Message {
	m.Thinking = strings.Trim(m.Thinking, "\n")
	if len(m.Calls) > 0 && strings.TrimSpace(m.Text) == "" {
		m.Text = ""
	}
	return m
}

func asAlpaca(e *sdk.Example) {
	e.System, e.Toolset = strings.TrimSpace(e.System), nil
	if input, _ := input(e, e.Messages[0].Text); input != "" {
		e.Messages[0].Text += "\n" + input
	}
}

func TestLlamaFactoryProblems(t *testing.T) {
	const rest = `,"system":"","tools":""}`
	human := `{"conversations":[{"from":"human","value":"go"},`
	for row, want := range map[string]string{
		`{"messages":[]` + rest: "conversations is missing",
		`{"Conversations":[{"From":"human","Value":"a"},{"From":"gpt","Value":"b"}],"System":"","Tools":""}`: "no column system: LLaMA-Factory stops if dataset_info.json names it",
		`{"conversations":[]}`:                                                                     "no column system: LLaMA-Factory stops if dataset_info.json names it",
		`{"conversations":[],"system":"","tools":[]}`:                                              "the column tools is not a string",
		`{"conversations":[],"system":"","tools":" "}`:                                             "tools is not a list",
		`{"conversations":[],"system":"","tools":"[{}]"}`:                                          "a tool's name is missing",
		human + `{"from":"human","value":"go"}]` + rest:                                            "turns that do not alternate: LLaMA-Factory drops the row",
		human + `{"from":"gpt"}]` + rest:                                                           "the value of a turn is missing",
		human + `{"from":"tool","value":""}]` + rest:                                               "a turn with an unknown role",
		human + `{"from":"gpt","value":"a"},{"from":"human","value":"b"}]` + rest:                  "a number of turns for which LLaMA-Factory drops the row",
		human + `{"from":"gpt","value":"<think>a</think>b"}]` + rest:                               `a thought that is not between "<think>\n" and "\n</think>\n\n"`,
		human + `{"from":"function_call","value":"now {}"}]` + rest:                                "a call is not an object",
		human + `{"from":"function_call","value":"<tool_call>{}</tool_call> now"}]` + rest:         "text after the calls, which would be moved before them",
		human + `{"from":"function_call","value":"{\"name\":\"a\",\"arguments\":\"{}\"}"}]` + rest: "arguments that are a string, which the template would print with quotation marks",
	} {
		t.Run(want, func(t *testing.T) {
			_, problems := openNamed(t, "llamafactory", "out.jsonl", `{}`).(sdk.Decoder).Decode([]byte(row))
			require.Contains(t, problems, want)
		})
	}
	for shape, problems := range map[string][]string{
		"dpo":    {"chosen is missing", "chosen is not a turn of the model's", "rejected is missing", "rejected is not a turn of the model's", "chosen and rejected are the same"},
		"kto":    {"a number of turns for which LLaMA-Factory drops the row", "kto_tag is missing"},
		"alpaca": {"the column instruction is missing", "the column output is missing"},
	} {
		_, got := openNamed(t, "llamafactory", "out.jsonl", `{"shape":"`+shape+`"}`).(sdk.Decoder).Decode([]byte(`{"conversations":[{"from":"human","value":"a"}]` + rest))
		require.Equal(t, problems, got)
	}
}

func TestLlamaFactoryRefuses(t *testing.T) {
	call := []sdk.Call{{Tool: "look", Arguments: json.RawMessage(`{}`)}}
	answer := sdk.Message{Role: sdk.RoleAssistant, Text: "gone"}
	for want, e := range map[error]*sdk.Example{
		errTwoAnswers: {Messages: []sdk.Message{{Role: sdk.RoleUser, Text: "go"}, answer, answer}},
		errCallMarks:  {Messages: []sdk.Message{{Role: sdk.RoleUser, Text: "go"}, {Role: sdk.RoleAssistant, Text: "<tool_call>", Calls: call}}},
	} {
		_, err := openNamed(t, "llamafactory", "out.jsonl", `{}`).Encode(t.Context(), e)
		require.Equal(t, want, err)
	}
	thought := &sdk.Example{Messages: []sdk.Message{{Role: sdk.RoleUser, Text: "go"}, {Role: sdk.RoleAssistant, Thinking: "<tool_call>"}}}
	_, err := openNamed(t, "llamafactory", "out.jsonl", `{}`).Encode(t.Context(), thought)
	require.NoError(t, err, "nothing that would be cut out is there")
	thought.Messages[1].Calls = call
	_, err = openNamed(t, "llamafactory", "out.jsonl", `{}`).Encode(t.Context(), thought)
	require.Equal(t, errCallMarks, err)
	for want, e := range map[error]*sdk.Example{
		errTwoAnswers: {Messages: []sdk.Message{{Role: sdk.RoleUser, Text: "go"}, answer, answer}, Rejected: &sdk.Message{Role: sdk.RoleAssistant, Text: "no"}},
		errPair:       {Messages: []sdk.Message{answer}, Rejected: &sdk.Message{Role: sdk.RoleAssistant, Text: "no"}},
	} {
		_, err := openNamed(t, "llamafactory", "out.jsonl", `{"shape":"dpo"}`).Encode(t.Context(), e)
		require.Equal(t, want, err)
	}
	same := &sdk.Example{Messages: []sdk.Message{{Role: sdk.RoleUser, Text: "go"}, answer}, Rejected: &answer}
	_, err = openNamed(t, "llamafactory", "out.jsonl", `{"shape":"dpo"}`).Encode(t.Context(), same)
	require.Equal(t, errEqual, err)
}

// Marks that the trainer searches for are written so that it does not find them, and mean the same.
func TestLlamaFactoryMarksInArguments(t *testing.T) {
	e := &sdk.Example{Messages: []sdk.Message{{Role: sdk.RoleUser, Text: "go"}, {Role: sdk.RoleAssistant, Calls: []sdk.Call{
		{Tool: "look", Arguments: json.RawMessage(`{"at":"<tool_call>a</tool_call><think>\n\\<tool_call>"}`)}}}}}
	format := openNamed(t, "llamafactory", "out.jsonl", `{}`)
	rows, err := format.Encode(t.Context(), e)
	require.NoError(t, err)
	require.NotContains(t, string(rows[0]), "<tool_call>")
	require.NotContains(t, string(rows[0]), "<think>")
	decoded, problems := format.(sdk.Decoder).Decode(rows[0])
	require.Empty(t, problems)
	require.JSONEq(t, string(e.Messages[1].Calls[0].Arguments), string(decoded.Messages[1].Calls[0].Arguments))
}

func TestLlamaFactoryOptions(t *testing.T) {
	for _, options := range []string{`{"shape":"dpo","mask_history":true}`, `{"template":"qwen"}`} {
		_, err := newLlamaFactoryStep().Open(sdk.Setup{}, options)
		require.Error(t, err)
	}
	_, err := newLlamaFactoryStep().Open(sdk.Setup{}, `{"template":"qwen","base_model":"mine"}`)
	require.NoError(t, err)
	_, err = newLlamaFactoryStep().Open(sdk.Setup{}, `{"template":"qwen3","base_model":"Qwen/Qwen2.5-3B"}`)
	require.NoError(t, err)
	_, err = newLlamaFactoryStep().Open(sdk.Setup{}, `{"base_model":"Qwen/Qwen2.5-3B"}`)
	require.ErrorContains(t, err, `template = "qwen"`)
	_, err = newLlamaFactoryStep().Open(sdk.Setup{Paths: []string{"a.jsonl.zst"}}, `{}`)
	require.ErrorContains(t, err, "not read compressed rows")
}

func newLlamaFactoryStep() sdk.Step {
	return sdk.NewFormat("llamafactory", "", llamaFactoryHolds, newLlamaFactory)
}

func TestLlamaFactoryShards(t *testing.T) {
	format := openNamed(t, "llamafactory", "out", `{"shape":"kto"}`)
	require.Equal(t, "kto.jsonl", format.(sdk.FileNamer).File())
	companions, err := format.(sdk.Finisher).Finish(t.Context(), []sdk.WrittenFile{{Name: "a,b-00000-of-00002.jsonl"}, {Name: "a,b-00001-of-00002.jsonl"}})
	require.NoError(t, err)
	var info map[string]struct {
		File    string            `json:"file_name"`
		Columns map[string]string `json:"columns"`
	}
	require.NoError(t, json.Unmarshal(companions[0].Content, &info))
	require.Equal(t, "a,b-00001-of-00002.jsonl", info["a_b-00001-of-00002"].File)
	require.Equal(t, "kto_tag", info["a_b-00000-of-00002"].Columns["kto_tag"])
	require.Equal(t, "a,b.yaml", companions[1].Name)
	require.Contains(t, string(companions[1].Content), `dataset: "a_b-00000-of-00002,a_b-00001-of-00002"`)
}

func FuzzLlamaFactoryDecode(f *testing.F) {
	f.Add("sft", `{"conversations":[{"from":"human","value":"go"},{"from":"function_call","value":"<think>\na\n</think>\n\nb\n<tool_call>[{\"name\":\"a\",\"arguments\":{}}]</tool_call>"}],"system":"","tools":"[{\"name\":\"a\",\"parameters\":{}}]"}`)
	f.Add("dpo", `{"conversations":[{"from":"human","value":"go"}],"chosen":{"from":"gpt","value":"a"},"rejected":null,"system":null,"tools":0}`)
	f.Add("kto", `{"conversations":[],"kto_tag":null}`)
	f.Add("alpaca", `{"instruction":"a","output":"b"}`)
	f.Fuzz(func(t *testing.T, shape, row string) {
		if shape != "sft" && shape != "dpo" && shape != "kto" {
			shape = "alpaca"
		}
		decoder := openNamed(t, "llamafactory", "out.jsonl", `{"shape":"`+shape+`"}`).(sdk.Decoder)
		if e, problems := decoder.Decode([]byte(row)); e == nil {
			require.NotEmpty(t, problems)
		}
	})
}
