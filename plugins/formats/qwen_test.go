package formats

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
)

func TestChatmlRoundTrip(t *testing.T) {
	for _, template := range []string{"qwen2.5", "qwen3"} {
		t.Run(template, func(t *testing.T) {
			expect := func(e *sdk.Example) { asQwen(e, template == "qwen3") }
			roundTrip(t, "chatml", "out.jsonl.gz", `{"template":"`+template+`"}`, expect, nil)
		})
	}
}

// What the chat templates that come with the checkpoints write.
func TestQwenTemplates(t *testing.T) {
	const (
		start, end = "<|im_start|>", "<|im_end|>\n"
		system25   = start + "system\nYou are Qwen, created by Alibaba Cloud. You are a helpful assistant."
		talk       = start + "user\ngo" + end + start + "assistant\nLook.\n<tool_call>\n{\"name\": \"look\", \"arguments\": {}}\n</tool_call>\n" +
			"<tool_call>\n{\"name\": \"look\", \"arguments\": {\"at\": 1}}\n</tool_call>" + end +
			start + "user\n<tool_response>\na\n</tool_response>\n<tool_response>\nb\n</tool_response>" + end + start + "assistant\n"
	)
	tools := &sdk.Toolset{Tools: []sdk.ToolDefinition{{Name: "look"}}}
	for _, test := range []struct {
		template, system string
		tools            *sdk.Toolset
		head             string // up to the tools, if there are any
		answer           string
	}{
		{"qwen2.5", "", nil, system25 + end, "done"},
		{"qwen2.5", "You play.\n", nil, start + "system\nYou play." + end, "done"},
		{"qwen2.5", "", tools, system25 + "\n\n# Tools", "done"},
		{"qwen2.5", "You play.", tools, start + "system\nYou play.\n\n# Tools", "done"},
		{"qwen3", "", nil, "", "<think>\n\n</think>\n\ndone"},
		{"qwen3", "You play.", nil, start + "system\nYou play." + end, "<think>\n\n</think>\n\ndone"},
		{"qwen3", "", tools, start + "system\n# Tools", "<think>\n\n</think>\n\ndone"},
	} {
		e := &sdk.Example{System: test.system, Toolset: test.tools, Messages: []sdk.Message{
			{Role: sdk.RoleUser, Text: "go"},
			{Role: sdk.RoleAssistant, Text: "Look.", Calls: []sdk.Call{{ID: "1", Tool: "look", Arguments: []byte(`{}`)}, {ID: "2", Tool: "look", Arguments: []byte(`{"at":1}`)}}},
			{Role: sdk.RoleTool, CallID: "1", Text: "a"}, {Role: sdk.RoleTool, CallID: "2", Text: "b"},
			{Role: sdk.RoleAssistant, Text: "done"},
		}}
		text := qwenText(t, test.template, e)
		head, rest, offered := strings.Cut(text, start+"user\ngo")
		require.True(t, offered)
		require.Equal(t, talk+test.answer+"<|im_end|>", start+"user\ngo"+rest)
		if test.tools == nil {
			require.Equal(t, test.head, head)
			continue
		}
		require.True(t, strings.HasPrefix(head, test.head), head)
		require.Contains(t, head, "<tools>\n{\"type\": \"function\", \"function\": {\"name\": \"look\",")
	}
}

// To Qwen3's template a user message that is wholly between the marks of a result is a result: thoughts before it stay.
func TestQwenResultsInDisguise(t *testing.T) {
	for text, stays := range map[string]bool{
		"<tool_response>x</tool_response>": true, "<tool_response>x": false, "x</tool_response>": false, "x": false,
	} {
		e := &sdk.Example{Messages: []sdk.Message{
			{Role: sdk.RoleUser, Text: "go"}, {Role: sdk.RoleAssistant, Text: "a", Thinking: "hm"},
			{Role: sdk.RoleUser, Text: text}, {Role: sdk.RoleAssistant, Text: "b"},
		}}
		require.Equal(t, stays, strings.Contains(qwenText(t, "qwen3", e), "<think>\nhm\n</think>"), text)
	}
}

func qwenText(t *testing.T, template string, e *sdk.Example) string {
	var row struct{ Text string }
	require.NoError(t, json.Unmarshal(encodeRow(t, openNamed(t, "chatml", "out.jsonl", `{"template":"`+template+`"}`), e), &row))
	return row.Text
}

