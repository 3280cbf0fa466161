package cache

import (
	"crypto/sha256"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestHashIsThatOfWhatWasStarted(t *testing.T) {
	folder, path := t.TempDir(), filepath.Join(t.TempDir(), "program")
	require.NoError(t, os.WriteFile(path, []byte("one"), 0o700))
	one, two := sha256.Sum256([]byte("one")), sha256.Sum256([]byte("two"))
	started := Look(path)
	c := open(t, folder, DefaultBound)
	for range 2 {
		sum, err := c.Hash(started)
		require.NoError(t, err)
		require.Equal(t, one[:], sum)
	}
	require.NoError(t, os.Remove(path))
	require.NoError(t, os.WriteFile(path, []byte("two"), 0o700))
	_, err := open(t, folder, DefaultBound).Hash(started)
	require.ErrorContains(t, err, "was replaced while it ran")
	sum, err := c.Hash(Look(path))
	require.NoError(t, err)
	require.Equal(t, two[:], sum, "another file of the same name and size")
	_, err = c.Hash(Look(filepath.Join(folder, "nowhere")))
	require.Error(t, err)
}

// TestAKnownHashIsNotMadeAgain: if a file was last changed long ago, its hash is in the cache, under no plugin.
func TestAKnownHashIsNotMadeAgain(t *testing.T) {
	folder, path := t.TempDir(), filepath.Join(t.TempDir(), "program")
	require.NoError(t, os.WriteFile(path, []byte("one"), 0o700))
	started := Look(path)
	started.lasting = true
	sum, err := open(t, folder, DefaultBound).Hash(started)
	require.NoError(t, err)
	require.NoError(t, os.Remove(path))
	again, err := open(t, folder, DefaultBound).Hash(started)
	require.NoError(t, err)
	require.Equal(t, sum, again)
	stored, err := List(folder)
	require.NoError(t, err)
	require.Empty(t, stored, "it is no unit")
}
