package process

import (
	"io"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk/internal/secrets"
)

func TestParseLogLine(t *testing.T) {
	for line, want := range map[string]logLine{
		"plain":         {slog.LevelInfo, "plain", nil},
		`{"level":"x"}`: {slog.LevelInfo, `{"level":"x"}`, nil},
		`{"time":"t","level":"WARN","msg":"m","b":1,"a":"x"}`:         {slog.LevelWarn, "m", []any{"a", "x", "b", 1.0}},
		`{"@level":"trace","@message":"m","@timestamp":"t"}`:          {slog.LevelDebug, "m", nil},
		`{"level":"CRITICAL","message":"as Python's logging has it"}`: {slog.LevelError, "as Python's logging has it", nil},
		`{"msg":"no level"}`:                         {slog.LevelInfo, `{"msg":"no level"}`, nil},
		`{"level":"warning","msg":"m","plugin":"p"}`: {slog.LevelWarn, "m", nil},
		`{"level":"FATAL","msg":"m"}`:                {slog.LevelError, "m", nil},
		`{"level":"loud","msg":"m"}`:                 {slog.LevelInfo, "m", nil},
		`{"level":"ERROR","msg":"m"`:                 {slog.LevelInfo, `{"level":"ERROR","msg":"m"`, nil},
	} {
		require.Equal(t, want, parseLogLine(line), line)
	}
}

func FuzzParseLogLine(f *testing.F) {
	f.Add(`{"level":"WARN","msg":"m","a":{"b":[1,null]}}`)
	f.Add("{")
	f.Fuzz(func(t *testing.T, line string) {
		parsed := parseLogLine(line)
		if !strings.HasPrefix(line, "{") {
			require.Equal(t, line, parsed.String())
		}
	})
}

func TestLineWriter(t *testing.T) {
	var lines []string
	w := &lineWriter{take: func(line string) { lines = append(lines, line) }}
	for _, piece := range []string{"a\r\nb", "c\n\n", "d"} {
		_, err := w.Write([]byte(piece))
		require.NoError(t, err)
	}
	w.flush()
	w.flush()
	require.Equal(t, []string{"a", "bc", "", "d"}, lines)

	lines = nil
	long := strings.Repeat("x", longestLine)
	for _, piece := range []string{long, "y", "z\n"} {
		_, err := w.Write([]byte(piece))
		require.NoError(t, err)
	}
	require.Equal(t, []string{long + "y", "z"}, lines, "a very long line comes in pieces")
}

func TestSecretsInALogLineAreHidden(t *testing.T) {
	var words secrets.Words
	words.Add("key\"<1>", "73512")
	line := parseLogLine(`{"level":"INFO","msg":"got key\"\u003c1\u003e","a":{"b":["key\"<1>",73512,1]},"n":73512}`)
	line.conceal(&words)
	require.Equal(t, "got (secret) a=map[b:[(secret) (secret) 1]] n=(secret)", line.String())
}

// broken is a writer whose reader is gone.
type broken struct{ writes int }

func (b *broken) Write([]byte) (int, error) {
	b.writes++
	return 0, io.ErrClosedPipe
}

// TestOnlyTheFirstLineIsPassedOn, and a plugin that prints more neither waits nor fails.
func TestOnlyTheFirstLineIsPassedOn(t *testing.T) {
	long := strings.Repeat("x", longestHandshake+1)
	for _, c := range []struct {
		pieces []string
		want   string
	}{
		{[]string{"1|1", "|unix\nWel", "come\n"}, "1|1|unix\n"},
		{[]string{"\n", "late\n"}, "\n"},
		{[]string{long, "y"}, long},
		{[]string{long[1:], "y", "z"}, long[1:] + "y"},
	} {
		var got strings.Builder
		w := &firstLineWriter{to: &got}
		for _, piece := range c.pieces {
			n, err := w.Write([]byte(piece))
			require.NoError(t, err)
			require.Equal(t, len(piece), n)
		}
		require.Equal(t, c.want, got.String())
	}
	gone := &broken{}
	w := &firstLineWriter{to: gone}
	for range 2 {
		n, err := w.Write([]byte("a"))
		require.NoError(t, err)
		require.Equal(t, 1, n)
	}
	require.Equal(t, 1, gone.writes)
}
