package main

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/ftprep/ftprep/core/run"
)

func (a *app) statsCommand() *cobra.Command {
	var flags runFlags
	command := &cobra.Command{
		Use: "stats [PIPELINE | PATH...]", Short: "Run all but the outputs and count what is left",
		Long: "Reads and filters like run, writes nothing, and counts. --experiment a,b shows a column for each, with base for the\n" +
			"pipeline without an experiment; the sources are read once.",
		RunE: func(cmd *cobra.Command, args []string) error { return a.stats(cmd.Context(), args, &flags) },
	}
	flags.add(command)
	return command
}

// statsDocument is the result of stats as JSON.
type statsDocument struct {
	Version int           `json:"version"`
	Columns []*run.Column `json:"columns"`
}

// base names the pipeline without an experiment.
const base = "base"

func (a *app) stats(ctx context.Context, args []string, flags *runFlags) error {
	options, err := flags.options(a)
	if err != nil {
		return err
	}
	p, err := a.openProject(ctx, args)
	if err != nil {
		return err
	}
	defer p.close(ctx)
	var jobs []*run.Job
	for _, name := range strings.Split(flags.experiment, ",") {
		settings, err := flags.settings(a)
		if err != nil {
			return err
		}
		if settings.Experiment = name; name == base {
			settings.Experiment = ""
		}
		_, job, err := p.open(ctx, settings)
		if err != nil {
			return err
		}
		jobs = append(jobs, job)
	}
	columns, err := run.Stats(ctx, jobs, options)
	a.endProgress()
	if err != nil {
		return err
	}
	if err := a.result(statsDocument{1, columns}, func(w io.Writer) { writeStats(w, columns) }); err != nil {
		return err
	}
	return checkRejects(flags.maxRejects, columns[0].Summary)
}

// writeStats prints the sources, and then a column for each experiment.
func writeStats(w io.Writer, columns []*run.Column) {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "source\tunits\tfiles\tbytes\trecords\texamples\tlocation\n")
	for _, s := range columns[0].Sources {
		fmt.Fprintf(table, "%s\t%d\t%d\t%s\t%d\t%d\t%s\n", s.Source, s.Units, s.Files, size(s.Bytes), s.Records, s.Examples, locations(s.Paths))
		for _, line := range sourceDetails(s) {
			fmt.Fprintf(table, "  %s\t\t\t\t%d\t\t\n", line.label, line.n)
		}
	}
	_ = table.Flush()
	fmt.Fprintln(w)
	writeColumns(w, columns)
}

func locations(paths []string) string {
	first := shorten(paths[0])
	if len(paths) == 1 {
		return first
	}
	return fmt.Sprintf("%s and %d more", first, len(paths)-1)
}

func writeColumns(w io.Writer, columns []*run.Column) {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	row := func(label string, value func(*run.Column) string) {
		fmt.Fprint(table, label)
		for _, column := range columns {
			fmt.Fprint(table, "\t", value(column))
		}
		fmt.Fprintln(table)
	}
	number := func(label string, value func(*run.Column) int) {
		row(label, func(c *run.Column) string { return strconv.Itoa(value(c)) })
	}
	group := func(title string, value func(*run.Column) map[string]int) {
		total := map[string]int{}
		for _, column := range columns {
			for label, n := range value(column) {
				total[label] += n
			}
		}
		if len(total) == 0 {
			return
		}
		fmt.Fprintln(table, title)
		for _, line := range byCount(total) {
			number("  "+line.label, func(c *run.Column) int { return value(c)[line.label] })
		}
	}
	if len(columns) > 1 {
		row("", func(c *run.Column) string { return columnName(c) })
	}
	number("copies", func(c *run.Column) int { return c.Copies })
	group("dropped", drops)
	number("kept", func(c *run.Column) int { return c.Kept.Examples })
	if len(columns) > 1 {
		number("kept by this one only", func(c *run.Column) int { return c.Only })
	}
	group("by source", func(c *run.Column) map[string]int { return c.Kept.Sources })
	group("by type", func(c *run.Column) map[string]int { return c.Kept.Types })
	group("by task type", func(c *run.Column) map[string]int { return c.Kept.Tasks })
	group("calls by tool", func(c *run.Column) map[string]int { return c.Kept.Tools })
	_ = table.Flush()
}

func columnName(c *run.Column) string {
	if c.Experiment == "" {
		return base
	}
	return c.Experiment
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
