package main

import (
	"fmt"

	"github.com/ftprep/ftprep/core/run"
)

// sayEmpty says what came out empty and why: a run over the wrong folder looks much like any other.
func (a *app) sayEmpty(s *run.Summary) {
	examples := 0
	for _, source := range s.Sources {
		examples += source.Examples
		if source.Examples == 0 {
			a.say("%s found no examples: %s", source.Source, whyNoExamples(source))
		}
	}
	for _, output := range s.Outputs {
		if output.Rows == 0 && examples > 0 {
			a.say("%s has no rows: %s", output.Output, whyNoRows(output))
		}
	}
}

func whyNoExamples(c *run.SourceCounts) string {
	why := byCount(c.Ignored)
	if c.Unread > 0 {
		why = append([]labelled{{"no call of a selected tool", c.Unread}}, why...)
	}
	switch {
	case c.Records == 0:
		return "there is nothing in its path that it reads"
	case len(why) == 0:
		return fmt.Sprintf("none of %s could be read", count(c.Records, "record"))
	}
	return fmt.Sprintf("of %s, %d are: %s", count(c.Records, "record"), why[0].n, why[0].label)
}

func whyNoRows(c *run.OutputCounts) string {
	reasons := byCount(c.Refused)
	switch {
	case c.Selected == 0:
		return "no example that is left is of its sources and types"
	case len(reasons) == 0:
		return fmt.Sprintf("nothing came of %s", count(c.Selected, "example"))
	}
	return fmt.Sprintf("of %s, %d were refused: %s", count(c.Selected, "example"), reasons[0].n, reasons[0].label)
}