// asQwen changes an example to what the templates keep of it.
func asQwen(e *sdk.Example, thinks bool) {
	e.System = strings.TrimSpace(e.System)
	query := lastQuery(e.Messages)
	for i := range e.Messages {
		m := &e.Messages[i]
		if m.Role == sdk.RoleAssistant {
			asAnswer(m, i > query, i == len(e.Messages)-1, thinks)
		}
	}
	if e.Rejected != nil {
		asAnswer(e.Rejected, true, true, thinks)
	}
}

func asAnswer(m *sdk.Message, current, last, thinks bool) {
	if !current || !thinks {
		m.Thinking = ""
	}
	if thinks && current && (last || m.Thinking != "") {
		m.Text = strings.TrimLeft(m.Text, "\n")
	}
	m.Thinking = strings.Trim(m.Thinking, "\n")
}

func TestChatmlProblems(t *testing.T) {
	const talk = "<|im_start|>user\ngo<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n"
	for text, want := range map[string]string{
		`{"txt":"a"}`:                  "the column text is missing",
		`{"text":null}`:                "the column text is not a string",
		`{"text":"go"}`:                "text outside of a turn",
		"go" + talk + "gone<|im_end|>": "text outside of a turn",
		talk + `go`:                    "a turn without its end",
		talk + "gone<|im_end|>\n":      "a newline after the last turn: trainers add one themselves",
		talk + "<|im_end|> ":           "text outside of a turn",
		strings.ReplaceAll(talk, "<think>\n\n", "<think>\n") + "gone<|im_end|>":                "a thought without its end",
		"<|im_start|>user\ngo<|im_end|>\n<|im_start|>assistant\ngone<|im_end|>":                "not the text that the template writes",
		"<|im_start|>narrator\ngo<|im_end|>":                                                   "a turn with an unknown role",
		talk + "<tool_call>\n{\"name\": \"a\", \"arguments\": \"{}\"}\n</tool_call><|im_end|>": "arguments that are a string, which the template would print with quotation marks",
		talk + "<tool_call>\n{\"name\": \"a\", \"arguments\": []}\n</tool_call><|im_end|>":     "arguments that are not an object",
		talk + "<tool_call>\n{\"arguments\": {}}\n</tool_call><|im_end|>":                      "a call without a name",
		"<|im_start|>system\n" + toolsHead + "\n{}<|im_end|>":                                  "a list of tools without its end",
		talk + "<tool_call>\n{\"name\": \"a\"}\n</tool_call><|im_end|>":                        "arguments that are not an object",
		talk + "<tool_call>\n{\"name\": \"a\", \"arguments\": {}}</tool_call><|im_end|>":       "a call without its end",
		talk + "<tool_call>\n{\"name\":\"a\",\"arguments\":{}}\n</tool_call><|im_end|>":        "not the text that the template writes",
	} {
		t.Run(want, func(t *testing.T) {
			row := []byte(text)
			if !strings.HasPrefix(text, "{") {
				row = textRow(text)
			}
			_, problems := openNamed(t, "chatml", "out.jsonl", `{"template":"qwen3"}`).(sdk.Decoder).Decode(row)
			require.Contains(t, problems, want)
		})
	}
}

func TestChatmlProblemsOfTheOriginalTurns(t *testing.T) {
	const ask, answer = "<|im_start|>user\ngo\n<|im_end|>\n", "<|im_start|>assistant\ngone\n<|im_end|>"
	for text, want := range map[string][]string{
		ask + answer: nil,
		"<|im_start|>user\ngo<|im_end|>\n" + answer:                                                {"a turn whose end is not on a line of its own"},
		ask + "<|im_start|>tool\n<tool_response>\nan oak\n</tool_response>\n<|im_end|>\n" + answer: nil,
		ask + "<|im_start|>tool\nan oak\n</tool_response>\n<|im_end|>\n" + answer:                  {"a result that is not between <tool_response> and </tool_response>"},
		ask + "<|im_start|>tool\n<tool_response>\nan oak\n<|im_end|>\n" + answer:                   {"a result that is not between <tool_response> and </tool_response>"},
		"<|im_start|>narrator\ngo\n<|im_end|>\n" + answer:                                          {"a turn with an unknown role"},
	} {
		_, problems := openNamed(t, "chatml", "out.jsonl", `{"tool_turns":true}`).(sdk.Decoder).Decode(textRow(text))
		require.Equal(t, want, problems, text)
	}
}

