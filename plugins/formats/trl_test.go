package formats

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
)

// What pandas' parser and printer make of these numbers was observed with datasets 5.2.0 and pandas 3.
func TestLoaderKeeps(t *testing.T) {
	for value, want := range map[string]bool{
		`{"x":1.0,"y":-3.3,"z":[0.1,3197.25,1e5,1E-5,0.000001]}`:        true,
		`{"x":9223372036854775807,"y":-9223372036854775808}`:            true,
		`{"x":18446744073709551615}`:                                    true,
		`{"x":0.30000000000000004,"y":12345678.123456}`:                 true,
		`{"x":99999999999999.99,"y":1234567890.1234567}`:                true,
		`{"0.7":"0.7","x":"\"0.7","y":"\\","z":"18446744073709551616"}`: true,
		`{}`:                            true,
		`{"x":0.7}`:                     false,
		`{"x":[{"y":-0.7}]}`:            false,
		`{"x":-0.0}`:                    false,
		`{"x":1.2345678901}`:            false,
		`{"x":1.2345678901234567}`:      false,
		`{"x":1e-11}`:                   false,
		`{"x":2.5e-10}`:                 false,
		`{"x":1e400}`:                   false,
		`{"x":5e-324}`:                  false,
		`{"x":18446744073709551616}`:    false,
		`{"x":-9223372036854775809}`:    false,
		`{"x":"\\","y":0.7}`:            false,
		`{"x":123456789012345678901.5}`: false,
	} {
		require.Equal(t, want, loaderKeeps([]byte(value)), value)
	}
}

// The loader looks at the first rows of each file. Each split is a file, and an example without a split is to be trained on.
func TestTrlMarksFirstRowOfEachFile(t *testing.T) {
	format := openFormat(t, "trl", `{"shape":"kto"}`)
	good := true
	marks := func(splits ...string) (marks []int) {
		require.NoError(t, format.(sdk.Beginner).Begin(t.Context(), sdk.Dataset{}))
		for _, split := range splits {
			e := &sdk.Example{Split: split, Good: &good, Messages: []sdk.Message{{Role: sdk.RoleUser, Text: "go"}, {Role: sdk.RoleAssistant, Text: "went"}}}
			marks = append(marks, strings.Count(string(encodeRow(t, format, e)), `"weight":`))
		}
		return marks
	}
	require.Equal(t, []int{2, 0, 2, 0, 0, 0}, marks("train", "train", "test", "train", "test", ""))
	require.Equal(t, []int{2, 0, 2}, marks("", "train", "test"))
}

func TestNumbersOfTheWorseAnswerAreLookedAt(t *testing.T) {
	worse := sdk.Message{Role: sdk.RoleAssistant, Calls: []sdk.Call{{ID: "1", Tool: "walk", Arguments: []byte(`{"x":0.7}`)}}}
	e := &sdk.Example{Messages: []sdk.Message{{Role: sdk.RoleUser, Text: "go"}, {Role: sdk.RoleAssistant, Text: "went"}}, Rejected: &worse}
	_, err := openFormat(t, "trl", `{"shape":"preference"}`).Encode(t.Context(), e)
	require.ErrorContains(t, err, "a number in a call's arguments")
	worse.Calls[0].Arguments = []byte(`{"x":7}`)
	_, err = openFormat(t, "trl", `{"shape":"preference"}`).Encode(t.Context(), e)
	require.NoError(t, err)
}

func TestAnswersThatDifferInTheToolAlone(t *testing.T) {
	calling := func(tool string) sdk.Message {
		return sdk.Message{Role: sdk.RoleAssistant, Calls: []sdk.Call{{ID: "1", Tool: tool, Arguments: []byte(`{}`)}}}
	}
	worse, same := calling("run"), calling("walk")
	e := &sdk.Example{Messages: []sdk.Message{{Role: sdk.RoleUser, Text: "go"}, calling("walk")}, Rejected: &worse}
	_, err := openFormat(t, "trl", `{"shape":"preference"}`).Encode(t.Context(), e)
	require.NoError(t, err)
	e.Rejected = &same
	_, err = openFormat(t, "trl", `{"shape":"preference"}`).Encode(t.Context(), e)
	require.Equal(t, errEqual, err)
}

func TestAPairOfTextsHasTwo(t *testing.T) {
	said, nothing := sdk.Message{Role: sdk.RoleAssistant, Text: "gone"}, sdk.Message{Role: sdk.RoleAssistant, Text: " \n"}
	for _, pair := range [][2]sdk.Message{{said, nothing}, {nothing, said}} {
		e := &sdk.Example{Messages: []sdk.Message{{Role: sdk.RoleUser, Text: "go"}, pair[0]}, Rejected: &pair[1]}
		_, err := openFormat(t, "openai", `{"shape":"preference"}`).Encode(t.Context(), e)
		require.EqualError(t, err, "refused: an answer of the pair is empty")
	}
}

// TestNothingSaysWhatIsTrainedWhereTheShapeDoes: TRL trains on the last message of a row, whatever is shown before it.
func TestNothingSaysWhatIsTrainedWhereTheShapeDoes(t *testing.T) {
	format := openFormat(t, "trl", `{"shape":"prompt_completion"}`)
	user := sdk.Message{Role: sdk.RoleUser, Text: "go"}
	e := &sdk.Example{Messages: []sdk.Message{user, {Role: sdk.RoleAssistant, Text: "gone", Masked: true}, user, {Role: sdk.RoleAssistant, Text: "again"}}}
	require.Contains(t, string(encodeRow(t, format, e)), "weight", "the first row is there for the loader")
	require.NotContains(t, string(encodeRow(t, format, e)), "weight")
	chat := openFormat(t, "axolotl", `{"shape":"chat"}`)
	require.Contains(t, string(encodeRow(t, chat, e)), `"train":`)
	e.Messages[1].Masked = false
	require.NotContains(t, string(encodeRow(t, chat, e)), `"train":`)
}
