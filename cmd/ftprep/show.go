package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ftprep/ftprep/core/load"
	"github.com/ftprep/ftprep/core/plan"
	"github.com/ftprep/ftprep/core/record"
	"github.com/ftprep/ftprep/core/run"
	"github.com/ftprep/ftprep/plugins/formats"
	"github.com/ftprep/ftprep/sdk"
)

func (a *app) showCommand() *cobra.Command {
	var flags pipelineFlags
	var full bool
	command := &cobra.Command{
		Use: "show ID|FILE:ROW [PIPELINE]", Short: "Show one example, where it comes from and what became of it",
		Long: "Find an example of an earlier run, by its id, the beginning of its id, or a row of an output that was made from\n" +
			"it, and read it again from its source, with the experiment of that run. Below it are the lines of the log that\n" +
			"it was made of, with what came of them; long lines are cut in the middle.",
		Example: "  ftprep show d50f2cb8\n" +
			"  ftprep show data/axolotl/chat.jsonl:19",
		Args: cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.show(cmd.Context(), args[0], args[1:], &flags, full)
		},
	}
	flags.addVariables(command)
	flags.addExperiment(command)
	completeNames(command, 1)
	command.Flags().BoolVar(&full, "full", false, "do not cut the lines of the log, the system prompt and the state")
	return command
}

// shownExample is one example as JSON.
type shownExample struct {
	Version  int             `json:"version"`
	History  *record.History `json:"history"`
	Outputs  []string        `json:"outputs"`                 // outputs that the run wrote it into
	Refused  []string        `json:"refused"`                 // outputs that refused it
	Others   []string        `json:"other_filters,omitempty"` // filters that are different from those in the run
	Moved    []string        `json:"moved_filters,omitempty"` // filters that ran in another order
	Example  json.RawMessage `json:"example"`                 // as the unified output has it
	Original *original       `json:"original,omitempty"`      // its lines, not shortened; nil if the source does not know lines
}

func (a *app) show(ctx context.Context, id string, args []string, flags *pipelineFlags, full bool) error {
	return a.withProject(ctx, args, flags, func(p *project, settings plan.Settings) error {
		history, err := lookup(runsOf(p.pipeline), flags.experiment, id)
		if err != nil {
			return &codeError{code: exitFailed, err: err, hint: "ids are in the unified output and in the examples.jsonl of a run's record; FILE:ROW names a row of an output"}
		}
		if history.Changed != "" {
			a.say("%s has changed since run %s wrote it; this is the example that the row held then", history.Changed, history.Run)
		}
		settings.Experiment = history.Experiment
		job, err := p.open(ctx, settings)
		if err != nil {
			return err
		}
		remade, err := remake(ctx, job, history)
		if err != nil {
			return err
		}
		result, err := p.newShownExample(ctx, job, history, remade, full)
		if err != nil {
			return err
		}
		return a.printResult(result, func(w io.Writer) { result.write(w, remade.Example, a.textRoom(full)) })
	})
}

// remake reads an example of an earlier run again. It is an error if it is not there any more.
func remake(ctx context.Context, job *run.Job, history *record.History) (*run.Remade, error) {
	remade, err := job.Find(ctx, history.Read.Step, history.Read.Unit, history.ID)
	if err == nil && remade == nil {
		err = lostError(ctx, job, history)
	}
	return remade, err
}

func (p *project) newShownExample(ctx context.Context, job *run.Job, history *record.History, remade *run.Remade, full bool) (*shownExample, error) {
	row, err := unifiedRow(ctx, remade.Example)
	if err != nil {
		return nil, err
	}
	mask, err := masker(job.Plan(), remade.Read)
	if err != nil {
		return nil, err
	}
	lines, err := p.app.original(workFolder(p.pipeline), history, remade, mask, full)
	if err != nil {
		return nil, err
	}
	return &shownExample{
		Version: 1, History: history, Outputs: history.Written, Refused: refusals(history),
		Others: job.OtherFilters(history), Moved: job.MovedFilters(history), Example: row, Original: lines,
	}, nil
}

// write prints an example for people: the example itself, the lines of the log that it was made of, and its history.
func (s *shownExample) write(w io.Writer, e *sdk.Example, room int) {
	writeExample(w, e, room)
	if s.Original != nil {
		writeOriginal(w, s.Original, e.Provenance)
	}
	writeHistory(w, s)
}

// lookup finds an example by its id or by a row, as FILE:ROW, in the runs of an experiment or, if that is empty, in all runs.
func lookup(runs record.Runs, experiment, named string) (*record.History, error) {
	if experiment != "" {
		of := experiment
		if of == load.Base {
			of = ""
		}
		runs.Experiment = &of
	}
	colon := strings.LastIndexByte(named, ':')
	row, err := strconv.Atoi(named[colon+1:])
	if colon < 0 || err != nil {
		return runs.Lookup(named)
	}
	file, err := filepath.Abs(named[:colon])
	if err != nil {
		return nil, err
	}
	return runs.LookupRow(file, row)
}

// refusals returns the outputs that refused an example.
func refusals(history *record.History) []string {
	refused := []string{}
	for _, event := range history.Events {
		if event.Action == "refuse" {
			refused = append(refused, event.Step)
		}
	}
	return refused
}

// lostError returns an error that says why an example of an earlier run cannot be made again.
func lostError(ctx context.Context, job *run.Job, history *record.History) error {
	read := history.Read
	units, err := job.Units(ctx, 0)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(units, func(u run.Unit) bool { return u.Source == read.Step && u.ID == read.Unit }) {
		return fmt.Errorf("the example came from unit %s %s, but the unit, the pipeline or its variables have changed since", read.Unit, inRun(history))
	}
	return fmt.Errorf("the example came from unit %s %s, but %s does not list that unit any more: it is gone, or the pipeline or its variables have changed since",
		read.Unit, inRun(history), read.Step)
}

// unifiedRow writes an example as a row of the unified output.
func unifiedRow(ctx context.Context, example *sdk.Example) (json.RawMessage, error) {
	step, err := formats.Plugin.Step(sdk.KindFormat, "unified").Open(sdk.Setup{}, "{}")
	if err != nil {
		return nil, err
	}
	rows, err := step.(sdk.Format).Encode(ctx, example)
	if err != nil {
		return nil, fmt.Errorf("show example %s: %w", example.ID, err)
	}
	return rows[0], nil
}
