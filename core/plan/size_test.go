package plan

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestParseSize(t *testing.T) {
	for text, want := range map[string]int64{
		"0": 0, "100": 100, "100 B": 100, "1.5k": 1500, "2kB": 2000, "500MB": 500e6, "1GB": 1e9, "1T": 1e12,
		"1KiB": 1 << 10, "0.5MiB": 1 << 19, "10GiB": 10 << 30, "1tib": 1 << 40,
	} {
		got, err := ParseSize(text)
		require.NoError(t, err, "%q", text)
		require.Equal(t, want, got, "%q", text)
	}
	for _, text := range []string{"", "GiB", "-1", "1 0", "1kk", "1iB", "NaN", "Inf", "9e99", "ten"} {
		_, err := ParseSize(text)
		require.Error(t, err, "%q", text)
	}
}
