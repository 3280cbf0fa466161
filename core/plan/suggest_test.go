package plan

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNearest(t *testing.T) {
	names := []string{"stats", "run", "show", "experiment"}
	for _, test := range []struct {
		written string
		part    int
		name    string
	}{
		{"rnu", 4, "run"}, {"stat", 4, "stats"}, {"STATS", 4, "stats"}, {"shun", 4, "run"},
		{"exprmnt", 4, ""}, {"exprmnt", 2, "experiment"}, {"xyzzyx", 2, ""}, {"", 4, ""},
	} {
		require.Equal(t, test.name, Nearest(test.written, names, test.part), "%q", test.written)
	}
}
