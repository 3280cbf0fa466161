package whole

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAFileThatSomebodyLooksIntoIsReplacedWhenTheyAreDone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rows.jsonl")
	require.NoError(t, Write(path, []byte("old\n")))
	held, err := os.Open(path)
	require.NoError(t, err)
	require.ErrorContains(t, Write(path, []byte("new\n")), "put an output in its place", "they do not let go")
	written := make(chan error)
	go func() { written <- Write(path, []byte("new\n")) }()
	require.NoError(t, held.Close())
	require.NoError(t, <-written)
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, "new\n", string(text))
}
