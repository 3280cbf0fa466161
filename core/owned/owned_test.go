package owned

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestWhatSomebodyChangedIsTheirs(t *testing.T) {
	work := t.TempDir()
	rows, config := filepath.Join(work, "sft.jsonl"), filepath.Join(work, "sft.yaml")
	write := func(path, text string) { require.NoError(t, os.WriteFile(path, []byte(text), 0o600)) }
	open := func() *Files {
		files, err := Open(work)
		require.NoError(t, err)
		return files
	}

	files := open()
	require.NoError(t, files.Save())
	require.NoFileExists(t, filepath.Join(work, "beside.json"), "there is nothing to remember")
	require.False(t, files.Foreign(config, []byte("a: 1")), "there is no file")
	write(config, "a: 1")
	require.False(t, files.Foreign(config, []byte("a: 1")), "it is what would be written")
	require.True(t, files.Foreign(config, []byte("a: 2")))
	files.Add(config, []byte("a: 1"))
	write(rows, "{}\n")
	files.AddRows(rows, filepath.Join(work, "all.jsonl"))
	require.NoError(t, files.Save())

	files = open()
	require.False(t, files.Foreign(config, []byte("a: 2")), "a run wrote it")
	require.True(t, files.HasRows(rows))
	require.Equal(t, filepath.Join(work, "all.jsonl"), files.SplitOf(rows))
	write(config, "a: 3")
	require.True(t, files.Foreign(config, []byte("a: 2")))
	require.NoError(t, os.Chtimes(rows, time.Time{}, time.Unix(1, 0)))
	require.False(t, files.HasRows(rows))
	files.Forget(rows)
	require.Empty(t, files.SplitOf(rows))
}
