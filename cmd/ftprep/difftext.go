package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/ftprep/ftprep/core/record"
)

// writeDiff prints how two runs differ.
func writeDiff(w io.Writer, c *record.Comparison) {
	var runs table
	runs.row(briefCells("A", c.A)...)
	runs.row(briefCells("B", c.B)...)
	runs.write(w)
	writeSettings(w, c.Settings)
	writeCounts(w, c.Counts)
	writeFates(w, c)
	changed := 0
	for _, change := range c.Fates {
		changed += change.Count
	}
	fmt.Fprintf(w, "%s in A, %d in B: %d unchanged, %d changed\n", count(c.Examples.A, "example"), c.Examples.B, c.Examples.Same, changed)
}

// groupedTable is a table with a heading before each group of rows.
type groupedTable struct {
	table
	group string
}

// rowIn adds a row to a group; without a group the row stands by itself.
func (t *groupedTable) rowIn(group, label string, cells ...string) {
	if group != "" && group != t.group {
		t.row("  " + group)
	}
	if t.group = group; group != "" {
		label = "  " + label
	}
	t.row(append([]string{"  " + label}, cells...)...)
}

// settingNames are the names that people read for settings that are not options.
var settingNames = map[string]string{record.SettingHidden: "values that are not recorded"}

func writeSettings(w io.Writer, settings []record.Setting) {
	if len(settings) == 0 {
		return
	}
	var t groupedTable
	t.row("settings", "A", "B")
	for _, s := range settings {
		t.rowIn(s.Block, cmp.Or(settingNames[s.Option], s.Option), settingValue(s.A), settingValue(s.B))
	}
	fmt.Fprintln(w)
	t.write(w)
}

// settingValue writes a value for people: texts without quotes, and lists of texts separated by commas.
func settingValue(value json.RawMessage) string {
	var text string
	var list []string
	switch {
	case value == nil:
		return "-"
	case json.Unmarshal(value, &text) == nil:
		return cmp.Or(brief(text), `""`)
	case json.Unmarshal(value, &list) == nil:
		return cmp.Or(strings.Join(list, ", "), "none")
	}
	return brief(string(value))
}

// shownTools is the number of tools whose counts are printed: those that differ most.
const shownTools = 10

// headlines are the counts that are printed even if they are equal.
var headlines = []string{"records", "examples", "dropped", "kept", "written", "rows"}

func writeCounts(w io.Writer, counts []record.Count) {
	var t groupedTable
	t.row("counts", "A", "B", "difference")
	for _, c := range shownCounts(counts) {
		difference := ""
		if c.A != c.B {
			difference = fmt.Sprintf("%+d", c.B-c.A)
		}
		t.rowIn(c.Of, brief(c.What), strconv.Itoa(c.A), strconv.Itoa(c.B), difference)
	}
	fmt.Fprintln(w)
	t.write(w)
	if n := differentTools(counts); n > shownTools {
		fmt.Fprintf(w, "    and %s; --json lists them all\n", count(n-shownTools, "more tool"))
	}
}

func differentTools(counts []record.Count) int {
	n := 0
	for _, c := range counts {
		if c.Of == record.CountedTools && c.A != c.B {
			n++
		}
	}
	return n
}

// shownCounts returns the counts that differ, and those that say how large the runs are.
func shownCounts(counts []record.Count) []record.Count {
	var shown, tools []record.Count
	for _, c := range counts {
		switch {
		case c.A == c.B && (!slices.Contains(headlines, c.What) || c.A == 0):
		case c.Of == record.CountedTools:
			tools = append(tools, c)
		default:
			shown = append(shown, c)
		}
	}
	slices.SortStableFunc(tools, func(a, b record.Count) int { return cmp.Compare(distance(b), distance(a)) })
	return slices.Concat(shown, tools[:min(len(tools), shownTools)])
}

func distance(c record.Count) int { return max(c.B-c.A, c.A-c.B) }

func writeFates(w io.Writer, c *record.Comparison) {
	var t table
	changed := func(title string, changes []record.Change) {
		if len(changes) == 0 {
			return
		}
		t.row(title)
		for _, change := range changes {
			t.row("  "+arrow(change.From, change.To), strconv.Itoa(change.Count), strings.Join(change.IDs, " "))
		}
	}
	changed("examples", c.Fates)
	for _, output := range c.Outputs {
		changed("in "+output.Output, output.Changes)
	}
	changed("types", c.Types)
	changed("task types", c.Tasks)
	changed("splits", c.Splits)
	if s := c.Scores; s.Higher+s.Lower > 0 {
		t.row("quality scores")
		t.row("  higher", strconv.Itoa(s.Higher))
		t.row("  lower", strconv.Itoa(s.Lower))
		for _, score := range s.Most {
			t.row(fmt.Sprintf("  %.3f -> %.3f", score.A, score.B), "", score.ID)
		}
	}
	fmt.Fprintln(w)
	t.write(w)
}

func arrow(from, to string) string {
	return brief(cmp.Or(from, "none")) + " -> " + brief(cmp.Or(to, "none"))
}
