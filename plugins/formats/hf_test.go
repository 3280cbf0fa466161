package formats

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
)

func TestHFRoundTrip(t *testing.T) {
	roundTrip(t, "hf", "hub", `{}`, func(e *sdk.Example) { asShared(e, false) }, func(t *testing.T, _ *sdk.Example, row []byte) {
		require.Equal(t, []string{"id", "source", "example_type", "conversations", "system", "tools"}, keys(t, row))
	})
}

func TestHFCard(t *testing.T) {
	format := openNamed(t, "hf", "data/hub/", `{"license":"cc-by-4.0"}`)
	for i := range 2 {
		_, err := format.Encode(t.Context(), &sdk.Example{ID: fmt.Sprint(i), Source: "journal", Type: sdk.TypeMultiStep, Messages: []sdk.Message{
			{Role: sdk.RoleUser, Text: "go"},
			{Role: sdk.RoleAssistant, Calls: []sdk.Call{{ID: "1", Tool: "look", Arguments: []byte(`{}`)}}},
			{Role: sdk.RoleTool, CallID: "1", IsError: true},
			{Role: sdk.RoleAssistant, Text: "no"},
		}})
		require.NoError(t, err)
	}
	companions, err := format.(sdk.Finisher).Finish(t.Context(), []sdk.WrittenFile{
		{Name: "train-00000-of-00002.parquet", Rows: 900}, {Name: "train-00001-of-00002.parquet", Rows: 600}, {Name: "test-00000-of-00001.parquet", Rows: 9, Split: "test"},
	})
	require.NoError(t, err)
	require.Equal(t, "README.md", companions[0].Name)
	card := string(companions[0].Content)
	require.Contains(t, card, "pretty_name: \"hub\"\nlicense: \"cc-by-4.0\"\n")
	require.Contains(t, card, "size_categories:\n- 1K<n<10K\n")
	require.Contains(t, card, `  - split: train
    path:
    - "data/train-00000-of-00002.parquet"
    - "data/train-00001-of-00002.parquet"
  - split: test
    path:
    - "data/test-00000-of-00001.parquet"
---
`)
	require.Contains(t, card, "| rows of split train | 1500 |\n| rows of split test | 9 |\n| messages | 8 |\n| tool calls | 2 |\n| tool calls that failed | 2 |\n")
	require.Contains(t, card, "| journal | 2 |")
	require.Contains(t, card, "| look | 2 |")
	require.NotContains(t, card, "no licence")
}

func TestSizeCategory(t *testing.T) {
	for rows, want := range map[int]string{0: "n<1K", 999: "n<1K", 1000: "1K<n<10K", 123_456: "100K<n<1M", 2_000_000_000: "n>1B"} {
		require.Equal(t, want, sizeCategory(rows))
	}
}

func TestHFProblems(t *testing.T) {
	_, problems := openNamed(t, "hf", "hub", `{}`).(sdk.Decoder).Decode([]byte(`{"conversations":[],"system":"","tools":""}`))
	require.Equal(t, []string{"the column id is missing", "the column source is missing", "the column example_type is missing"}, problems)
}
