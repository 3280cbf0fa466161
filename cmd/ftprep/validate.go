package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/ftprep/ftprep/core/load"
	"github.com/ftprep/ftprep/core/plan"
)

func (a *app) validateCommand() *cobra.Command {
	var flags pipelineFlags
	var data datasetFlags
	var ofPipeline, ofData pflag.FlagSet
	command := &cobra.Command{
		Use: "validate [PIPELINE]", Short: "Check a pipeline, or a file of training data", Args: cobra.MaximumNArgs(1),
		Long: "Check a pipeline (default: ./pipeline.hcl), including the options of every plugin that it uses, and show every\n" +
			"mistake. Its experiments are checked, too, unless --experiment, --source or --output chooses what to check.\n\n" +
			"With --data, check a file of training data instead, whoever wrote it, and show what its trainer would refuse,\n" +
			"drop, trim or misread, with the line.",
		Example: "  ftprep validate\n" +
			"  ftprep validate --data data/sft.jsonl --format trl --max-length 4096\n" +
			"  ftprep validate --data dpo.jsonl --format llamafactory --option shape=dpo",
		RunE: func(cmd *cobra.Command, args []string) error {
			if !ofData.Changed("data") {
				if err := forbidFlags(&ofData, "needs --data"); err != nil {
					return err
				}
				return a.validate(cmd.Context(), args, &flags)
			}
			if len(args) > 0 {
				return usageError("--data checks a file instead of a pipeline: leave out %s", args[0])
			}
			if err := forbidFlags(&ofPipeline, "cannot be used with --data"); err != nil {
				return err
			}
			return a.checkData(cmd.Context(), &data)
		},
	}
	flags.add(command)
	flags.addPlaces(command)
	ofPipeline.AddFlagSet(command.Flags())
	data.add(&ofData)
	command.Flags().AddFlagSet(&ofData)
	completeValues(command, "format", builtinFormats()...)
	return command
}

// validated is the result of validating a pipeline without errors, as JSON. Its problems are warnings.
type validated struct {
	Version  int       `json:"version"`
	Valid    bool      `json:"valid"`
	Problems []problem `json:"problems"`
}

func (a *app) validate(ctx context.Context, args []string, flags *pipelineFlags) error {
	return a.withProject(ctx, args, flags, func(p *project, settings plan.Settings) error {
		if p.drafted {
			return usageError("%s is neither a pipeline nor a folder with one", args[0])
		}
		if err := p.check(ctx, settings); err != nil {
			if coded, ok := errors.AsType[*codeError](err); ok && len(coded.problems) > 0 {
				coded.invalid = true
			}
			return err
		}
		return a.printResult(validated{1, true, newProblems(p.warnings)}, func(w io.Writer) {
			fmt.Fprintf(w, "%s is valid\n", p.pipeline.Filename)
		})
	})
}

// check checks the pipeline by itself and with each of its experiments, including filters that run nowhere. If the command line
// chooses an experiment, sources or outputs, it makes only that check.
func (p *project) check(ctx context.Context, settings plan.Settings) error {
	experiments := []string{cmp.Or(settings.Experiment, load.Base)}
	if settings.Experiment == "" && len(settings.Sources) == 0 && len(settings.Outputs) == 0 {
		for _, experiment := range p.pipeline.Experiments {
			experiments = append(experiments, experiment.Name)
		}
	}
	_, err := p.openEach(ctx, settings, experiments, (*plan.Plan).WithIdle)
	return err
}
