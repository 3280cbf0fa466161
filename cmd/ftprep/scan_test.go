package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"
	"golang.org/x/text/encoding/unicode"

	"github.com/ftprep/ftprep/core/run"
	"github.com/ftprep/ftprep/plugins/redact"
)

// What Windows programs write in UTF-16 is text, even without a byte order mark.
func TestScanReadsUTF16(t *testing.T) {
	r, err := redact.Open("{}")
	require.NoError(t, err)
	look := leakFinder([]*redact.Redactor{r}, (*redact.Redactor).Scan)
	for _, order := range []unicode.Endianness{unicode.LittleEndian, unicode.BigEndian} {
		for _, mark := range []unicode.BOMPolicy{unicode.UseBOM, unicode.IgnoreBOM} {
			path := filepath.Join(t.TempDir(), "log.txt")
			wide, err := unicode.UTF16(order, mark).NewEncoder().String("é\r\nmail jo.doerner@doerner-web.org\r\n\r\n{\"pass\\u0077ord\":\"Winter!2024kX\"}\r\n")
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(path, []byte(wide), 0o600))
			var d scanDocument
			require.NoError(t, d.searchFile(t.Context(), path, look))
			require.Zero(t, d.Passed)
			require.Equal(t, []scannedFile{{File: path, Places: []run.Leak{{Line: 2, Kind: "email", Masked: "jo.d************"}, {Line: 4, Kind: "secret", Rule: "password", Masked: "Win**********", Member: "password"}}}}, d.Found)
		}
	}
}

func TestScanTellsNumbersFromUTF16(t *testing.T) {
	for _, head := range []string{"", "a\x00", "\x01\x00\x02\x00\x03\x00\x04\x00\x05\x00\x06\x00\x07\x00\x08\x00", "a\x00b\x00c\x00\x00\x00d\x00e\x00f\x00g\x00", "a\x00\x00\x00b\x00\x00\x00c\x00\x00\x00d\x00\x00\x00"} {
		require.Nil(t, wideEncoding([]byte(head)), "%q", head)
	}
}

// Files that are not text are named, but are not faults.
func TestScanNamesWhatIsNoText(t *testing.T) {
	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "a.txt"), []byte("text"), 0o600))
	scan := func(asJSON bool) (string, string) {
		var stdout, stderr bytes.Buffer
		a := &app{stdout: &stdout, stderr: &stderr, json: asJSON}
		require.NoError(t, a.scan(t.Context(), []string{folder}, "", &pipelineFlags{}, true))
		return stdout.String(), stderr.String()
	}
	var said string
	for i := range 7 {
		name := filepath.Join(folder, fmt.Sprintf("b%d.png", i))
		require.NoError(t, os.WriteFile(name, []byte("\x89PNG\x00"), 0o600))
		if i < 5 {
			said += "not searched: " + shorten(name) + " is not text\n"
		}
		if stdout, _ := scan(false); i == 0 {
			require.Equal(t, "nothing to replace in 1 file; 1 more is not text\n", stdout)
		}
	}
	stdout, stderr := scan(false)
	require.Equal(t, "nothing to replace in 1 file; 7 more are not text\n", stdout)
	require.Equal(t, said+"not searched: 2 more\n", stderr)
	stdout, _ = scan(true)
	require.EqualValues(t, 7, gjson.Get(stdout, "passed").Int())
	require.EqualValues(t, 7, gjson.Get(stdout, "passed_files.#").Int())
}

// Folders that are skipped below another one are searched if they are named themselves: one of them holds texts of logs.
func TestScanSearchesAFolderThatIsNamed(t *testing.T) {
	for _, name := range []string{run.WorkFolder, ".git"} {
		folder := filepath.Join(t.TempDir(), name)
		require.NoError(t, os.MkdirAll(filepath.Join(folder, ".git"), 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(folder, "a.txt"), []byte("text"), 0o600))
		require.NoError(t, os.WriteFile(filepath.Join(folder, ".git", "b.txt"), []byte("text"), 0o600))
		var d scanDocument
		require.NoError(t, d.searchBelow(t.Context(), folder, func([]byte) []run.Leak { return nil }))
		require.Equal(t, 1, d.Files)
	}
}
