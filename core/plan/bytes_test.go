package plan

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestParseBytes(t *testing.T) {
	for text, want := range map[string]int64{"1KiB": 1 << 10, "512MiB": 512 << 20, "2 GiB": 2 << 30} {
		got, err := parseBytes(text)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	for _, text := range []string{"", "512", "512MB", "-1MiB", "0GiB", "1.5GiB", "GiB", "99999999999GiB"} {
		_, err := parseBytes(text)
		require.ErrorContains(t, err, "is no amount of memory", text)
	}
}
