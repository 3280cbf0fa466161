//go:build unix

package sdk_test

import (
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
)

// A pipe is listed but cannot be opened: opening it would wait for its writer.
func TestPipesAreNotOpened(t *testing.T) {
	folder := t.TempDir()
	require.NoError(t, syscall.Mkfifo(filepath.Join(folder, "pipe"), 0o600))
	files, err := sdk.ListFiles([]string{folder}, func(string) bool { return true })
	require.NoError(t, err)
	require.Len(t, files, 1)
	_, err = files[0].Open()
	require.EqualError(t, err, "open "+filepath.Join(folder, "pipe")+": not a regular file")

	files[0].Modified = time.Now() // as if it had been a file when it was listed
	_, err = files[0].Open()
	require.ErrorContains(t, err, "not a regular file")
}
