package claude

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
)

// spread returns the lines of a session as jq prints them.
func spread(t *testing.T, session string) string {
	t.Helper()
	var text bytes.Buffer
	for line := range strings.Lines(session) {
		require.NoError(t, json.Indent(&text, []byte(strings.TrimSpace(line)), "", "  "))
		text.WriteByte('\n')
	}
	return text.String()
}

func TestRecordsSpreadOverLinesAreRead(t *testing.T) {
	for name, end := range map[string]string{"": "\n", "of Windows": "\r\n"} {
		t.Run(name, func(t *testing.T) {
			reading := read(t, strings.ReplaceAll(spread(t, greeting), "\n", end))
			require.Empty(t, reading.Rejects)
			require.Len(t, reading.Examples, 1)
			require.Equal(t, "hi", reading.Examples[0].UserMessage())
			require.Equal(t, "Hello.", reading.Examples[0].Messages[1].Text)
			require.Equal(t, 1, reading.Examples[0].Provenance.FirstLine)
			require.Equal(t, 8, reading.Examples[0].Provenance.LastLine)
		})
	}
}

func TestOnlyTheTornOneOfRecordsSpreadOverLinesIsLost(t *testing.T) {
	reading := read(t, spread(t, `{"type":"summary"}`)+"{\n  \"type\": \"us\n"+spread(t, greeting))
	require.Len(t, reading.Examples, 1)
	require.Equal(t, []sdk.Reject{{File: "s.jsonl", Line: 4, Cause: "not valid JSON"}}, reading.Rejects)
}

func TestSpreadLinesAreJoinedHoweverTheyAreRead(t *testing.T) {
	text := spread(t, strings.Repeat(greeting+"\n", 1000))
	want := strings.ReplaceAll(strings.ReplaceAll(strings.ReplaceAll(text, "\n{", "\x00"), "\n", " "), "\x00", "\n{")
	require.NoError(t, iotest.TestReader(newLineReader(strings.NewReader(text)), []byte(strings.TrimSuffix(want, " ")+"\n")))
}
