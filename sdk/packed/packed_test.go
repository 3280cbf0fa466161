package packed_test

import (
	"bytes"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
	"github.com/ftprep/ftprep/sdk/packed"
)

func TestCut(t *testing.T) {
	for name, want := range map[string][2]string{
		"a.jsonl": {"a.jsonl", ""}, "a.jsonl.gz": {"a.jsonl", ".gz"}, "b/A.JSONL.ZST": {"b/A.JSONL", ".zst"},
		"a.gz": {"a", ".gz"}, "a.gz/b": {"a.gz/b", ""}, "a.bz2": {"a.bz2", ""}, "": {"", ""},
	} {
		plain, ending := packed.SplitEnding(name)
		require.Equal(t, want, [2]string{plain, ending}, name)
	}
}

// pack compresses a text in two parts, as when a log is continued in a compressed file.
func pack(t *testing.T, ending, text string) []byte {
	var packed bytes.Buffer
	for _, half := range []string{text[:len(text)/2], text[len(text)/2:]} {
		var w io.WriteCloser = gzip.NewWriter(&packed)
		if ending == ".zst" {
			encoder, err := zstd.NewWriter(&packed)
			require.NoError(t, err)
			w = encoder
		}
		_, err := io.WriteString(w, half)
		require.NoError(t, err)
		require.NoError(t, w.Close())
	}
	return packed.Bytes()
}

func open(t *testing.T, name string, content []byte) ([]byte, error) {
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, content, 0o600))
	file, err := packed.Open(sdk.File{Path: path, Name: name})
	if err != nil {
		return nil, err
	}
	read, err := io.ReadAll(file)
	require.NoError(t, file.Close())
	return read, err
}

func TestOpen(t *testing.T) {
	const text = "one\ntwo\nthree\n"
	for name, content := range map[string][]byte{
		"a.log": []byte(text), "a.log.gz": pack(t, ".gz", text), "a.LOG.GZ": pack(t, ".gz", text), "a.log.zst": pack(t, ".zst", text),
	} {
		read, err := open(t, name, content)
		require.NoError(t, err, name)
		require.Equal(t, text, string(read), name)
	}
}

// TestErrorsNameTheFile: without the name, the host could not reject the file.
func TestErrorsNameTheFile(t *testing.T) {
	for name, content := range map[string][]byte{
		"a.gz": []byte("no gzip at all"), "b.gz": pack(t, ".gz", "some text")[:20], "a.zst": []byte("no zstd at all"), "b.zst": pack(t, ".zst", "some text")[:12],
	} {
		_, err := open(t, name, content)
		fault, ok := err.(*fs.PathError)
		require.True(t, ok, "%s: %v", name, err)
		require.Equal(t, "unpack", fault.Op)
		require.Equal(t, name, filepath.Base(fault.Path))
	}
	_, err := packed.Open(sdk.File{Path: filepath.Join(t.TempDir(), "gone.gz")})
	require.ErrorIs(t, err, fs.ErrNotExist)
}

// TestAWindowIsBounded: a small file must not make its reader keep a lot in memory.
func TestAWindowIsBounded(t *testing.T) {
	frame := []byte{0x28, 0xb5, 0x2f, 0xfd, 0, (28 - 10) << 3, 1, 0, 0} // RFC 8878: 256 MiB, and an empty last block
	_, err := open(t, "a.zst", frame)
	require.ErrorIs(t, err, zstd.ErrWindowSizeExceeded)
	frame[5] -= 1 << 3
	_, err = open(t, "a.zst", frame)
	require.NoError(t, err)
}

func TestWriterIsReadBack(t *testing.T) {
	for ending, begins := range map[string]string{"": "some text", ".gz": "\x1f\x8b", ".zst": "\x28\xb5\x2f\xfd"} {
		var content bytes.Buffer
		w := packed.Writer(&content, ending)
		_, err := io.WriteString(w, "some text")
		require.NoError(t, err)
		require.NoError(t, w.Close())
		require.True(t, bytes.HasPrefix(content.Bytes(), []byte(begins)), "%q", ending)
		r, err := packed.Reader(&content, ending)
		require.NoError(t, err)
		read, err := io.ReadAll(r)
		require.NoError(t, err)
		require.Equal(t, "some text", string(read))
	}
}
