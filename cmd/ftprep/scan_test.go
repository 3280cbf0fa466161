package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/unicode"

	"github.com/ftprep/ftprep/core/run"
	"github.com/ftprep/ftprep/plugins/redact"
)

// What programs of Windows write in UTF-16 is text.
func TestScanReadsUTF16(t *testing.T) {
	r, err := redact.Open("{}")
	require.NoError(t, err)
	look := looker([]*redact.Redactor{r}, (*redact.Redactor).Scan)
	for _, order := range []unicode.Endianness{unicode.LittleEndian, unicode.BigEndian} {
		path := filepath.Join(t.TempDir(), "log.txt")
		wide, err := unicode.UTF16(order, unicode.UseBOM).NewEncoder().String("é\r\nmail jo.doerner@doerner-web.org\r\n")
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(path, []byte(wide), 0o600))
		var d scanDocument
		require.NoError(t, d.file(t.Context(), path, look))
		require.Zero(t, d.Passed)
		require.Equal(t, []scannedFile{{File: path, Places: []run.Leak{{Line: 2, Kind: "email", Masked: "jo.d************"}}}}, d.Found)
	}
}
