package plan

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestLookupEnv(t *testing.T) {
	environ := []string{"A=first", "AB=other", "EMPTY=", "A=last=2", "B=x", "B="}
	for name, want := range map[string]string{"A": "last=2", "AB": "other", "EMPTY": "", "B": ""} {
		value, found := LookupEnv(environ, name)
		require.True(t, found, name)
		require.Equal(t, want, value, name)
	}
	for _, name := range []string{"", "C", "last"} {
		_, found := LookupEnv(environ, name)
		require.False(t, found, "%q", name)
	}
}
