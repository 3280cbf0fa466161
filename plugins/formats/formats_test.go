package formats

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
	"github.com/ftprep/ftprep/sdk/sdktest"
)

func TestGolden(t *testing.T) { sdktest.Golden(t, Plugin) }

func TestConformance(t *testing.T) { sdktest.Conformance(t, Plugin, nil) }

// talk is a short conversation with one call.
var talk = &sdk.Example{
	System: "You play.\n",
	Messages: []sdk.Message{
		{Role: sdk.RoleUser, Text: "chop oak"},
		{Role: sdk.RoleAssistant, Calls: []sdk.Call{{ID: "1", Tool: "send_command", Arguments: json.RawMessage(`{"command":"CHOP oak","n":1}`)}}},
		{Role: sdk.RoleAssistant, Text: "Chopping.\n"},
	},
}

const talkBlock = `<|im_start|>system
You play.
<|im_end|>
<|im_start|>user
chop oak
<|im_end|>
<|im_start|>assistant
<tool_call>send_command({"command": "CHOP oak", "n": 1})</tool_call>
Chopping.
<|im_end|>

`

func TestChatmlText(t *testing.T) {
	format := openStep(t, chatmlStep, sdk.Setup{Paths: []string{"/data/chatml.txt"}}, `{}`)
	require.Equal(t, sdk.FramingBytes, format.(sdk.Framer).Framing())
	pieces, err := format.Encode(t.Context(), talk)
	require.NoError(t, err)
	require.Equal(t, talkBlock, string(bytes.Join(pieces, nil)))
}

// Reports count refusals by their wording, so every format must have the same one.
func TestARefusalHasOneWording(t *testing.T) {
	ask, answer := sdk.Message{Role: sdk.RoleUser, Text: "go"}, sdk.Message{Role: sdk.RoleAssistant, Text: "gone"}
	talk := []sdk.Message{ask, answer}
	for _, test := range []struct {
		want    error
		example *sdk.Example
		formats map[string]string // with their options
	}{
		{errPair, &sdk.Example{Messages: talk}, map[string]string{
			"llamafactory": `{"shape":"dpo"}`, "axolotl": `{"shape":"dpo"}`, "trl": `{"shape":"preference"}`, "openai": `{"shape":"preference"}`}},
		{errEqual, &sdk.Example{Messages: talk, Rejected: &answer}, map[string]string{
			"llamafactory": `{"shape":"dpo"}`, "axolotl": `{"shape":"dpo"}`, "trl": `{"shape":"preference"}`, "openai": `{"shape":"preference"}`}},
		{errSeveral, &sdk.Example{Messages: []sdk.Message{ask, answer, ask, answer}}, map[string]string{"llamafactory": `{"shape":"alpaca"}`, "axolotl": `{}`}},
		{errJudge, &sdk.Example{Messages: talk}, map[string]string{
			"llamafactory": `{"shape":"kto"}`, "axolotl": `{"shape":"kto"}`, "trl": `{"shape":"kto"}`}},
		{errNoAnswer, &sdk.Example{Messages: []sdk.Message{ask}, Rejected: &answer}, map[string]string{"axolotl": `{"shape":"dpo"}`, "chatml": `{}`}},
		{errNoAnswer, &sdk.Example{Rejected: &answer}, map[string]string{"axolotl": `{"shape":"dpo"}`}},
		{errRole, &sdk.Example{Messages: []sdk.Message{ask, {Role: "critic", Text: "well"}, answer}}, map[string]string{
			"axolotl": `{}`, "trl": `{}`, "openai": `{}`}},
	} {
		for format, options := range test.formats {
			_, err := openNamed(t, format, "out.jsonl", options).Encode(t.Context(), test.example)
			require.EqualError(t, err, test.want.Error(), format)
		}
	}
}

