package main

import (
	"fmt"
	"slices"

	"github.com/ftprep/ftprep/core/record"
	"github.com/ftprep/ftprep/core/run"
)

// scores prints how the scores of each filter spread, and how many examples would pass with another minimum score.
func (t *columnTable) scores() {
	var filters []string
	for _, column := range t.columns {
		for _, filter := range column.Filters {
			if filter.Scores != nil && !slices.Contains(filters, filter.Filter) {
				filters = append(filters, filter.Filter)
			}
		}
	}
	for _, address := range filters {
		t.row("scores of " + address + " (this high or higher)")
		for bar := range len(record.Scores{}) {
			t.line("  "+barLabel(bar), func(c *run.Column) string { return barOf(c, address, bar) })
		}
	}
}

func barLabel(bar int) string {
	var s record.Scores
	if bar == len(s)-1 {
		return "1"
	}
	return fmt.Sprintf("%.1f to %.1f", s.Least(bar), s.Least(bar+1))
}

// barOf returns the cell of a bar; empty if the column does not have the filter.
func barOf(c *run.Column, address string, bar int) string {
	for _, filter := range c.Filters {
		if filter.Filter == address && filter.Scores != nil {
			return fmt.Sprintf("%d (%d)", filter.Scores[bar], filter.Scores.From(bar))
		}
	}
	return ""
}
