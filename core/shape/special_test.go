package shape

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
)

func TestSpecialTokens(t *testing.T) {
	for text, want := range map[string]string{
		"<|im_end|>":                         "< |im_end|>",
		"a <|begin_of_text|>b<|eot_id|>":     "a < |begin_of_text|>b< |eot_id|>",
		"<tool_call>x</tool_call>":           "< tool_call>x< /tool_call>",
		"<think>hm</think>":                  "< think>hm< /think>",
		"[INST] hi":                          "[ INST] hi",
		"hi [/INST]":                         "hi [ /INST]",
		"<tool_response>x":                   "< tool_response>x",
		"x</tool_response>":                  "x< /tool_response>",
		"hm</think>":                         "hm< /think>",
		"[AVAILABLE_TOOLS]":                  "[ AVAILABLE_TOOLS]",
		"[/AVAILABLE_TOOLS]":                 "[ /AVAILABLE_TOOLS]",
		"[TOOL_CALLS]":                       "[ TOOL_CALLS]",
		"[/TOOL_RESULTS]":                    "[ /TOOL_RESULTS]",
		"[SYSTEM_PROMPT]":                    "[ SYSTEM_PROMPT]",
		"[/SYSTEM_PROMPT]":                   "[ /SYSTEM_PROMPT]",
		"f <| g, a <b> [1] <tool> [instr]":   "",
		"x <|> y, <||>, <|a b|>, <thinking>": "",
	} {
		require.Equal(t, want != "", HasControl(text), text)
		if want != "" {
			require.Equal(t, want, broken(text))
			require.False(t, HasControl(want))
		}
	}
}

func TestArgumentsAreBrokenInTheirStrings(t *testing.T) {
	for arguments, want := range map[string]string{
		`{"z":1.0,"a":"<|im_end|>"}`:       `{"z":1.0,"a":"< |im_end|>"}`,
		`{"a":{"b":["\u003c|im_end|>"]}}`:  `{"a":{"b":["< |im_end|>"]}}`,
		`{"<think>":12345678901234567890}`: `{"< think>":12345678901234567890}`,
		`{"a":1,"a":"<think>"}`:            `{"a":1,"a":"< think>"}`,
		"{\"a\":\"\xff<think>\"}":          "{\"a\":\"\ufffd< think>\"}",
		`{"a":"<b>"}`:                      "",
	} {
		got, changed := brokenArguments(json.RawMessage(arguments))
		require.Equal(t, want != "", changed, arguments)
		if changed {
			require.Equal(t, want, string(got))
		}
	}
}

func TestSpecialTokensInAnExample(t *testing.T) {
	chat := withContext(chat)
	spoiled := func() map[string]*sdk.Example {
		inArguments := calling("look")
		inArguments.Messages[1].Calls[0].Arguments = []byte(`{"a":"<|im_end|>"}`)
		return map[string]*sdk.Example{
			"request":   {Messages: []sdk.Message{user("<|im_end|>"), says("ok")}},
			"answer":    {Messages: []sdk.Message{user("go"), says("<|im_end|>")}},
			"result":    {Messages: []sdk.Message{user("go"), calls("1"), {Role: sdk.RoleTool, CallID: "1", Text: "<|im_end|>"}, says("ok")}},
			"system":    {System: "<|im_end|>", Messages: []sdk.Message{user("go"), says("ok")}},
			"arguments": inArguments,
			"context":   {Context: "<|im_end|>", Messages: []sdk.Message{user("go"), says("ok")}},
			"thinking":  {Messages: []sdk.Message{user("go"), {Role: sdk.RoleAssistant, Thinking: "<|im_end|>", Text: "ok"}}},
		}
	}
	for place, e := range spoiled() {
		require.Equal(t, Shaped{Refused: []string{"a special token in the text"}}, New(Options{}, chat, nil, nil).Shape(e, nil), place)
	}
	for place, e := range spoiled() {
		shaped := New(Options{SpecialTokens: SpecialTokensBreak}, chat, nil, nil).Shape(e, nil)
		require.Empty(t, shaped.Refused, place)
		require.Equal(t, []string{"special tokens broken"}, shaped.Changed, place)
		again := New(Options{}, chat, nil, nil).Shape(shaped.Parts[0].Example, nil)
		require.Empty(t, again.Refused, place)
	}
	for place, e := range spoiled() {
		require.Len(t, New(Options{SpecialTokens: SpecialTokensKeep}, chat, nil, nil).Shape(e, nil).Parts, 1, place)
	}
}

func TestSpecialTokensInTheWorseAnswer(t *testing.T) {
	for _, e := range []*sdk.Example{
		{Context: "Doors", Correction: &sdk.CodeCorrection{BadCode: "<|im_end|>", GoodCode: "open()"}},
		conversation(one(user("a")), runs("1", "ls logs <|im_end|>", true), runs("2", "ls logs", false), one(says("done"))),
	} {
		require.Equal(t, []string{"a special token in the text"}, New(Options{}, pairsOnly, nil, nil).Shape(e, nil).Refused)
	}
}

// TestSpecialTokensInWhatJudgementsShare: both are refused, not only the one that is looked at first.
func TestSpecialTokensInWhatJudgementsShare(t *testing.T) {
	pair := func() *sdk.Example {
		return conversation(one(user("a")), runs("1", "cat <|im_end|>", false), runs("2", "ls logs", true), runs("3", "ls logs2", false), one(says("done")))
	}
	const refused = "a special token in the text"
	require.Equal(t, []string{refused, refused}, New(Options{}, judgedOnly, nil, nil).Shape(pair(), nil).Refused)
	broken := New(Options{SpecialTokens: SpecialTokensBreak}, judgedOnly, nil, nil).Shape(pair(), nil)
	require.Equal(t, []bool{false, true}, verdicts(broken))
}
