package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ftprep/ftprep/core/plan"
	"github.com/ftprep/ftprep/core/run"
	"github.com/ftprep/ftprep/plugins/formats"
	"github.com/ftprep/ftprep/sdk"
)

func (a *app) showCommand() *cobra.Command {
	var flags pipelineFlags
	command := &cobra.Command{
		Use: "show ID [PIPELINE]", Short: "Show one example, where it comes from and why it is where it is",
		Long: "Finds an example of an earlier run by its id, or the beginning of it, and reads it again from its source.",
		Args: cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error { return a.show(cmd.Context(), args[0], args[1:], &flags) },
	}
	flags.add(command)
	return command
}

// shown is one example as JSON.
type shown struct {
	Version int             `json:"version"`
	History *run.History    `json:"history"`
	Outputs []string        `json:"outputs"` // that select it
	Example json.RawMessage `json:"example"` // as the unified output has it
}

func (a *app) show(ctx context.Context, id string, args []string, flags *pipelineFlags) error {
	return a.withProject(ctx, args, flags, func(p *project, settings plan.Settings) error {
		history, err := run.Lookup(filepath.Join(p.pipeline.Dir, run.WorkFolder), id)
		if err != nil {
			return &codeError{code: exitFailed, err: err, hint: "ids stand in the unified output and in examples.jsonl of a run's record"}
		}
		_, job, err := p.open(ctx, settings)
		if err != nil {
			return err
		}
		read := history.Events[0]
		found, err := job.Find(ctx, read.Step, read.Unit, history.ID)
		if err != nil {
			return err
		}
		if found == nil {
			return errors.New("the example was there in run " + history.Run + ", but its log or the pipeline has changed since")
		}
		record, err := unified(ctx, found.Example)
		if err != nil {
			return err
		}
		return a.result(shown{1, history, found.Outputs, record}, func(w io.Writer) {
			writeExample(w, found.Example)
			writeHistory(w, history, found.Outputs)
		})
	})
}

// unified writes an example as a row of the unified output.
func unified(ctx context.Context, example *sdk.Example) (json.RawMessage, error) {
	i := slices.IndexFunc(formats.Plugin.Steps, func(step sdk.Step) bool { return step.Type == "unified" })
	step, err := formats.Plugin.Steps[i].Open(sdk.Setup{}, "{}")
	if err != nil {
		return nil, err
	}
	rows, err := step.(sdk.Format).Encode(ctx, example)
	if err != nil {
		return nil, fmt.Errorf("show example %s: %w", example.ID, err)
	}
	return rows[0], nil
}

func writeExample(w io.Writer, e *sdk.Example) {
	p := e.Provenance
	fmt.Fprintf(w, "example %s: %s %s\n", e.ID, e.Type, e.TaskType)
	fmt.Fprintf(w, "%-*s%s", fieldWidth, "from", p.File)
	if p.FirstLine > 0 {
		fmt.Fprintf(w, ":%d-%d", p.FirstLine, p.LastLine)
	}
	fmt.Fprintf(w, " (plugin %s %s)\n", p.Plugin, p.PluginVersion)
	field(w, "session", p.Session)
	if !p.Time.IsZero() {
		field(w, "time", p.Time.Format("2006-01-02 15:04:05 MST"))
	}
	field(w, "model", p.Model)
	field(w, "producer", p.ProducerVersion)
	field(w, "context", e.Context)
	field(w, "labels", strings.Join(e.Labels, ", "))
	field(w, "tags", strings.Join(e.Tags, ", "))
	for _, signal := range e.Signals {
		field(w, signal.Name, fmt.Sprintf("%.2f %s", signal.Score, signal.Evidence))
	}
	if e.Quality != nil {
		field(w, "quality", fmt.Sprintf("%.2f", *e.Quality))
	}
	fmt.Fprintln(w)
	writeMessages(w, e)
}

// writeHistory prints why an example is where it is.
func writeHistory(w io.Writer, history *run.History, outputs []string) {
	fmt.Fprintf(w, "\nin run %s:\n", history.Run)
	for _, event := range history.Events {
		fmt.Fprintf(w, "  %s: %s", event.Step, event.Action)
		if event.Reason != "" {
			fmt.Fprintf(w, ", %s", event.Reason)
		}
		if event.Evidence != "" {
			fmt.Fprintf(w, " (%s)", event.Evidence)
		}
		fmt.Fprintln(w)
	}
	for _, output := range outputs {
		left := func(e run.Event) bool { return e.Step == output || e.Action != "read" && e.Action != "refuse" }
		if !slices.ContainsFunc(history.Events, left) {
			fmt.Fprintf(w, "  %s: written\n", output)
		}
	}
}

// fieldWidth is the width of the longest name of a field, and a space.
const fieldWidth = 12

// field writes a named text, its later lines indented; an empty one is left out.
func field(w io.Writer, name, text string) {
	if text != "" {
		fmt.Fprintf(w, "%-*s%s\n", fieldWidth, name, strings.ReplaceAll(text, "\n", "\n"+strings.Repeat(" ", fieldWidth)))
	}
}

func writeMessages(w io.Writer, e *sdk.Example) {
	for _, m := range e.Messages {
		role := string(m.Role)
		if m.Masked {
			role += "*"
		}
		field(w, role+":", m.Text)
		for _, call := range m.Calls {
			field(w, "call:", fmt.Sprintf("%s %s (%s)", call.FullName(), call.Arguments, call.Phase))
		}
	}
	if c := e.Chain; c != nil {
		field(w, "problem:", c.Problem)
		field(w, "cause:", c.RootCause)
		field(w, "why:", c.Reasoning)
		field(w, "fix:", c.Solution)
	}
	if c := e.Correction; c != nil {
		field(w, "bad:", c.BadCode)
		field(w, "why:", c.BadReason)
		field(w, "good:", c.GoodCode)
		field(w, "why:", c.GoodReason)
	}
	if n := e.Negative; n != nil {
		field(w, "not:", n.Pattern)
		field(w, "why:", n.Reason)
	}
}
