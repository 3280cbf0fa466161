package formats

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
)

// TestAxolotlTemplates: text of one model's template does not train another model.
func TestAxolotlTemplates(t *testing.T) {
	step := sdk.NewFormat("axolotl", "", axolotlHolds, newAxolotl)
	for options, refused := range map[string]bool{
		`{"shape":"dpo","base_model":"Qwen/Qwen2.5-3B"}`:                      true,
		`{"shape":"segments","base_model":"unsloth/qwen2.5-3b"}`:              true,
		`{"shape":"kto","base_model":"Qwen/Qwen2.5-3B","template":"qwen2.5"}`: false,
		`{"shape":"kto","base_model":"Qwen/Qwen3-4B"}`:                        false,
		`{"shape":"chat","base_model":"Qwen/Qwen2.5-3B"}`:                     false,
		`{"base_model":"Qwen/Qwen2.5-3B"}`:                                    false,
	} {
		_, err := step.Open(sdk.Setup{}, options)
		require.Equal(t, refused, err != nil, options)
	}
}

func TestAxolotlRoundTrip(t *testing.T) {
	for _, template := range []string{"qwen2.5", "qwen3"} {
		for shape, columns := range map[string]string{"segments": "segments", "dpo": "prompt chosen rejected", "kto": "prompt completion label"} {
			t.Run(shape+" "+template, func(t *testing.T) {
				expect := func(e *sdk.Example) {
					asQwen(e, template == "qwen3")
					if shape != "segments" {
						maskHistory(e.Messages)
					}
					if e.Rejected != nil {
						e.Rejected.Masked = false
					}
				}
				roundTrip(t, "axolotl", "out.jsonl", `{"shape":"`+shape+`","template":"`+template+`"}`, expect, func(t *testing.T, _ *sdk.Example, row []byte) {
					require.Equal(t, strings.Fields(columns), keys(t, row))
				})
			})
		}
	}
}

// Joined, the segments are the text that the template writes. Each ends at a special token, and the trained ones are those
// with the model's words.
func TestSegments(t *testing.T) {
	roundTrip(t, "axolotl", "out.jsonl", `{"shape":"segments"}`, func(e *sdk.Example) { asQwen(e, true) }, func(t *testing.T, e *sdk.Example, row []byte) {
		var got struct {
			Segments []struct {
				Label bool
				Text  string
			}
		}
		require.NoError(t, json.Unmarshal(row, &got))
		var text, trained string
		for i, segment := range got.Segments {
			text += segment.Text
			if segment.Label {
				trained += segment.Text
				require.True(t, strings.HasSuffix(segment.Text, turnEnd))
			} else if i < len(got.Segments)-1 {
				require.True(t, strings.HasSuffix(segment.Text, turnStart+"assistant\n"))
			}
		}
		require.NotContains(t, trained, turnStart)
		unmasked := 0
		for _, m := range e.Messages {
			if m.Role == sdk.RoleAssistant && !m.Masked {
				unmasked++
			}
		}
		require.Equal(t, unmasked, strings.Count(trained, turnEnd))
		require.True(t, strings.HasSuffix(text, turnEnd))
	})
}

func TestAxolotlProblems(t *testing.T) {
	const head = `<|im_start|>user\ngo<|im_end|>\n<|im_start|>assistant\n`
	for _, test := range []struct{ shape, row, want string }{
		{"instruction", `{"instruction":"a"}`, "the column output is missing"},
		{"instruction", `{"instruction":"a","Input":"b","output":"c"}`, "a key in the wrong case: Input for input"},
		{"instruction", `{"instruction":" ","output":"a"}`, "an empty instruction"},
		{"instruction", `{"instruction":"a","output":"<tool_call>look</tool_call>"}`, "a call that is not written as <tool_call>TOOL(ARGUMENTS)</tool_call>"},
		{"segments", `{"segments":0}`, "segments is not a list"},
		{"segments", `{"segments":[{"label":null,"text":"a"}]}`, "a segment's label is neither true nor false"},
		{"segments", `{"segments":[{"label":false,"text":"` + head + `gone<|im_end|>"}]}`, "nothing to train on"},
		{"segments", `{"segments":[{"label":true,"text":"` + head + `gone<|im_end|>"}]}`, "trained text that is not the model's"},
		{"segments", `{"segments":[{"label":false,"text":"` + head + `go"},{"label":true,"text":"ne<|im_end|>"}]}`, "a message of which only a part is trained"},
		{"segments", `{"segments":[{"label":true,"text":"<|im_start|>"},{"label":false,"text":"user\ngo<|im_end|>\n<|im_start|>assistant\na<|im_end|>\n<|im_start|>assistant\n"},{"label":true,"text":"b<|im_end|>"}]}`, "trained text that is not the model's"},
		{"segments", `{"segments":[{"label":false,"text":"` + head + `"},{"label":true,"text":"gone<|im_end|>\n<|im_start|>user\ngo<|im_end|>"}]}`, "trained text that is not the model's"},
		{"dpo", `{"prompt":"a"}`, "the column chosen is missing"},
		{"dpo", `{"prompt":"` + head + `","chosen":"a<|im_end|>","rejected":"a<|im_end|>"}`, "chosen and rejected are the same"},
		{"dpo", `{"prompt":"` + head + `","chosen":"a<|im_end|>","rejected":"a"}`, "rejected: an answer that is not exactly one turn with its end"},
		{"dpo", `{"prompt":"` + head + `","chosen":"a<|im_end|>\n` + head + `b<|im_end|>","rejected":"a"}`, "an answer that is not exactly one turn with its end"},
		{"kto", `{"prompt":"` + head + `a","completion":"a<|im_end|>","label":true}`, "a prompt that does not end where the model begins to speak"},
		{"kto", `{"prompt":"` + head + `","completion":"a<|im_end|>","label":"true"}`, "the column label is neither true nor false"},
	} {
		t.Run(test.want, func(t *testing.T) {
			_, problems := openNamed(t, "axolotl", "out.jsonl", `{"shape":"`+test.shape+`","template":"qwen2.5"}`).(sdk.Decoder).Decode([]byte(test.row))
			require.Contains(t, problems, test.want)
		})
	}
}

