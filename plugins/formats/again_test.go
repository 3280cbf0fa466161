package formats

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
)

// variants are all formats, in all their shapes.
var variants = []struct{ typ, options string }{
	{"unified", `{}`}, {"unified", `{"tool_definitions":true}`},
	{"chatml", `{}`}, {"chatml", `{"tool_turns":true}`}, {"chatml", `{"template":"qwen2.5"}`}, {"chatml", `{"template":"qwen3"}`},
	{"axolotl", `{}`}, {"axolotl", `{"shape":"chat"}`}, {"axolotl", `{"shape":"segments"}`}, {"axolotl", `{"shape":"dpo"}`}, {"axolotl", `{"shape":"kto"}`},
	{"openai", `{}`}, {"openai", `{"shape":"preference"}`},
	{"trl", `{}`}, {"trl", `{"shape":"prompt_completion"}`}, {"trl", `{"shape":"preference"}`}, {"trl", `{"shape":"kto"}`},
	{"mistral", `{}`}, {"mistral", `{"narration":"refuse"}`}, {"swift", `{}`}, {"atif", `{}`},
	{"llamafactory", `{}`}, {"llamafactory", `{"mask_history":true}`}, {"llamafactory", `{"shape":"dpo"}`},
	{"llamafactory", `{"shape":"kto"}`}, {"llamafactory", `{"shape":"alpaca"}`},
	{"llama3", `{}`}, {"llama3", `{"drop_text":true}`}, {"hf", `{}`},
}

func TestVariantsAreOfAllFormats(t *testing.T) {
	for _, step := range Plugin.Steps {
		if step.Kind == sdk.KindFormat {
			require.True(t, slices.ContainsFunc(variants, func(v struct{ typ, options string }) bool { return v.typ == step.Type }), step.Type)
		}
	}
}

// stream is what a format makes of one output: the rows or the refusal of each example, and the companion files.
type stream struct {
	rows       [][][]byte
	refusals   []string
	companions []sdk.Companion
}

// encodeStream sends examples through a format as the host does.
func encodeStream(t *testing.T, format sdk.Format, examples []*sdk.Example) (s stream) {
	if beginner, ok := format.(sdk.Beginner); ok {
		require.NoError(t, beginner.Begin(t.Context(), sdk.Dataset{Splits: []string{"train", "eval"}}))
	}
	for _, e := range examples {
		rows, err := format.Encode(t.Context(), e)
		refusal := ""
		if err != nil {
			refusal = err.Error()
		}
		s.rows, s.refusals = append(s.rows, rows), append(s.refusals, refusal)
	}
	if finisher, ok := format.(sdk.Finisher); ok {
		var err error
		s.companions, err = finisher.Finish(t.Context(), []sdk.WrittenFile{{Name: "out.jsonl", Rows: 2}})
		require.NoError(t, err)
	}
	return s
}

// TestAFormatUsedAgainIsAsNew is the law that what a format makes of a stream depends on that stream alone: not on an earlier
// one, nor on rows that it has read.
func TestAFormatUsedAgainIsAsNew(t *testing.T) {
	for _, v := range variants {
		t.Run(v.typ+v.options, func(t *testing.T) {
			used := openFormat(t, v.typ, v.options)
			holds := holdsOf(t, v.typ, used)
			g := generator{rand.New(rand.NewPCG(5, 6))}
			encoded := 0
			for i := range 60 {
				e := g.conversation(i, holds)
				e.Split = g.pick("", "train", "eval")
				examples := []*sdk.Example{e, e}
				if i%2 == 0 { // between the two, one that may be refused
					examples = []*sdk.Example{e, g.shaped(i, holds), e}
				}
				want := encodeStream(t, openFormat(t, v.typ, v.options), examples)
				require.Equal(t, want, encodeStream(t, used, examples))
				for _, row := range slices.Concat(want.rows...) {
					used.(sdk.Decoder).Decode(row)
					encoded++
				}
				again := want.rows[len(want.rows)-1]
				if v.typ == "trl" && len(again) > 0 { // its first row says more
					continue
				}
				require.Equal(t, want.rows[0], again)
			}
			require.Greater(t, encoded, 10)
		})
	}
}

// An output's companions tell of its own rows, not of those of an output before it, nor of what was refused.
func TestCompanionsTellOfTheRowsBesideThem(t *testing.T) {
	ask := sdk.Message{Role: sdk.RoleUser, Text: "go"}
	plain, thought := sdk.Message{Role: sdk.RoleAssistant, Text: "gone"}, sdk.Message{Role: sdk.RoleAssistant, Text: "gone", Thinking: "Where?"}
	examples := []*sdk.Example{{Messages: []sdk.Message{ask, plain}}}
	for _, typ := range []string{"llamafactory", "hf", "axolotl"} {
		used := openFormat(t, typ, `{}`)
		encodeStream(t, used, []*sdk.Example{{Messages: []sdk.Message{ask, thought}}})
		require.Equal(t, encodeStream(t, openFormat(t, typ, `{}`), examples), encodeStream(t, used, examples), typ)
	}
	used := openFormat(t, "llamafactory", `{}`)
	want := encodeStream(t, used, examples).companions
	got := encodeStream(t, used, append(examples, &sdk.Example{Messages: []sdk.Message{ask, thought, thought}}))
	require.Equal(t, "refused: two messages of the model's with nothing between them", got.refusals[1])
	require.Equal(t, want, got.companions)
}
