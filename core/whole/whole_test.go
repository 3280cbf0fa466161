package whole

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAFileIsWrittenWholeOrNotAtAll(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "new", "a.json")
	require.NoError(t, Write(path, []byte("{}\n")))
	written, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, "{}\n", string(written))

	taken := filepath.Join(folder, "taken")
	require.NoError(t, os.MkdirAll(filepath.Join(taken, "inside"), 0o755))
	require.ErrorContains(t, Write(taken, []byte("{}\n")), "put an output in its place")
	require.ErrorContains(t, Replace(taken, []byte("{}\n")), "write "+taken+": ")
	require.NoError(t, Replace(path, []byte("[]\n")))
	written, err = os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, "[]\n", string(written))
	left, err := filepath.Glob(filepath.Join(folder, PartPrefix+"*"))
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestSweepRemovesOnlyWhatWasLeftBesideTheFile(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "out[1]")
	path := filepath.Join(folder, "a[b].json")
	left, err := New(path)
	require.NoError(t, err)
	require.NoError(t, left.Seal()) // as if the process were killed then
	var others []*File
	for _, name := range []string{"ab.json", "a[b].json-eval", "a[b].json-eval.jsonl"} {
		other, err := Sealed(filepath.Join(folder, name), []byte("{}\n"))
		require.NoError(t, err)
		others = append(others, other)
	}

	Sweep(path)
	require.NoFileExists(t, left.Part())
	for _, other := range others {
		require.FileExists(t, other.Part(), "it is of another file")
	}
}

func TestAFaultNamesTheFileAndNotItsPart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.jsonl")
	file, err := New(path)
	require.NoError(t, err)
	_, err = file.Write([]byte("a"))
	require.NoError(t, err)
	require.NoError(t, file.file.Close())
	require.EqualError(t, file.Seal(), "write "+path+": file already closed")
}