func TestOriginalTurnsDecode(t *testing.T) {
	const text = "<|im_start|>system\nPlay.\n<|im_end|>\n<|im_start|>user\ngo\n<|im_end|>\n<|im_start|>assistant\nSo.\n\n<tool_call>look({\"n\": 1})</tool_call>\n<tool_call>mcp__game__look({})</tool_call>\nGone.\n<|im_end|>"
	e, problems := openNamed(t, "chatml", "out.jsonl", `{"tool_turns":true}`).(sdk.Decoder).Decode(textRow(text))
	require.Empty(t, problems)
	require.Equal(t, []string{
		`system "Play."`, `user masked=false "" "go"`, `assistant masked=false "" "So.\n"`, `call look {"n": 1}`, `call mcp__game__look {}`,
		`assistant masked=false "" "Gone."`,
	}, heard(t, e))
}

// TestSystemMessagesBelow: only the first system message is the prompt.
func TestSystemMessagesBelow(t *testing.T) {
	const system, rest = "<|im_start|>system\nPlay.<|im_end|>\n", "<|im_start|>user\ngo<|im_end|>\n<|im_start|>assistant\ngone<|im_end|>"
	e, problems := openNamed(t, "chatml", "out.jsonl", `{"template":"qwen2.5"}`).(sdk.Decoder).Decode(textRow(system + system + rest + "\n" + system + rest))
	require.Empty(t, problems)
	message := `system masked=false "" "Play."`
	talk := []string{`user masked=false "" "go"`, `assistant masked=false "" "gone"`}
	require.Equal(t, slices.Concat([]string{`system "Play."`, message}, talk, []string{message}, talk), heard(t, e))
}

// TestAResultBehindANewQuestionAnswersNothing: results answer the calls before them in order.
func TestAResultBehindANewQuestionAnswersNothing(t *testing.T) {
	const call, result = "<|im_start|>assistant\n<tool_call>look({})</tool_call>\n<tool_call>look({})</tool_call>\n<|im_end|>\n", "<|im_start|>tool\n<tool_response>\nan oak\n</tool_response>\n<|im_end|>\n"
	for between, answers := range map[string]string{
		"": "call_1", result: "call_2", result + result: "", "<|im_start|>user\nwell?\n<|im_end|>\n": "", "<|im_start|>assistant\nWell.\n<|im_end|>\n": "",
	} {
		e, problems := openNamed(t, "chatml", "out.jsonl", `{"tool_turns":true}`).(sdk.Decoder).Decode(textRow(call + between + strings.TrimSuffix(result, "\n")))
		require.Empty(t, problems)
		require.Equal(t, answers, e.Messages[len(e.Messages)-1].CallID, between)
	}
}

func TestChatmlThoughtInText(t *testing.T) {
	e := &sdk.Example{Messages: []sdk.Message{{Role: sdk.RoleUser, Text: "go"}, {Role: sdk.RoleAssistant, Text: "a</think>b"}}}
	_, err := openNamed(t, "chatml", "out.jsonl", `{"template":"qwen3"}`).Encode(t.Context(), e)
	require.Equal(t, errThought, err)
	_, err = openNamed(t, "chatml", "out.jsonl", `{"template":"qwen2.5"}`).Encode(t.Context(), e)
	require.NoError(t, err)
}

func TestChatmlOptions(t *testing.T) {
	_, err := Plugin.Steps[chatmlStep].Open(sdk.Setup{}, `{"template":"qwen3","tool_turns":true}`)
	require.ErrorContains(t, err, "leave this out")
}

func FuzzChatmlDecode(f *testing.F) {
	f.Add("original", `{"text":"<|im_start|>user\ngo\n<|im_end|>\n<|im_start|>assistant\n<tool_call>a({})</tool_call>\n<|im_end|>"}`)
	f.Add("qwen3", `{"text":"<|im_start|>user\ngo<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n<tool_call>\n{\"name\": \"a\", \"arguments\": {}}\n</tool_call><|im_end|>"}`)
	f.Add("qwen2.5", `{"text":"<|im_start|>system\n# Tools<|im_end|>\n<|im_start|>user\n<tool_response>\na\n</tool_response>"}`)
	f.Fuzz(func(t *testing.T, template, row string) {
		if template != "original" && template != "qwen3" {
			template = "qwen2.5"
		}
		decoder := openNamed(t, "chatml", "out.jsonl", `{"template":"`+template+`"}`).(sdk.Decoder)
		if e, problems := decoder.Decode([]byte(row)); e == nil {
			require.NotEmpty(t, problems)
		}
	})
}
