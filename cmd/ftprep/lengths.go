package main

import (
	"fmt"
	"slices"

	"github.com/ftprep/ftprep/core/record"
	"github.com/ftprep/ftprep/core/run"
)

// lengths prints how many tokens the rows of each output have, where that was counted, in bars that double.
func (t *comparison) lengths() {
	var outputs []string
	bars := 0
	for _, column := range t.columns {
		for _, output := range column.Outputs {
			if !slices.Contains(outputs, output.Output) {
				outputs = append(outputs, output.Output)
			}
			bars = max(bars, len(output.Tokens.Histogram))
		}
	}
	for _, address := range outputs {
		counted := func(value func(*record.OutputCounts) int) func(*run.Column) int {
			return func(c *run.Column) int {
				for _, output := range c.Outputs {
					if output.Output == address {
						return value(output)
					}
				}
				return 0
			}
		}
		t.row(address)
		t.number("  rows", counted(func(o *record.OutputCounts) int { return o.Rows }))
		t.number("  tokens", counted(func(o *record.OutputCounts) int { return o.Tokens.Total }))
		t.number("  longest row", counted(func(o *record.OutputCounts) int { return o.Tokens.Longest }))
		for bar := range bars {
			t.number(fmt.Sprintf("  rows up to %d tokens", record.FirstBar<<bar), counted(func(o *record.OutputCounts) int { return o.Tokens.Bar(bar) }))
		}
	}
}
