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

func TestCaseTellsVariablesApartUnlessOnWindows(t *testing.T) {
	for _, anyCase := range []bool{false, true} {
		require.True(t, sameVariable("PATH", "PATH", anyCase))
		require.Equal(t, anyCase, sameVariable("Path", "PATH", anyCase))
		require.False(t, sameVariable("PATHEXT", "PATH", anyCase))
	}
}
