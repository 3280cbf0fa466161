package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"text/tabwriter"

	"github.com/ftprep/ftprep/core/run"
)

// writeSummary prints what a run did: the funnel from records to rows.
func writeSummary(w io.Writer, s *run.Summary) {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, source := range s.Sources {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", source.Source, count(source.Units, "unit"), count(source.Records, "record"), count(source.Examples, "example"))
		for _, line := range sourceDetails(source) {
			fmt.Fprintf(table, "  %s\t\t%s\t\n", line.label, count(line.n, "record"))
		}
	}
	if s.Copies > 0 {
		fmt.Fprintf(table, "copies of one conversation\t\t\t-%s\n", count(s.Copies, "example"))
	}
	for _, filter := range s.Filters {
		fmt.Fprintf(table, "%s\t\t\t%s\n", filter.Filter, dropped(filter.Dropped))
		for _, reason := range byCount(filter.Reasons) {
			fmt.Fprintf(table, "  %s\t\t\t-%d\n", reason.label, reason.n)
		}
	}
	for _, output := range s.Outputs {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", output.Output, shorten(output.Path), count(output.Rows, "row"), count(output.Encoded, "example"))
		for _, reason := range byCount(output.Refused) {
			fmt.Fprintf(table, "  refused: %s\t\t\t-%d\n", reason.label, reason.n)
		}
		if output.Kept {
			fmt.Fprintf(table, "  nothing to write: the earlier file stays (--allow-empty replaces it)\t\t\t\n")
		}
	}
	_ = table.Flush()
	fmt.Fprintln(w, funnel(s))
}

func dropped(n int) string {
	if n == 0 {
		return "drops none"
	}
	return "-" + count(n, "example")
}

// labelled is a number with what it counts.
type labelled struct {
	label string
	n     int
}

// byCount sorts counts, the largest first, equals by name.
func byCount(counts map[string]int) []labelled {
	var all []labelled
	for _, label := range slices.Sorted(maps.Keys(counts)) {
		all = append(all, labelled{label, counts[label]})
	}
	slices.SortStableFunc(all, func(a, b labelled) int { return cmp.Compare(b.n, a.n) })
	return all
}

// sourceDetails lists what became of records that belong to no example.
func sourceDetails(source *run.SourceCounts) []labelled {
	var lines []labelled
	for _, kind := range byCount(source.Ignored) {
		lines = append(lines, labelled{"ignored: " + kind.label, kind.n})
	}
	if source.Unread > 0 {
		lines = append(lines, labelled{"unread: cannot match", source.Unread})
	}
	if source.Rejected > 0 {
		lines = append(lines, labelled{"rejected: cannot be read", source.Rejected})
	}
	return lines
}

// funnel is a run in one line.
func funnel(s *run.Summary) string {
	records, examples, left, rows := 0, 0, 0, 0
	for _, source := range s.Sources {
		records += source.Records
		examples += source.Examples
	}
	left = examples - s.Copies
	for _, filter := range s.Filters {
		left -= filter.Dropped
	}
	for _, output := range s.Outputs {
		rows += output.Rows
	}
	return fmt.Sprintf("%s -> %s -> %d kept -> %s in %s, %.1f s", count(records, "record"), count(examples, "example"), left,
		count(rows, "row"), count(len(s.Outputs), "file"), s.Seconds)
}

// shorten writes a path relative to the current folder where that is shorter.
func shorten(path string) string {
	cwd, err := os.Getwd()
	if err != nil {
		return path
	}
	if relative, err := filepath.Rel(cwd, path); err == nil && len(relative) < len(path) {
		return relative
	}
	return path
}

func (p *project) rejectsPath(id string) string {
	return shorten(filepath.Join(p.pipeline.Dir, run.WorkFolder, "runs", id, "rejects.jsonl"))
}
