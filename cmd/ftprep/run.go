package main

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ftprep/ftprep/core/plan"
	"github.com/ftprep/ftprep/core/run"
)

// runFlags are the flags of commands that execute a pipeline.
type runFlags struct {
	pipelineFlags
	parallel   int
	maxRejects string
	progress   string
}

func (f *runFlags) add(command *cobra.Command) {
	f.pipelineFlags.add(command)
	flags := command.Flags()
	flags.IntVar(&f.parallel, "parallel", 0, "read `N` units at a time (0: one for each processor)")
	flags.StringVar(&f.maxRejects, "max-rejects", "", "exit with 4 when more records than `N` or N% cannot be read")
	flags.StringVar(&f.progress, "progress", "auto", "how to show progress: auto, plain or none")
}

func (f *runFlags) options(a *app) (run.Options, error) {
	if f.parallel < 0 || f.maxUnits < 0 {
		return run.Options{}, usageError("--parallel and --max-units take numbers from 0 up")
	}
	if _, err := newLimit(f.maxRejects); err != nil {
		return run.Options{}, err
	}
	show, err := a.progress(f.progress)
	return run.Options{Parallel: f.parallel, MaxUnits: f.maxUnits, Progress: show}, err
}

func (a *app) runCommand() *cobra.Command {
	var flags runFlags
	var allowEmpty bool
	command := &cobra.Command{
		Use: "run [PIPELINE | PATH...]", Short: "Read the sources, filter, and write the outputs",
		Long: "Executes a pipeline (default: ./pipeline.hcl). Given logs instead of a pipeline, it executes the default pipeline for them.",
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.run(cmd.Context(), args, &flags, allowEmpty)
		},
	}
	flags.add(command)
	command.Flags().BoolVar(&allowEmpty, "allow-empty", false, "let an output without rows replace an earlier one that has some")
	return command
}

func (a *app) run(ctx context.Context, args []string, flags *runFlags, allowEmpty bool) error {
	options, err := flags.options(a)
	if err != nil {
		return err
	}
	options.AllowEmpty = allowEmpty
	settings, err := flags.settings(a)
	if err != nil {
		return err
	}
	p, err := a.openProject(ctx, args)
	if err != nil {
		return err
	}
	defer p.close(ctx)
	planned, job, err := p.open(ctx, settings)
	if err != nil {
		return err
	}
	a.announce(planned)
	summary, err := job.Run(ctx, options)
	a.endProgress()
	if err != nil {
		return err
	}
	if err := a.result(summary, func(w io.Writer) { writeSummary(w, summary) }); err != nil {
		return err
	}
	a.suggest(p, summary)
	return checkRejects(flags.maxRejects, summary)
}

// announce says what a run is about to do.
func (a *app) announce(p *plan.Plan) {
	a.say("%s -> %s -> %s", count(len(p.Sources), "source"), count(len(p.Filters), "filter"), count(len(p.Outputs), "output"))
	a.say("nothing is redacted: this version has no redact filter, so secrets in the logs reach the outputs")
}

// suggest ends a run with the next command to type.
func (a *app) suggest(p *project, summary *run.Summary) {
	rejected := 0
	for _, source := range summary.Sources {
		rejected += source.Rejected
	}
	if rejected > 0 {
		a.say("%s could not be read; they are listed in %s", count(rejected, "record"), p.rejectsPath(summary.Run))
	}
	if p.drafted {
		a.say("next: ftprep init keeps this pipeline as a file that you can change")
		return
	}
	a.say("next: ftprep stats shows what the examples are; ftprep show ID shows one and why it is where it is")
}

// count writes a number with its noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

// limit is the value of --max-rejects.
type limit struct {
	number  float64
	percent bool
	none    bool
}

func newLimit(text string) (limit, error) {
	if text == "" {
		return limit{none: true}, nil
	}
	digits, percent := strings.CutSuffix(text, "%")
	number, err := strconv.ParseFloat(digits, 64)
	if err != nil || number < 0 || !percent && number != float64(int(number)) {
		return limit{}, usageError("--max-rejects %q: write a number such as 10, or a share such as 0.5%%", text)
	}
	return limit{number: number, percent: percent}, nil
}

// checkRejects is the last word of a run: the outputs are written, the exit code says that too much was unreadable.
func checkRejects(text string, summary *run.Summary) error {
	limit, err := newLimit(text)
	if err != nil || limit.none {
		return err
	}
	rejected, records := 0, 0
	for _, source := range summary.Sources {
		rejected += source.Rejected
		records += source.Records
	}
	most := limit.number
	if limit.percent {
		most = limit.number / 100 * float64(records)
	}
	if float64(rejected) <= most {
		return nil
	}
	return &codeError{code: exitRejects, err: fmt.Errorf("%d of %d records could not be read, more than --max-rejects %s", rejected, records, text)}
}