func TestSegmentsOfWhichTheLastIsOnlyShown(t *testing.T) {
	ask, answer := sdk.Message{Role: sdk.RoleUser, Text: "go"}, sdk.Message{Role: sdk.RoleAssistant, Text: "gone"}
	shown := answer
	shown.Masked = true
	format := openNamed(t, "axolotl", "out.jsonl", `{"shape":"segments"}`)
	row := encodeRow(t, format, &sdk.Example{Messages: []sdk.Message{ask, answer, ask, shown}})
	_, problems := format.(sdk.Decoder).Decode(row)
	require.Empty(t, problems)
	_, err := format.Encode(t.Context(), &sdk.Example{Messages: []sdk.Message{ask, shown}})
	require.EqualError(t, err, "refused: nothing to train on")
}

func TestInstructionDecodes(t *testing.T) {
	e := *talk
	e.Context = "Swamp"
	format := openNamed(t, "axolotl", "out.jsonl", `{}`)
	rows, err := format.Encode(t.Context(), &e)
	require.NoError(t, err)
	decoded, problems := format.(sdk.Decoder).Decode(rows[0])
	require.Empty(t, problems)
	require.Equal(t, []string{
		`system ""`, `user masked=false "" "chop oak\nSwamp"`, `assistant masked=false "" ""`,
		`call send_command {"command": "CHOP oak", "n": 1}`, `assistant masked=false "" "Chopping."`,
	}, heard(t, decoded))
}

func TestAxolotlShards(t *testing.T) {
	companions, err := openNamed(t, "axolotl", "out", `{"shape":"kto"}`).(sdk.Finisher).Finish(t.Context(),
		[]sdk.WrittenFile{{Name: "a-00000-of-00002.parquet"}, {Name: "a-00001-of-00002.parquet"}})
	require.NoError(t, err)
	require.Equal(t, "a.yaml", companions[0].Name)
	none, err := openNamed(t, "axolotl", "out", `{}`).(sdk.Finisher).Finish(t.Context(), nil)
	require.NoError(t, err)
	require.Equal(t, "train.yaml", none[0].Name)
	require.Contains(t, string(companions[0].Content), "  - path: \"./a-00001-of-00002.parquet\"\n    ds_type: parquet\n")
}

func FuzzAxolotlDecode(f *testing.F) {
	f.Add("segments", `{"segments":[{"label":false,"text":"<|im_start|>assistant\n"},{"label":true,"text":"a<|im_end|>"}]}`)
	f.Add("dpo", `{"prompt":"<|im_start|>assistant\n","chosen":"a<|im_end|>","rejected":""}`)
	f.Add("kto", `{"prompt":"<|im_start|>assistant\n","completion":"<|im_end|>","label":true}`)
	f.Add("instruction", `{"instruction":"a","input":"b","output":"<tool_call>a({})</tool_call>\nb"}`)
	f.Fuzz(func(t *testing.T, shape, row string) {
		if shape != "segments" && shape != "dpo" && shape != "kto" {
			shape = "instruction"
		}
		decoder := openNamed(t, "axolotl", "out.jsonl", `{"shape":"`+shape+`"}`).(sdk.Decoder)
		if e, problems := decoder.Decode([]byte(row)); e == nil {
			require.NotEmpty(t, problems)
		}
	})
}
