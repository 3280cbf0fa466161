//go:build unix

package whole

import (
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

func modeOf(t *testing.T, path string) fs.FileMode {
	info, err := os.Stat(path)
	require.NoError(t, err)
	return info.Mode().Perm()
}

// TestAFileIsAsPrivateAsTheUserWants sets the umask, which is that of the whole process.
func TestAFileIsAsPrivateAsTheUserWants(t *testing.T) {
	for umask, want := range map[int]fs.FileMode{0o022: 0o644, 0o027: 0o640, 0o077: 0o600} {
		path := filepath.Join(t.TempDir(), "rows.jsonl")
		before := syscall.Umask(umask)
		file, err := Sealed(path, []byte("{}\n"))
		syscall.Umask(before)
		require.NoError(t, err)
		require.Equal(t, fs.FileMode(0o600), modeOf(t, file.Part()), "nobody has checked yet what is in it")
		require.NoError(t, file.Place())
		require.Equal(t, want, modeOf(t, path))
	}
}

func TestWhatIsNoFileIsNotReplaced(t *testing.T) {
	dir := t.TempDir()
	pipe, link := filepath.Join(dir, "pipe"), filepath.Join(dir, "link")
	require.NoError(t, syscall.Mkfifo(pipe, 0o600))
	require.NoError(t, os.Symlink("pipe", link))
	for _, path := range []string{pipe, link} {
		require.EqualError(t, Write(path, []byte("x")), "write "+path+": it is a device, a pipe or a socket, which would be replaced")
		require.Error(t, Replace(path, []byte("x")))
	}
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, entries, 2)
	info, err := os.Stat(link)
	require.NoError(t, err)
	require.Equal(t, fs.ModeNamedPipe, info.Mode().Type())
}

// TestNothingIsReplacedAmongDevices uses names that do not exist, since nobody knows what the usual ones lead to.
func TestNothingIsReplacedAmongDevices(t *testing.T) {
	require.True(t, IsDevice("/dev/standard-output"))
	require.True(t, IsDevice("/dev/../dev//standard-output"))
	require.False(t, IsDevice("/dev/memory/rows.jsonl"))
}
