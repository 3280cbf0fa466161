package main

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/core/load"
	"github.com/ftprep/ftprep/core/record"
)

func TestVisible(t *testing.T) {
	for text, want := range map[string]string{
		"plain \"text\" \\n é 🐸": "plain \"text\" \\n é 🐸",
		"\x1b[31mred\x07":        `\x1b[31mred\a`,
		"a\tb\r\u202ec\u009b":    `a\tb\r\u202ec\u009b`,
		"half \xf0\x9f end":      `half \xf0\x9f end`,
		"'":                      "'",
	} {
		require.Equal(t, want, visible(text, ""))
	}
	require.Equal(t, "a\n\tb\\x1b", visible("a\n\tb\x1b", "\n\t"))
}

func TestAbridge(t *testing.T) {
	long := strings.Repeat("a", 100) + strings.Repeat("b", 100)
	for name, c := range map[string]struct {
		line        string
		focus, room int
		want        string
	}{
		"fits":            {"short", 0, 5, "short"},
		"middle":          {long, 0, 30, strings.Repeat("a", 11) + "…177 B…" + strings.Repeat("b", 12)},
		"focus":           {long, 100, 40, "…88 B…" + strings.Repeat("a", 12) + strings.Repeat("b", 15) + "…85 B…"},
		"near the start":  {long, 5, 30, strings.Repeat("a", 11) + "…177 B…" + strings.Repeat("b", 12)},
		"near the end":    {long, 198, 40, "…174 B…" + strings.Repeat("b", 26)},
		"inside a letter": {strings.Repeat("é", 50), 21, 30, "…8 B…" + strings.Repeat("é", 18) + "…56 B…"},
		"escapes":         {strings.Repeat("\x1b", 20), 0, 30, `\x1b\x1b\x1b` + "…14 B…" + `\x1b\x1b\x1b`},
		"no room":         {long, 0, 1, "…200 B…"},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.want, abridge([]byte(c.line), c.focus, c.room))
		})
	}
}

func FuzzAbridge(f *testing.F) {
	f.Add([]byte("\xff\xfe{\"a\":\"é\"}"), 3, 10)
	f.Fuzz(func(t *testing.T, line []byte, focus, room int) {
		text := abridge(line, max(min(focus, len(line)-1), 0), max(min(room, 500), 1))
		for _, r := range text {
			require.True(t, r >= ' ' && r != 0x7f, "%q", text)
		}
	})
}

func TestRejectsAreHarmlessAndShort(t *testing.T) {
	require.Equal(t, `source.a.b x\ny.log:3: a \x1b[31mred\x1b[0m line`,
		rejectLine(record.Reject{Source: "source.a.b", File: "x\ny.log", Line: 3, Cause: "a \x1b[31mred\x1b[0m line"}))
	long := rejectLine(record.Reject{Source: "s", File: strings.Repeat("f", 5000), Cause: strings.Repeat("c\n", 50_000)})
	require.Less(t, len(long), 2*labelRoom+50)
	require.Contains(t, long, "KiB…", "what is left out is said")
}

// Whatever a command prints goes through say, result or data.
func TestNothingThatIsSaidActsOnATerminal(t *testing.T) {
	var stdout, stderr bytes.Buffer
	a := &app{stdout: &stdout, stderr: &stderr}
	a.say("failed: %s", "one\x1b[2J\n\ttwo\r\xff")
	require.Equal(t, "failed: one\\x1b[2J\n\ttwo\\r\\xff\n", stderr.String())
	summary := &record.Summary{Sources: []*record.SourceCounts{{Source: "source.a.b", Account: record.Account{Ignored: map[string]int{"\x1b]0;title\a\n" + strings.Repeat("k", 9000): 1}}}}}
	require.NoError(t, a.printResult(summary, func(w io.Writer) { writeSummary(w, summary) }))
	require.Contains(t, stdout.String(), `  ignored: \x1b]0;title\a\nkkk`)
	require.Less(t, stdout.Len(), 1000)
	require.NotContains(t, stdout.String(), "\x1b")
}

func TestALineOfAPipelineDoesNotActOnATerminal(t *testing.T) {
	var stderr bytes.Buffer
	pipeline, err := load.Source("pipeline.hcl", []byte("# \xff \u202e é\nsource \"a\" \"b\" { path = \x1b[31mred }\ra\n"))
	require.NoError(t, err)
	require.Error(t, (&app{stderr: &stderr}).complain(pipeline, pipeline.Problems))
	require.Contains(t, stderr.String(), `   2: source "a" "b" { path = ?[31mred }?a`)
	require.NotContains(t, stderr.String(), "\x1b")
	require.Equal(t, "# ? ??? é\n", string(printableFiles(pipeline.Files)[pipeline.Filename].Bytes[:11]))
}

func TestTheFunnelCountsWhatReplacementsAdd(t *testing.T) {
	var out bytes.Buffer
	writeSummary(&out, &record.Summary{
		Sources: []*record.SourceCounts{{Source: "source.a.b", Account: record.Account{Records: 1, Examples: 1}}},
		Filters: []*record.FilterCounts{{Filter: "filter.split.x", Dropped: 2, Replaced: 1}}, Added: 3,
	})
	require.Contains(t, out.String(), "added by replacements")
	require.Contains(t, out.String(), "1 record -> 1 example -> 2 kept -> ")
}

func TestToolsStayAsTheyAre(t *testing.T) {
	var stdout bytes.Buffer
	a := &app{stdout: &stdout}
	require.NoError(t, a.printData(nil, func(w io.Writer) { _, _ = io.WriteString(w, "{\"zero\u200bwidth\":1}") }))
	require.Equal(t, "{\"zero\u200bwidth\":1}", stdout.String())
}

func TestWordsOfAPluginAboutAPipelineAreHarmless(t *testing.T) {
	said := hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "bad\x1b[2J option", Detail: "not\rso"}}
	require.Equal(t, hcl.Diagnostics{{Severity: hcl.DiagError, Summary: `bad\x1b[2J option`, Detail: `not\rso`}}, visibleDiagnostics(said))
}
