package host

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/core/plan"
)

func TestAPipelineMayLeaveOutTheEndingOfAProgram(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ftprep-plugin-x")
	_, err := Find(plan.Plugin{Path: path})
	require.ErrorContains(t, err, "was not found")
	require.NoError(t, os.WriteFile(path, nil, 0o700))
	_, err = Find(plan.Plugin{Path: path})
	require.ErrorContains(t, err, "call it "+path+".exe")
	require.NoError(t, os.WriteFile(path+".exe", nil, 0o700))
	for _, written := range []string{path, path + ".exe"} {
		found, err := Find(plan.Plugin{Path: written})
		require.NoError(t, err)
		require.Equal(t, path+".exe", found)
	}
}
