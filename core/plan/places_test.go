package plan

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestInsideWhereCaseTellsNoNamesApart uses a link in place of the second name that a folder has on such a file system.
func TestInsideWhereCaseTellsNoNamesApart(t *testing.T) {
	dir := t.TempDir()
	logs, sameLogs, otherLogs := filepath.Join(dir, "logs"), filepath.Join(dir, "Logs"), filepath.Join(dir, "LOGS")
	require.NoError(t, os.Mkdir(logs, 0o755))
	if _, err := os.Stat(sameLogs); err == nil {
		t.Skip("this is such a file system")
	}
	require.NoError(t, os.Symlink(logs, sameLogs))
	require.True(t, inside(filepath.Join(logs, "a", "b"), logs))
	require.True(t, inside(filepath.Join(sameLogs, "a", "b"), logs))
	require.True(t, inside(sameLogs, logs))
	require.False(t, inside(dir, logs))
	require.False(t, inside(sameLogs+"2", logs))
	require.False(t, inside(filepath.Join(otherLogs, "a"), logs), "it is not there, so it is another")
}
