package main

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/core/record"
	"github.com/ftprep/ftprep/core/run"
)

func TestALineForPeopleTakesThePlaceOfProgress(t *testing.T) {
	var terminal strings.Builder
	a := &app{stderr: &terminal}
	a.liveProgress()(run.Progress{Stage: run.Waiting})
	a.say("warning: one")
	a.say("warning: two")
	require.Equal(t, eraseLine+"waiting for another run in this folder to end"+eraseLine+"warning: one\nwarning: two\n", terminal.String())
}

func TestWithoutProgressWaitingIsTold(t *testing.T) {
	var log strings.Builder
	tell, err := (&app{stderr: &log}).progress("none")
	require.NoError(t, err)
	for _, stage := range []string{run.Waiting, run.Reading, "write"} {
		tell(run.Progress{Stage: stage})
	}
	require.Equal(t, "waiting for another run in this folder to end\n", log.String())
}

func TestLimit(t *testing.T) {
	summary := &record.Summary{Sources: []*record.SourceCounts{{Account: record.Account{Records: 150, Rejected: 1}}, {Account: record.Account{Records: 50, Rejected: 2}}}}
	for text, code := range map[string]int{
		"": exitDone, "3": exitDone, "2": exitRejects, "0": exitRejects, "1.5%": exitDone, "1.4%": exitRejects,
		"few": exitUsage, "-1": exitUsage, "1.5": exitUsage, "%": exitUsage, "NaN%": exitUsage, "Inf%": exitUsage,
	} {
		err := checkRejects(text, summary)
		if code == exitDone {
			require.NoError(t, err, "%q", text)
			continue
		}
		var coded *codeError
		require.ErrorAs(t, err, &coded, "%q", text)
		require.Equal(t, code, coded.code, "%q", text)
	}
}

func TestOfAFileThatCannotBeReadNobodyKnowsTheRejects(t *testing.T) {
	summary := &record.Summary{Sources: []*record.SourceCounts{{Account: record.Account{Records: 150, Rejected: 1, Unreadable: 1}}}}
	require.NoError(t, checkRejects("", summary))
	require.NoError(t, checkRejects("100%", summary), "it holds whatever the file has")
	require.EqualError(t, checkRejects("50%", summary), "1 file could not be read to the end, so --max-rejects 50% cannot be checked")
}

func TestProgressLine(t *testing.T) {
	reading := run.Progress{Stage: run.Reading, Units: 1, TotalUnits: 4, Bytes: 1 << 20, TotalBytes: 3 << 20, Examples: 7}
	require.Equal(t, "read 1 of 4 units, 1.0 MiB of 3.0 MiB, 7 examples", progressLine(reading))
	reading.Elapsed = 2 * time.Second
	require.Equal(t, "read 1 of 4 units, 1.0 MiB of 3.0 MiB, 7 examples, 512.0 KiB/s, 4s left", progressLine(reading))
	cached := run.Progress{Stage: run.Reading, Units: 3, Cached: 2, TotalUnits: 4, Bytes: 1 << 20, TotalBytes: 3 << 20}
	require.Equal(t, "read 3 of 4 units (2 from the cache), 1.0 MiB of 3.0 MiB, 0 examples", progressLine(cached))
	require.Equal(t, "filter.quality.ok: 1 example", progressLine(run.Progress{Stage: "filter.quality.ok", Examples: 1}))
	require.Equal(t, "waiting for another run in this folder to end", progressLine(run.Progress{Stage: run.Waiting}))
}

func TestSize(t *testing.T) {
	for bytes, text := range map[int64]string{0: "0 B", 1023: "1023 B", 1024: "1.0 KiB", 5 << 20: "5.0 MiB", 8 << 30: "8.0 GiB"} {
		require.Equal(t, text, size(bytes))
	}
}

func TestShellWords(t *testing.T) {
	for word, quoted := range map[string]string{
		"logs/a_1.jsonl": "logs/a_1.jsonl", "a=b:c@d%e+f,g~h-": "a=b:c@d%e+f,g~h-", "": "''", "~": "'~'",
		"my logs": "'my logs'", "it's": `'it'\''s'`, "$HOME": "'$HOME'", "a\nb": "'a\nb'", "é": "'é'",
	} {
		require.Equal(t, quoted, shellWords(word))
	}
	require.Equal(t, "a 'b c'", shellWords("a", "b c"))
}
