package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ftprep/ftprep/core/load"
	"github.com/ftprep/ftprep/core/plan"
	"github.com/ftprep/ftprep/core/run"
)

func (a *app) statsCommand() *cobra.Command {
	var flags runFlags
	var files, tokens bool
	command := &cobra.Command{
		Use: "stats [PIPELINE | PATH...]", Short: "Run all but the outputs and count what is left",
		Long: "Read and filter like run, but write nothing and count what is left.\n\n" +
			"--experiment a,b shows a column for each experiment; base stands for the pipeline without one. Sources\n" +
			"that columns share are read once. --files shows what became of the records of every file; files with\n" +
			"rejects come first and are marked. --tokens also shapes the rows of the outputs and shows how long they are.\n" +
			"Formats are not started without it: to have them check their options, use ftprep validate.",
		Example: "  ftprep stats --experiment base,strict\n" +
			"  ftprep stats --source claude.sessions --max-units 50",
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.stats(cmd.Context(), args, &flags, run.Options{Files: files, Tokens: tokens})
		},
	}
	flags.add(command)
	command.Flags().Lookup("experiment").Usage = "use the experiment `NAME`; several, separated by commas, are shown in columns"
	command.Flags().BoolVar(&files, "files", false, "show what became of the records of every file")
	command.Flags().BoolVar(&tokens, "tokens", false, "show how many tokens the rows of every output have")
	return command
}

// statsDocument is the result of stats as JSON.
type statsDocument struct {
	Version int           `json:"version"`
	Columns []*run.Column `json:"columns"`
}

func (a *app) stats(ctx context.Context, args []string, flags *runFlags, wanted run.Options) error {
	options, err := flags.options(a)
	if err != nil {
		return err
	}
	defer a.closeCache(options.Cache)
	options.Files, options.Tokens = wanted.Files, wanted.Tokens
	p, err := a.openProject(ctx, args)
	if err != nil {
		return err
	}
	defer p.close(ctx)
	jobs, err := p.openExperiments(ctx, flags, options.Tokens)
	if err != nil {
		return err
	}
	columns, err := run.Stats(ctx, jobs, options)
	a.endProgress()
	if err != nil {
		return err
	}
	if err := a.printResult(statsDocument{1, columns}, func(w io.Writer) { writeStats(w, columns) }); err != nil {
		return err
	}
	return a.checkColumns(columns, flags.maxRejects)
}

// checkColumns says what came out empty, and returns an error if too much was rejected. What holds for some columns only names
// them.
func (a *app) checkColumns(columns []*run.Column, maxRejects string) error {
	said := map[string]bool{}
	for _, column := range columns {
		for _, line := range emptyResults(column.Summary) {
			if said[line] {
				continue
			}
			said[line] = true
			a.say("%s%s", inSome(columns, func(c *run.Column) bool { return slices.Contains(emptyResults(c.Summary), line) }), line)
		}
	}
	for _, column := range columns {
		if err := checkRejects(maxRejects, column.Summary); err != nil {
			return fmt.Errorf("%s%w", inSome(columns, func(c *run.Column) bool { return readSame(c, column) }), err)
		}
	}
	return nil
}

// inSome returns the beginning of a sentence that holds for some columns only; empty if it holds for all.
func inSome(columns []*run.Column, holds func(*run.Column) bool) string {
	var some []*run.Column
	for _, column := range columns {
		if holds(column) {
			some = append(some, column)
		}
	}
	if len(some) == len(columns) {
		return ""
	}
	return "in " + columnNames(some) + ": "
}

// openExperiments opens a job for each experiment that --experiment names, with outputs only if they are needed. It is an error
// to name one twice.
func (p *project) openExperiments(ctx context.Context, flags *runFlags, outputs bool) ([]*run.Job, error) {
	settings, err := flags.settings(p.app)
	if err != nil {
		return nil, err
	}
	settings.Unwritten = true
	var experiments []string
	for _, name := range strings.Split(flags.experiment, ",") {
		name = cmp.Or(strings.TrimSpace(name), load.Base)
		if slices.Contains(experiments, name) {
			return nil, usageError("--experiment %s names %s twice", flags.experiment, name)
		}
		experiments = append(experiments, name)
	}
	variant := (*plan.Plan).WithoutOutputs
	if outputs {
		variant = nil
	}
	return p.openEach(ctx, settings, experiments, variant)
}
