package main

import (
	"fmt"
	"maps"
	"slices"

	"github.com/ftprep/ftprep/core/record"
	"github.com/ftprep/ftprep/core/run"
)

// lengths prints what shaping leaves of what each output selects, and how many tokens the rows have, if that was counted.
func (t *columnTable) lengths() {
	var outputs []string
	for _, column := range t.columns {
		for _, output := range column.Outputs {
			if !slices.Contains(outputs, output.Output) {
				outputs = append(outputs, output.Output)
			}
		}
	}
	for _, address := range outputs {
		t.outputLengths(address)
	}
}

// outputLengths prints the lengths of the rows of one output, in bars that double in width.
func (t *columnTable) outputLengths(address string) {
	bars := 0
	refused := map[string]bool{}
	for _, column := range t.columns {
		output := outputOf(column, address)
		bars = max(bars, len(output.Tokens.Histogram))
		for reason := range output.Refused {
			refused[reason] = true
		}
	}
	number := func(label string, value func(*record.OutputCounts) int) {
		t.number("  "+label, func(c *run.Column) int { return value(outputOf(c, address)) })
	}
	t.row(address + ", before the format's own refusals")
	number("selected", func(o *record.OutputCounts) int { return o.Selected })
	for _, reason := range slices.Sorted(maps.Keys(refused)) {
		number("refused: "+reason, func(o *record.OutputCounts) int { return o.Refused[reason] })
	}
	number("rows", func(o *record.OutputCounts) int { return o.Rows })
	number("tokens", func(o *record.OutputCounts) int { return o.Tokens.Total })
	number("longest row", func(o *record.OutputCounts) int { return o.Tokens.Longest })
	least := 1
	for bar := range bars {
		most := record.FirstBar << bar
		number(fmt.Sprintf("rows of %d-%d tokens", least, most), func(o *record.OutputCounts) int { return o.Tokens.Bar(bar) })
		least = most + 1
	}
}

// outputOf returns the counts of an output, which are zero if the column does not have it.
func outputOf(c *run.Column, address string) *record.OutputCounts {
	for _, output := range c.Outputs {
		if output.Output == address {
			return output
		}
	}
	return &record.OutputCounts{Tokens: &record.TokenCounts{}}
}
