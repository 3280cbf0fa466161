package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/core/record"
	"github.com/ftprep/ftprep/core/run"
)

func TestLongReasonsAreCountedInEveryColumn(t *testing.T) {
	reason := strings.Repeat("too long ", labelRoom)
	column := func(name string, n int) *run.Column {
		return &run.Column{Summary: &record.Summary{
			Experiment: name, Kept: record.NewCensus(), Filters: []*record.FilterCounts{{Filter: "filter.a.b", Dropped: n, Reasons: record.Counts{reason: n}}},
		}}
	}
	var text bytes.Buffer
	writeColumns(&text, []*run.Column{column("one", 7), column("two", 11)})
	var line string
	for line = range strings.Lines(text.String()) {
		if strings.Contains(line, "too long") {
			break
		}
	}
	require.Regexp(t, `\b7\s+11\s*$`, line)
}