func BenchmarkEncode(b *testing.B) {
	e := &sdk.Example{ID: "1", Messages: []sdk.Message{{Role: sdk.RoleUser, Text: "read the logs"}}}
	for i := range 20 {
		id := fmt.Sprint("call_", i)
		arguments := json.RawMessage(fmt.Sprintf(`{"file": "src/main/java/Loop%d.java", "limit": %d, "old_string": %q}`, i, i, strings.Repeat("if (npc == null) return;\n", 20)))
		e.Messages = append(e.Messages,
			sdk.Message{Role: sdk.RoleAssistant, Text: "Let me see.", Calls: []sdk.Call{{ID: id, Tool: "Read", Arguments: arguments}}},
			sdk.Message{Role: sdk.RoleTool, CallID: id, Text: strings.Repeat("2026-02-03 04:05:06 [Client] INFO \"clicked\" at (12, 34)\n", 40)})
	}
	e.Messages = append(e.Messages, sdk.Message{Role: sdk.RoleAssistant, Text: "Nothing wrong there."})
	e.Rejected, e.Good = &sdk.Message{Role: sdk.RoleAssistant, Text: "Let me see."}, new(bool)
	e.Toolset = shapedTools
	for label, options := range map[string]string{
		"unified": `{}`, "chatml": `{}`, "axolotl": `{}`,
		"chatml qwen2.5": `{"template":"qwen2.5"}`, "chatml qwen3": `{"template":"qwen3"}`,
		"axolotl segments": `{"shape":"segments"}`, "axolotl dpo": `{"shape":"dpo"}`, "axolotl kto": `{"shape":"kto"}`,
		"llamafactory": `{}`, "llamafactory dpo": `{"shape":"dpo"}`, "llamafactory kto": `{"shape":"kto"}`,
		"llama3": `{"drop_text":true}`, "hf": `{}`, "axolotl chat": `{"shape":"chat"}`,
		"openai": `{}`, "trl": `{}`, "mistral": `{}`, "swift": `{}`, "atif": `{}`,
	} {
		step, _, _ := strings.Cut(label, " ")
		b.Run(label, func(b *testing.B) {
			format := openNamed(b, step, "out.jsonl", options)
			rows, err := format.Encode(b.Context(), e)
			require.NoError(b, err)
			b.SetBytes(int64(len(rows[0])))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := format.Encode(b.Context(), e); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// TestTheHostTakesEveryFormat opens each format with each choice of its options: the host refuses a format whose rows would
// be of two kinds.
func TestTheHostTakesEveryFormat(t *testing.T) {
	client := sdktest.Connect(t, Plugin)
	opened := map[string]int{}
	for _, step := range Plugin.Steps {
		all := []string{`{}`}
		for _, option := range step.Options {
			for _, choice := range option.OneOf {
				all = append(all, fmt.Sprintf(`{%q:%q}`, option.Name, choice))
			}
			if option.Type == sdk.OptionBool {
				all = append(all, fmt.Sprintf(`{%q:true}`, option.Name))
			}
		}
		for _, options := range all {
			handle, err := client.Open(t.Context(), step, sdk.Setup{Block: step.Type, Paths: []string{"rows.jsonl"}}, []byte(options))
			require.NotErrorIs(t, err, sdk.ErrUnusable, "%s %s", step.Type, options)
			if holds := handle.Holds; err == nil && (holds.LastOnly || holds.Preferences || holds.Judgements) {
				opened[step.Type]++
			}
		}
	}
	for _, format := range []string{"trl", "openai", "axolotl", "llamafactory"} {
		require.Positive(t, opened[format], format)
	}
}

// TestWhatFormatsHold: the host refuses or changes what a format does not hold. A word too few loses examples, and one too
// many lets a trainer see what it should not.
func TestWhatFormatsHold(t *testing.T) {
	for _, v := range variants {
		var holds []string
		value := reflect.ValueOf(holdsOf(t, v.typ, openFormat(t, v.typ, v.options)))
		for i := range value.NumField() {
			if value.Field(i).Bool() {
				holds = append(holds, value.Type().Field(i).Name)
			}
		}
		require.Equal(t, held[v.typ+" "+v.options], strings.Join(holds, " "), "%s %s", v.typ, v.options)
	}
}

var held = map[string]string{
	`unified {}`:                         "Tools Results Thinking ParallelCalls Turns Masks Context Negatives Details",
	`unified {"tool_definitions":true}`:  "Tools Results Thinking ParallelCalls Turns Masks Context Negatives Details",
	`chatml {}`:                          "Tools ParallelCalls Turns",
	`chatml {"tool_turns":true}`:         "Tools Results ParallelCalls Turns",
	`chatml {"template":"qwen2.5"}`:      "Tools Results ParallelCalls Turns",
	`chatml {"template":"qwen3"}`:        "Tools Results Thinking ParallelCalls Turns",
	`axolotl {}`:                         "Tools ParallelCalls Context",
	`axolotl {"shape":"chat"}`:           "Tools Results Thinking ParallelCalls Turns Masks",
	`axolotl {"shape":"segments"}`:       "Tools Results Thinking ParallelCalls Turns Masks",
	`axolotl {"shape":"dpo"}`:            "Tools Results Thinking ParallelCalls Turns Masks Preferences",
	`axolotl {"shape":"kto"}`:            "Tools Results Thinking ParallelCalls Turns Masks Judgements",
	`openai {}`:                          "Tools Results ParallelCalls Turns Masks",
	`openai {"shape":"preference"}`:      "Tools Results ParallelCalls Turns Preferences",
	`trl {}`:                             "Tools Results Thinking ParallelCalls Turns",
	`trl {"shape":"prompt_completion"}`:  "Tools Results Thinking ParallelCalls Turns LastOnly",
	`trl {"shape":"preference"}`:         "Tools Results Thinking ParallelCalls Turns Preferences",
	`trl {"shape":"kto"}`:                "Tools Results Thinking ParallelCalls Turns Judgements",
	`mistral {}`:                         "Tools Results ParallelCalls Turns Masks",
	`mistral {"narration":"refuse"}`:     "Tools Results ParallelCalls Turns Masks",
	`swift {}`:                           "Tools Results Thinking ParallelCalls Turns Masks",
	`atif {}`:                            "Tools Results Thinking ParallelCalls Turns Masks",
	`llamafactory {}`:                    "Tools Results Thinking ParallelCalls Turns",
	`llamafactory {"mask_history":true}`: "Tools Results Thinking ParallelCalls Turns Masks LastOnly",
	`llamafactory {"shape":"dpo"}`:       "Tools Results Thinking ParallelCalls Turns Masks Preferences",
	`llamafactory {"shape":"kto"}`:       "Tools Results Thinking ParallelCalls Turns Masks Judgements",
	`llamafactory {"shape":"alpaca"}`:    "Context",
	`llama3 {}`:                          "Tools Results Turns",
	`llama3 {"drop_text":true}`:          "Tools Results Turns",
	`hf {}`:                              "Tools Results Thinking ParallelCalls Turns",
}
