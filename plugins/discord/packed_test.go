package discord

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
	"github.com/ftprep/ftprep/sdk/packed"
	"github.com/ftprep/ftprep/sdk/sdktest"
)

// readPacked reads a log of that name from a folder.
func readPacked(t testing.TB, name string, log []byte) sdktest.Reading {
	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, name), log, 0o644))
	return sdktest.Read(t, Plugin, "discord", sdk.Setup{Block: "source.discord.test", Paths: []string{folder}}, "{}")
}

func TestCompressedLogs(t *testing.T) {
	want := read(t, simple)
	for _, ending := range []string{".gz", ".zst"} {
		var log bytes.Buffer
		w := packed.Writer(&log, ending)
		_, err := io.WriteString(w, simple)
		require.NoError(t, err)
		require.NoError(t, w.Close())
		name := "conversations_a.jsonl" + ending
		got := readPacked(t, name, log.Bytes())
		require.Empty(t, got.Rejects)
		require.Len(t, got.Examples, 1)
		require.Equal(t, want.Examples[0].Messages, got.Examples[0].Messages)
		require.Equal(t, want.Tally, got.Tally)
		require.Equal(t, name, got.Examples[0].SourceFile)
		require.Equal(t, 3, got.Examples[0].Provenance.LastLine)
	}
}

// TestWhatStandsBeforeAFaultIsRead: records that were read become examples, even if the rest of the file cannot be read.
func TestWhatStandsBeforeAFaultIsRead(t *testing.T) {
	var zipped bytes.Buffer
	zipper := gzip.NewWriter(&zipped)
	_, err := io.WriteString(zipper, simple)
	require.NoError(t, err)
	require.NoError(t, zipper.Flush())
	got := readPacked(t, "conversations_a.jsonl.gz", zipped.Bytes())
	require.Len(t, got.Examples, 1)
	require.Equal(t, []sdk.Reject{{File: "conversations_a.jsonl.gz", Cause: "cannot unpack the file: unexpected EOF"}}, got.Rejects)
	require.Equal(t, 4, got.Tally.Read, "with what is left of the file")
	require.Equal(t, got.Tally.Sum(), got.Tally.Read)
}
