package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestVisible(t *testing.T) {
	for text, want := range map[string]string{
		"plain \"text\" \\n é 🐸": "plain \"text\" \\n é 🐸",
		"\x1b[31mred\x07":        `\x1b[31mred\a`,
		"a\tb\r\u202ec\u009b":    `a\tb\r\u202ec\u009b`,
		"half \xf0\x9f end":      `half \xf0\x9f end`,
		"'":                      "'",
	} {
		require.Equal(t, want, visible([]byte(text), ""))
	}
	require.Equal(t, "a\n\tb\\x1b", visible([]byte("a\n\tb\x1b"), "\n\t"))
}

func TestAbridge(t *testing.T) {
	long := strings.Repeat("a", 100) + strings.Repeat("b", 100)
	for name, c := range map[string]struct {
		line          string
		telling, room int
		want          string
	}{
		"fits":            {"short", 0, 5, "short"},
		"middle":          {long, 0, 30, strings.Repeat("a", 11) + "…177 B…" + strings.Repeat("b", 12)},
		"telling":         {long, 100, 40, "…88 B…" + strings.Repeat("a", 12) + strings.Repeat("b", 15) + "…85 B…"},
		"near the start":  {long, 5, 30, strings.Repeat("a", 11) + "…177 B…" + strings.Repeat("b", 12)},
		"near the end":    {long, 198, 40, "…174 B…" + strings.Repeat("b", 26)},
		"inside a letter": {strings.Repeat("é", 50), 21, 30, "…8 B…" + strings.Repeat("é", 18) + "…56 B…"},
		"escapes":         {strings.Repeat("\x1b", 20), 0, 30, `\x1b\x1b\x1b` + "…14 B…" + `\x1b\x1b\x1b`},
		"no room":         {long, 0, 1, "…200 B…"},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.want, abridge([]byte(c.line), c.telling, c.room))
		})
	}
}

func FuzzAbridge(f *testing.F) {
	f.Add([]byte("\xff\xfe{\"a\":\"é\"}"), 3, 10)
	f.Fuzz(func(t *testing.T, line []byte, telling, room int) {
		text := abridge(line, max(min(telling, len(line)-1), 0), max(min(room, 500), 1))
		for _, r := range text {
			require.True(t, r >= ' ' && r != 0x7f, "%q", text)
		}
	})
}
