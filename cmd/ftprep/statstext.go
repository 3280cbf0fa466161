package main

import (
	"cmp"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/ftprep/ftprep/core/load"
	"github.com/ftprep/ftprep/core/record"
	"github.com/ftprep/ftprep/core/run"
)

// writeStats prints the sources, once for all columns that read the same, and then a column for each experiment.
func writeStats(w io.Writer, columns []*run.Column) {
	readings := byReading(columns)
	for _, reading := range readings {
		if len(readings) > 1 {
			fmt.Fprintf(w, "sources of %s\n", visible(columnNames(reading), ""))
		}
		if files := reading[0].Files; files != nil {
			writeFiles(w, reading[0].Sources, files)
		} else {
			writeSources(w, reading[0].Sources)
		}
		fmt.Fprintln(w)
	}
	writeColumns(w, columns)
}

// byReading groups the columns that read the same.
func byReading(columns []*run.Column) [][]*run.Column {
	var readings [][]*run.Column
	for _, column := range columns {
		same := func(reading []*run.Column) bool { return readSame(reading[0], column) }
		if i := slices.IndexFunc(readings, same); i >= 0 {
			readings[i] = append(readings[i], column)
		} else {
			readings = append(readings, []*run.Column{column})
		}
	}
	return readings
}

// readSame reports whether two columns read the same, be it from the cache or not.
func readSame(a, b *run.Column) bool {
	same := func(x, y *record.SourceCounts) bool {
		first, second := *x, *y
		first.Cached, second.Cached = 0, 0
		return reflect.DeepEqual(first, second)
	}
	return slices.EqualFunc(a.Sources, b.Sources, same) && reflect.DeepEqual(a.Files, b.Files)
}

func writeSources(w io.Writer, sources []*record.SourceCounts) {
	var t table
	t.row("source", "units", "files", "bytes", "records", "examples", "location")
	for _, s := range sources {
		t.row(s.Source, strconv.Itoa(s.Units), strconv.Itoa(s.Files), size(s.Bytes), strconv.Itoa(s.Records), strconv.Itoa(s.Examples), locations(s.Paths))
		if s.Cached > 0 {
			t.row("  from the cache", strconv.Itoa(s.Cached))
		}
		for _, line := range sourceDetails(s) {
			t.row("  "+line.label, "", "", "", strconv.Itoa(line.n))
		}
	}
	t.write(w)
}

func locations(paths []string) string {
	return firstOf(append([]string{shorten(paths[0])}, paths[1:]...))
}

func writeColumns(w io.Writer, columns []*run.Column) {
	t := columnTable{columns: columns}
	if len(columns) > 1 {
		t.line("", columnName)
	}
	t.number("copies", func(c *run.Column) int { return c.Copies })
	if slices.ContainsFunc(columns, func(c *run.Column) bool { return c.Corrected > 0 }) {
		t.number("corrected", func(c *run.Column) int { return c.Corrected })
	}
	if slices.ContainsFunc(columns, func(c *run.Column) bool { return c.Idle > 0 }) {
		t.number("corrections of nothing", func(c *run.Column) int { return c.Idle })
	}
	t.group("dropped", drops)
	t.group("redacted", redacted)
	if slices.ContainsFunc(columns, func(c *run.Column) bool { return c.Added > 0 }) {
		t.number("added by replacements", func(c *run.Column) int { return c.Added })
	}
	t.number("kept", func(c *run.Column) int { return c.Kept.Examples })
	if len(columns) > 1 {
		t.number("kept by this one only", func(c *run.Column) int { return c.Only })
	}
	t.group("by source", func(c *run.Column) map[string]int { return c.Kept.Sources })
	t.group("by type", func(c *run.Column) map[string]int { return c.Kept.Types })
	t.group("by task type", func(c *run.Column) map[string]int { return c.Kept.Tasks })
	t.group("by label", func(c *run.Column) map[string]int { return c.Kept.Labels })
	t.group("by model", func(c *run.Column) map[string]int { return c.Kept.Models })
	t.group("by split", func(c *run.Column) map[string]int { return c.Kept.Splits })
	t.group("calls by tool", func(c *run.Column) map[string]int { return c.Kept.Tools })
	t.scores()
	t.lengths()
	t.write(w)
}

// columnTable is a table with a column for each experiment.
type columnTable struct {
	table
	columns []*run.Column
}

func (t *columnTable) line(label string, value func(*run.Column) string) {
	cells := []string{label}
	for _, column := range t.columns {
		cells = append(cells, value(column))
	}
	t.row(cells...)
}

func (t *columnTable) number(label string, value func(*run.Column) int) {
	t.line(label, func(c *run.Column) string { return strconv.Itoa(value(c)) })
}

// group prints counts by label, the largest first; a group without counts is left out.
func (t *columnTable) group(title string, value func(*run.Column) map[string]int) {
	total := map[string]int{}
	for _, column := range t.columns {
		for label, n := range value(column) {
			total[label] += n
		}
	}
	if len(total) == 0 {
		return
	}
	t.row(title)
	for _, line := range byCount(total) {
		t.number("  "+line.label, func(c *run.Column) int { return value(c)[line.uncut] })
	}
}

func columnName(c *run.Column) string { return cmp.Or(c.Experiment, load.Base) }

func columnNames(columns []*run.Column) string {
	names := make([]string, len(columns))
	for i, column := range columns {
		names[i] = columnName(column)
	}
	return strings.Join(names, ", ")
}

// redacted counts what the filters took out of examples, by kind and rule.
func redacted(c *run.Column) map[string]int {
	all := map[string]int{}
	for _, filter := range c.Filters {
		for kind, n := range foundKinds(filter) {
			all[kind] += n
		}
	}
	return all
}

// drops counts dropped examples by filter and reason.
func drops(c *run.Column) map[string]int {
	all := map[string]int{}
	for _, filter := range c.Filters {
		for reason, n := range filter.Reasons {
			all[filter.Filter+": "+reason] += n
		}
	}
	return all
}
