package run

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/core/container"
	"github.com/ftprep/ftprep/sdk"
)

// TestOneShardIsOpenAtATime: an output of many shards must not reach the limit of open files.
func TestOneShardIsOpenAtATime(t *testing.T) {
	for _, framing := range []sdk.Framing{sdk.FramingRows, sdk.FramingBytes} {
		folder := t.TempDir()
		r := &rowFiles{path: filepath.Join(folder, "rows.jsonl"), kind: container.Lines, framing: framing, shardBytes: 1}
		for i := range 20 {
			file, err := r.write("", fmt.Appendf(nil, `{"number":%d}`, i))
			require.NoError(t, err)
			require.Equal(t, i, file)
			require.Equal(t, 1, openIn(t, folder))
		}
		files, err := r.finish()
		require.NoError(t, err)
		require.Zero(t, openIn(t, folder))
		require.Len(t, files, 20)
		require.Equal(t, sdk.WrittenFile{Name: "rows-00019-of-00020.jsonl", Rows: 1}, written(files)[19])
		for i, file := range files {
			content, err := os.ReadFile(file.Part())
			require.NoError(t, err)
			require.Equal(t, fmt.Sprintf(`{"number":%d}`, i), strings.TrimSuffix(string(content), "\n"))
		}
	}
}

// openIn counts the files of a folder that this process has open.
func openIn(t *testing.T, folder string) (count int) {
	const own = "/proc/self/fd"
	entries, err := os.ReadDir(own)
	require.NoError(t, err)
	for _, entry := range entries {
		target, _ := os.Readlink(filepath.Join(own, entry.Name())) // it fails for the one that listed them, which is closed
		if filepath.Dir(target) == folder {
			count++
		}
	}
	return count
}

// TestSplitsAreFew: splits are limited, since each has a file open.
func TestSplitsAreFew(t *testing.T) {
	r := &rowFiles{path: filepath.Join(t.TempDir(), "rows.jsonl"), kind: container.Lines, framing: sdk.FramingRows}
	defer r.discard()
	for i := range mostSplits {
		_, err := r.write(fmt.Sprint("part", i), []byte(`{}`))
		require.NoError(t, err)
	}
	_, err := r.write("one_more", []byte(`{}`))
	require.ErrorContains(t, err, `more than 16 splits, including "one_more"`)
}
