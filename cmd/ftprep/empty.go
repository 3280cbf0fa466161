package main

import (
	"fmt"
	"maps"
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
		const advice = "with few conversations a split may be empty, so try another seed"
		switch s.Kept.Splits[sdk.SplitTrain] {
		case s.Left():
			lines = append(lines, fmt.Sprintf("%s set nothing aside: every example is in the split %s; %s", filter, sdk.SplitTrain, advice))
		case 0:
			lines = append(lines, fmt.Sprintf("%s set everything aside: no example is in the split %s; %s", filter, sdk.SplitTrain, advice))
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
		return fmt.Sprintf("nothing in %s is in a form that it reads; ftprep plugin list says what it reads", count(c.Files, "file"))
	}
	if c.Records == 0 {
		return "its path holds nothing that it reads; ftprep plugin list says what it reads"
	}
	reasons := map[string]int{"no call of a selected tool": c.Unread, "not readable": c.Rejected}
	maps.Copy(reasons, c.Ignored)
	why := mostly(c.Records, "record", reasons)
	if c.Unread > 0 {
		why += "; tools are matched as mcp__SERVER__TOOL or by the tool's own name, and ftprep tools PATH lists those that were called"
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
				text = fmt.Sprintf("%s dropped %s: %s", filter.Filter, share(most, examples, "example"), reason.label)
			}
		}
	}
	return text
}

func whyNoRows(c *record.OutputCounts) string {
	switch {
	case c.Selected == 0:
		return "no example that was kept has its sources and types"
	case len(c.Refused) == 0:
		return count(c.Selected, "example") + " gave no rows"
	}
	return mostly(c.Selected, "example", c.Refused)
}

// mostly names the most frequent reason.
func mostly(all int, noun string, reasons map[string]int) string {
	most := byCount(reasons)[0]
	return fmt.Sprintf("%s: %s", share(most.n, all, noun), most.label)
}

func share(n, all int, noun string) string {
	switch {
	case n < all:
		return fmt.Sprintf("%d of %s", n, count(all, noun))
	case all == 1:
		return "the only " + noun
	}
	return "all " + count(all, noun)
}
