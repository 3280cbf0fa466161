package run

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
)

func TestItemsComeBackFromAFile(t *testing.T) {
	quality := 0.25
	items := []sdk.Item{
		{
			ID: "id", Opening: "opening", Answered: 300, Source: "source", Type: sdk.MultiStep, Quality: &quality,
			Split: "train", Toolset: "tools", Example: []byte("example"),
		},
		{ID: "other", Example: []byte("\x00\xff")},
	}
	data := appendItems(nil, items)
	got, err := readItems(data, 2)
	require.NoError(t, err)
	require.Equal(t, items, got)
	for _, damaged := range [][]byte{data[:len(data)-1], append(data, 0), nil} {
		_, err := readItems(damaged, 2)
		require.ErrorIs(t, err, errSpill)
	}
}
