package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/ftprep/ftprep/core/record"
	"github.com/ftprep/ftprep/sdk"
)

// writeSummary prints what a run did: the funnel from records to rows.
func writeSummary(w io.Writer, s *record.Summary) {
	writeFunnel(w, s)
	writeOutputs(w, s.Outputs)
	fmt.Fprintln(w, funnelLine(s))
}

// writeFunnel prints what the sources read and what the filters took away.
func writeFunnel(w io.Writer, s *record.Summary) {
	var t table
	for _, source := range s.Sources {
		t.row(source.Source, count(source.Records, "record"), count(source.Examples, "example"))
		if source.Cached > 0 {
			t.row("  from the cache", count(source.Cached, "unit"))
		}
		for _, line := range sourceDetails(source) {
			t.row("  "+line.label, count(line.n, "record"))
		}
	}
	if s.Tools != nil && s.Tools.Declared+s.Tools.Learned > 0 {
		t.row("tools", "", toolsLine(s.Tools))
		for _, line := range undeclared(s.Tools) {
			t.row(line[0], "", line[1])
		}
	}
	if s.Copies > 0 {
		t.row("copies of one conversation", "", "-"+count(s.Copies, "example"))
	}
	if s.Corrected > 0 {
		t.row("corrected", "", "-"+count(s.Corrected, "example"))
	}
	if s.Idle > 0 {
		t.row("corrections of nothing", "", count(s.Idle, "example"))
	}
	for _, filter := range s.Filters {
		t.row(filter.Filter, "", filterEffect(filter))
		for _, reason := range byCount(filter.Reasons) {
			t.row("  "+reason.label, "", fmt.Sprintf("-%d", reason.n))
		}
		for _, kind := range byCount(foundKinds(filter)) {
			t.row("  "+kind.label, "", strconv.Itoa(kind.n))
		}
	}
	if s.Added > 0 {
		t.row("added by replacements", "", "+"+count(s.Added, "example"))
	}
	t.write(w)
}

// writeOutputs prints what was written and what a format could not hold.
func writeOutputs(w io.Writer, outputs []*record.OutputCounts) {
	var t table
	for _, output := range outputs {
		t.addFiles(output)
		t.addOmissions(output)
		if tokens := output.Tokens; tokens != nil && output.Rows > 0 {
			t.row("  tokens", fmt.Sprint(tokens.Total), fmt.Sprintf("the longest row has %d", tokens.Longest))
		}
		if output.Unchanged {
			t.row("  unchanged", "", "no rows to write, so the earlier file was kept (--allow-empty replaces it)")
		}
	}
	t.write(w)
}

// addFiles adds the files of an output: those with rows, those that belong to them, and those that were left as they are.
func (t *table) addFiles(output *record.OutputCounts) {
	t.row(output.Output, count(output.Trained(), "row"), shorten(output.Path))
	for _, split := range output.Splits {
		t.row("  "+split.Split, count(split.Rows, "row"), firstOf(split.Files))
	}
	if len(output.Beside) > 0 {
		t.row("  also written", "", strings.Join(output.Beside, " "))
	}
	for _, name := range output.Foreign {
		t.row("  unchanged", "", name+" differs from what ftprep wrote, so it was kept; delete it to have it written again")
	}
	for _, name := range output.Strange {
		t.row("  unchanged", "", name+" is named like a part of this output, but no run wrote it, so it was kept")
	}
}

// addOmissions adds why examples and rows are not in an output, or not as they were.
func (t *table) addOmissions(output *record.OutputCounts) {
	if output.Copies > 0 {
		t.row("  copies", fmt.Sprintf("-%d", output.Copies), "the output already has them from another source")
	}
	for _, reason := range byCount(output.Refused) {
		t.row("  refused", fmt.Sprintf("-%d", reason.n), reason.label)
	}
	for _, reason := range byCount(output.LeftOut) {
		t.row("  left out", "-"+count(reason.n, "row"), reason.label)
	}
	for _, how := range byCount(output.Changed) {
		t.row("  "+how.label, count(how.n, "example"))
	}
}

// firstOf names the first of several files, and says how many more there are.
func firstOf(files []string) string {
	if len(files) == 1 {
		return files[0]
	}
	return fmt.Sprintf("%s and %d more", files[0], len(files)-1)
}

// filterEffect says what a filter did.
func filterEffect(filter *record.FilterCounts) string {
	var parts []string
	if filter.Dropped > 0 {
		parts = append(parts, "-"+count(filter.Dropped, "example"))
	}
	if filter.Annotated > 0 {
		parts = append(parts, fmt.Sprintf("annotates %d", filter.Annotated))
	}
	if filter.Replaced > 0 {
		parts = append(parts, fmt.Sprintf("replaces %d", filter.Replaced))
	}
	return cmp.Or(strings.Join(parts, ", "), "no change")
}

// foundKinds counts what a filter found, by kind and rule, at all places together.
func foundKinds(filter *record.FilterCounts) map[string]int {
	kinds := map[string]int{}
	for _, found := range filter.Found {
		kinds[foundLabel(found)] += found.Count
	}
	return kinds
}

func foundLabel(found sdk.Found) string {
	if found.Rule == "" {
		return found.Kind
	}
	return found.Kind + ": " + found.Rule
}

// labelled is a count with its label.
type labelled struct {
	label string
	n     int
	uncut string // the label before it was cut
}

// byCount sorts counts, the largest first, and equal ones by label. Long labels are cut.
func byCount(counts map[string]int) []labelled {
	var all []labelled
	for _, label := range slices.Sorted(maps.Keys(counts)) {
		all = append(all, labelled{brief(label), counts[label], label})
	}
	slices.SortStableFunc(all, func(a, b labelled) int { return cmp.Compare(b.n, a.n) })
	return all
}

// sourceDetails returns what became of records that belong to no example.
func sourceDetails(source *record.SourceCounts) []labelled {
	var lines []labelled
	for _, kind := range byCount(source.Ignored) {
		lines = append(lines, labelled{label: "ignored: " + kind.label, n: kind.n})
	}
	if source.Unread > 0 {
		lines = append(lines, labelled{label: "unread: no call of a selected tool", n: source.Unread})
	}
	if source.Rejected > 0 {
		lines = append(lines, labelled{label: "rejected", n: source.Rejected})
	}
	return lines
}

// funnelLine sums up a run in one line.
func funnelLine(s *record.Summary) string {
	records, _, examples := s.Read()
	rows, files := 0, 0
	for _, output := range s.Outputs {
		rows += output.Rows
		files += max(len(output.Files), 1)
	}
	return fmt.Sprintf("%s -> %s -> %d kept -> %s in %s, %.1f s", count(records, "record"), count(examples, "example"), s.Left(),
		count(rows, "row"), count(files, "file"), s.Seconds)
}

// shorten writes a path relative to the current folder if that is shorter.
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
