package claude

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
	"github.com/ftprep/ftprep/sdk/packed"
	"github.com/ftprep/ftprep/sdk/sdktest"
)

// pack compresses a text as the given ending of a file says.
func pack(t *testing.T, ending, text string) []byte {
	var content bytes.Buffer
	w := packed.Writer(&content, ending)
	_, err := io.WriteString(w, text)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return content.Bytes()
}

// packedCopy copies folders into one in which every transcript is compressed.
func packedCopy(t *testing.T, paths []string, ending string) []string {
	folder := t.TempDir()
	for _, path := range paths {
		err := filepath.WalkDir(path, func(name string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			relative, err := filepath.Rel(path, name)
			require.NoError(t, err)
			content, err := os.ReadFile(name)
			require.NoError(t, err)
			if strings.HasSuffix(name, ".jsonl") {
				relative, content = relative+ending, pack(t, ending, string(content))
			}
			copied := filepath.Join(folder, relative)
			require.NoError(t, os.MkdirAll(filepath.Dir(copied), 0o700))
			return os.WriteFile(copied, content, 0o600)
		})
		require.NoError(t, err)
	}
	return []string{folder}
}

// TestCompressedSessions checks that compressed sessions give the same examples and that no unpacked file stays behind.
func TestCompressedSessions(t *testing.T) {
	left := t.TempDir()
	for _, name := range []string{"TMPDIR", "TMP", "TEMP"} {
		t.Setenv(name, left)
	}
	plain := transcripts(t)[:1]
	for _, ending := range []string{".gz", ".zst"} {
		copied := packedCopy(t, plain, ending)
		for _, tools := range [][]string{nil, {"mcp__*"}, {"Bash"}, {"no_such_tool"}} {
			setup := sdk.Setup{Block: "test", Paths: plain}
			if tools != nil {
				selection, err := sdk.NewSelection(tools, "calls")
				require.NoError(t, err)
				setup.Selection = selection
			}
			want := sdktest.Read(t, Plugin, "claude", setup, "{}")
			setup.Paths = copied
			got := sdktest.Read(t, Plugin, "claude", setup, "{}")
			require.Len(t, got.Examples, len(want.Examples))
			require.Equal(t, nameless(t, want.Examples), nameless(t, got.Examples))
			require.Equal(t, withoutFiles(want.Tally), withoutFiles(got.Tally), "%s", tools)
			require.Len(t, got.Rejects, len(want.Rejects))
		}
	}
	entries, err := os.ReadDir(left)
	require.NoError(t, err)
	for _, entry := range entries {
		require.NotContains(t, entry.Name(), "unpacked")
	}
}

// nameless returns examples without the names of their files and what depends on these.
func nameless(t *testing.T, examples []*sdk.Example) []string {
	var all []string
	for _, e := range examples {
		e.ID, e.SourceFile, e.Provenance.File, e.Provenance.Unit = "", "", "", ""
		e.Provenance.Session = strings.TrimSuffix(strings.TrimSuffix(e.Provenance.Session, ".gz"), ".zst")
		all = append(all, encoded(t, e))
	}
	slices.Sort(all)
	return all
}

func withoutFiles(tally sdk.Tally) sdk.Tally {
	tally.Files = nil
	return tally
}

// TestACompressedSessionThatIsCutOff checks that what stands before the cut is still read.
func TestACompressedSessionThatIsCutOff(t *testing.T) {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, err := io.WriteString(w, greeting+"\n")
	require.NoError(t, err)
	require.NoError(t, w.Flush())
	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "s.jsonl.gz"), packed.Bytes(), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "t.jsonl.zst"), []byte("no zstd"), 0o600))
	reading := sdktest.Read(t, Plugin, "claude", sdk.Setup{Block: "test", Paths: []string{folder}}, "{}")
	require.Len(t, reading.Examples, 1)
	require.Equal(t, []sdk.Reject{
		{File: "s.jsonl.gz", Cause: "cannot unpack the file: unexpected EOF"},
		{File: "t.jsonl.zst", Cause: "cannot unpack the file: invalid input: magic number mismatch"},
	}, reading.Rejects)
	require.Equal(t, reading.Tally.Sum(), reading.Tally.Read)
}

// TestUnpackingNeedsRoom: a missing place to unpack into is no fault of the session.
func TestUnpackingNeedsRoom(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "s.jsonl.gz")
	require.NoError(t, os.WriteFile(path, pack(t, ".gz", greeting), 0o600))
	for _, name := range []string{"TMPDIR", "TMP", "TEMP"} {
		t.Setenv(name, filepath.Join(folder, "gone"))
	}
	file, err := open(t.Context(), sdk.File{Path: path, Name: "s.jsonl.gz"}, func() error { return nil })
	require.Nil(t, file)
	require.ErrorContains(t, err, "create a temporary file to unpack s.jsonl.gz: ")
	require.ErrorContains(t, err, "set TMPDIR to use another folder")
}

// TestUnpackingStops checks that unpacking stops when the host wants no more.
func TestUnpackingStops(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s.jsonl.zst")
	require.NoError(t, os.WriteFile(path, pack(t, ".zst", strings.Repeat(" ", 2*searchSize)), 0o600))
	enough := errors.New("enough")
	file, err := open(t.Context(), sdk.File{Path: path, Name: "s.jsonl.zst"}, func() error { return enough })
	require.Nil(t, file)
	require.ErrorIs(t, err, enough)
}
