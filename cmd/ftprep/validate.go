package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/ftprep/ftprep/core/plan"
)

func (a *app) validateCommand() *cobra.Command {
	var flags pipelineFlags
	command := &cobra.Command{
		Use: "validate [PIPELINE]", Short: "Check a pipeline without running it", Args: cobra.MaximumNArgs(1),
		Long: "Checks a pipeline (default: ./pipeline.hcl) with the options of every plugin that it uses, and shows all that is wrong.",
		RunE: func(cmd *cobra.Command, args []string) error { return a.validate(cmd.Context(), args, &flags) },
	}
	flags.add(command)
	return command
}

// validated says what a pipeline that can run may still be warned of, as JSON.
type validated struct {
	Version  int       `json:"version"`
	Valid    bool      `json:"valid"`
	Problems []problem `json:"problems"`
}

func (a *app) validate(ctx context.Context, args []string, flags *pipelineFlags) error {
	return a.withProject(ctx, args, flags, func(p *project, settings plan.Settings) error {
		if p.drafted {
			return usageError("%s is no pipeline and holds none", args[0])
		}
		if _, _, err := p.open(ctx, settings); err != nil {
			return err
		}
		return a.result(validated{1, true, newProblems(p.warnings)}, func(w io.Writer) {
			fmt.Fprintf(w, "%s is valid\n", p.pipeline.Filename)
		})
	})
}
