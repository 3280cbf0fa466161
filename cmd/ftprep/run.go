package main

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ftprep/ftprep/core/load"
	"github.com/ftprep/ftprep/core/plan"
	"github.com/ftprep/ftprep/core/record"
	"github.com/ftprep/ftprep/core/run"
	"github.com/ftprep/ftprep/plugins/redact/detect"
)

func (a *app) runCommand() *cobra.Command {
	var flags runFlags
	var allowEmpty, verify bool
	command := &cobra.Command{
		Use: "run [PIPELINE | PATH...]", Short: "Read the sources, filter, and write the outputs",
		Long: "Run a pipeline (default: ./pipeline.hcl). Given logs instead, run the default pipeline over them.",
		Example: "  ftprep run\n" +
			"  ftprep run ~/notes ~/.claude/projects                logs without a pipeline\n" +
			"  ftprep run --output axolotl.sft                      one output, with the sources that it needs\n" +
			"  ftprep run --source claude.sessions --max-units 50   a part, into partial/",
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.run(cmd.Context(), args, &flags, allowEmpty, verify)
		},
	}
	flags.add(command)
	flags.addPlaces(command)
	command.Flags().BoolVar(&allowEmpty, "allow-empty", false, "let an output without rows replace one that has some")
	command.Flags().BoolVar(&verify, "verify", true, "check the finished outputs for secrets and personal data, and fail if there are any")
	return command
}

func (a *app) run(ctx context.Context, args []string, flags *runFlags, allowEmpty, verify bool) error {
	options, err := flags.options(a)
	if err != nil {
		return err
	}
	defer a.closeCache(options.Cache)
	options.AllowEmpty = allowEmpty
	options.Warn = func(err error) { a.say("warning: %v", err) }
	return a.withProject(ctx, args, &flags.pipelineFlags, func(p *project, settings plan.Settings) error {
		job, err := p.open(ctx, settings)
		if err != nil {
			return err
		}
		planned := job.Plan()
		if err := p.checkWrites(planned); err != nil {
			return err
		}
		a.announce(planned)
		if err := setMaskAndVerify(planned, &options, verify); err != nil {
			return err
		}
		summary, err := a.runJob(ctx, job, options)
		if err != nil {
			return err
		}
		if err := a.reportRun(p, args, &flags.pipelineFlags, planned, summary); err != nil {
			return err
		}
		return checkRejects(flags.maxRejects, summary)
	})
}

// runJob runs a job and notes whether outputs have changed.
func (a *app) runJob(ctx context.Context, job *run.Job, options run.Options) (*record.Summary, error) {
	summary, err := job.Run(ctx, options)
	a.outputsChanged = err == nil || errors.As(err, new(*run.ChangedError))
	a.endProgress()
	if leaks, ok := errors.AsType[*run.LeakError](err); ok {
		err = &codeError{code: exitFailed, err: err, hint: leakHint(leaks.Leaks)}
	}
	return summary, err
}

// reportRun prints what a run did, what needs attention, and what to do next.
func (a *app) reportRun(p *project, args []string, flags *pipelineFlags, planned *plan.Plan, summary *record.Summary) error {
	if err := a.printResult(summary, func(w io.Writer) { writeSummary(w, summary) }); err != nil {
		return &codeError{code: exitFailed, err: err, hint: "the outputs were written"}
	}
	a.sayRejects(p, summary)
	for _, line := range emptyResults(summary) {
		a.say("%s", line)
	}
	if p.drafted {
		a.saySelectedTools(planned)
	}
	a.suggest(p, args, flags)
	return nil
}

// checkWrites reports a run that would write nothing.
func (p *project) checkWrites(planned *plan.Plan) error {
	switch {
	case len(planned.Outputs) > 0:
		return nil
	case len(p.pipeline.Outputs) == 0:
		return usageError("%s has no output block, so there is nothing to write: add one, or use ftprep stats", planned.Filename)
	}
	return usageError("no output takes examples of the chosen sources, so there is nothing to write: choose other sources or outputs, or use ftprep stats")
}

// announce prints what a run is about to do, and warns if it does not redact or check.
func (a *app) announce(p *plan.Plan) {
	a.say("%s -> %s -> %s", count(len(p.Sources), "source"), count(len(p.Filters), "filter"), count(len(p.Outputs), "output"))
	switch {
	case !p.Redacts():
		a.say("NOTHING IS REDACTED: the pipeline says redact = false, so secrets and personal data in the logs reach the outputs")
	case !slices.ContainsFunc(p.Filters, isBuiltinRedaction):
		a.say("THE OUTPUTS ARE NOT CHECKED: %s of plugin %s replaces the built-in redaction", p.Filters[0].Address(), p.Filters[0].Plugin)
	}
}

// saySelectedTools says which turns the default pipeline has left out.
func (a *app) saySelectedTools(p *plan.Plan) {
	for _, source := range p.Sources {
		if source.Selection != nil && len(source.Selection.Tools) > 0 {
			a.say("%s keeps only calls of %s and the turns that have them; a pipeline of your own can keep the rest", source.Address(), strings.Join(source.Selection.Tools, ", "))
		}
	}
}

// suggest ends a run with the next command to type. Values of variables may be secrets, and are not printed.
func (a *app) suggest(p *project, args []string, flags *pipelineFlags) {
	if p.besidePipeline {
		a.say("next: ftprep run runs %s; add a source block to it to read these logs as well", load.FileName)
		return
	}
	if p.drafted {
		a.say("next: ftprep init %s writes this pipeline to a file that you can change", shellWords(args...))
		return
	}
	of := slices.Clone(args) // the arguments that name the pipeline
	if flags.experiment != "" {
		of = append(of, "--experiment", flags.experiment)
	}
	diff, last := []string{"diff"}, []string{"report"}
	if len(args) > 0 { // a pipeline alone could be taken for the name of a run
		diff, last = append(diff, record.Previous, record.Last), append(last, record.Last)
	}
	command := func(words, of []string) string { return "ftprep " + shellWords(slices.Concat(words, of)...) }
	first := command([]string{"stats"}, of) + " counts the examples by kind"
	if runsOf(p.pipeline).OtherSettings() {
		first = command(diff, args) + " shows what changed since the run before"
	}
	same := ""
	if len(flags.variables)+len(flags.varFiles) > 0 {
		same = " (pass stats and show the same variables)"
	}
	a.say("next: %s; %s shows one and what became of it; %s -o report.html writes an HTML page about the run%s",
		first, command([]string{"show", "ID"}, of), command(last, args), same)
}

// leakHint returns a hint for outputs that hold what must not be written. No option allows a canary.
func leakHint(leaks []run.Leak) string {
	const unchecked = "--verify=false writes without a check"
	if slices.ContainsFunc(leaks, func(l run.Leak) bool { return l.Kind == string(detect.Canary) }) {
		return "a canary must not be written anywhere: ftprep show ID shows where the logs have it, so that you can leave it out; " + unchecked
	}
	return "if that is not a secret, allow it with the redact filter's option allow; " + unchecked
}
