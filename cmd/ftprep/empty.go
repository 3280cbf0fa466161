package main

import (
	"fmt"
	"maps"
	"strconv"
	"strings"

	"github.com/ftprep/ftprep/core/record"
	"github.com/ftprep/ftprep/sdk"
)

// emptyResults says what came out empty and why, because a run over the wrong folder looks much like any other.
func emptyResults(s *record.Summary) []string {
	var lines []string
	_, _, examples := s.Read()
	for _, source := range s.Sources {
		if source.Examples == 0 {
			lines = append(lines, fmt.Sprintf("%s found no examples: %s", source.Source, whyNoExamples(source)))
		}
	}
	if dropped := whatDropped(s.Filters, examples); dropped != "" && s.Left() == 0 {
		return append(lines, "no example is left: "+dropped)
	}
	if filter := splitFilter(s.Filters); filter != "" && s.Left() > 0 {
		const fewer = "of few conversations a share may be empty, and another seed chooses others"
		switch train, of := s.Kept.Splits[sdk.SplitTrain], count(s.Left(), "example"); train {
		case s.Left():
			lines = append(lines, fmt.Sprintf("%s set nothing aside: all of %s are in the split %s; %s", filter, of, sdk.SplitTrain, fewer))
		case 0:
			lines = append(lines, fmt.Sprintf("%s set everything aside: none of %s is in the split %s; %s", filter, of, sdk.SplitTrain, fewer))
		}
	}
	for _, output := range s.Outputs {
		if output.Rows == 0 && examples > 0 {
			lines = append(lines, fmt.Sprintf("%s has no rows: %s", output.Output, whyNoRows(output)))
		}
	}
	return lines
}

// splitFilter returns the name of the filter that sets conversations aside; empty if there is none.
func splitFilter(filters []*record.FilterCounts) string {
	for _, filter := range filters {
		if strings.HasPrefix(filter.Filter, "filter.split.") {
			return filter.Filter
		}
	}
	return ""
}

func whyNoExamples(c *record.SourceCounts) string {
	if c.Records == 0 && c.Files > 0 {
		return fmt.Sprintf("nothing in %s is what it looks for; ftprep plugin list says what that is", count(c.Files, "file"))
	}
	if c.Records == 0 {
		return "there is nothing in its path that it reads; ftprep plugin list says what that is"
	}
	reasons := map[string]int{"no call of a selected tool": c.Unread, "not readable": c.Rejected}
	maps.Copy(reasons, c.Ignored)
	why := mostly(c.Records, "record", reasons)
	if c.Unread > 0 {
		why += "; tools match mcp__SERVER__TOOL or the tool's own name, and ftprep tools PATH prints those that were called"
	}
	return why
}

// whatDropped names the filter that dropped the most examples for one reason; empty if none was dropped.
func whatDropped(filters []*record.FilterCounts, examples int) string {
	text, most := "", 0
	for _, filter := range filters {
		for _, reason := range byCount(filter.Reasons) {
			if reason.n > most {
				most = reason.n
				text = fmt.Sprintf("%s dropped %s of %s: %s", filter.Filter, share(most, examples), count(examples, "example"), reason.label)
			}
		}
	}
	return text
}

func whyNoRows(c *record.OutputCounts) string {
	switch {
	case c.Selected == 0:
		return "no example that is left is of its sources and types"
	case len(c.Refused) == 0:
		return "nothing came of " + count(c.Selected, "example")
	}
	return mostly(c.Selected, "example", c.Refused)
}

// mostly names the most frequent reason.
func mostly(all int, noun string, reasons map[string]int) string {
	most := byCount(reasons)[0]
	return fmt.Sprintf("%s of %s: %s", share(most.n, all), count(all, noun), most.label)
}

func share(n, all int) string {
	if n == all {
		return "all"
	}
	return strconv.Itoa(n)
}
