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
		Use: "show ID|FILE:ROW [PIPELINE]", Short: "Show one example, where it comes from and why it is where it is",
		Long: "Finds an example of an earlier run by its id, or the beginning of it, or by a row of an output that was made of it, and reads\n" +
			"it again from its source. Below it stand the lines of the log that it was made of, with what came of them; long ones are\n" +
			"cut in the middle.",
		Example: "  ftprep show d50f2cb8\n" +
			"  ftprep show data/axolotl/chat.jsonl:19",
		Args: cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.show(cmd.Context(), args[0], args[1:], &flags, full)
		},
	}
	flags.add(command, 1)
	command.Flags().BoolVar(&full, "full", false, "show the lines of the log whole")
	return command
}

// shown is one example as JSON.
type shown struct {
	Version  int             `json:"version"`
	History  *record.History `json:"history"`
	Outputs  []string        `json:"outputs"`            // that select it
	Example  json.RawMessage `json:"example"`            // as the unified output has it
	Original *original       `json:"original,omitempty"` // its lines, whole; absent where the source knows no lines
}

func (a *app) show(ctx context.Context, id string, args []string, flags *pipelineFlags, full bool) error {
	return a.withProject(ctx, args, flags, func(p *project, settings plan.Settings) error {
		work := filepath.Join(p.pipeline.Dir, run.WorkFolder)
		history, err := lookup(work, p.pipeline.Filename, id)
		if err != nil {
			return &codeError{code: exitFailed, err: err, hint: "ids stand in the unified output and in examples.jsonl of a run's record; FILE:ROW names a row of an output"}
		}
		planned, job, err := p.open(ctx, settings)
		if err != nil {
			return err
		}
		read := history.Events[0]
		remade, err := job.Find(ctx, read.Step, read.Unit, history.ID)
		if err != nil {
			return err
		}
		if remade == nil {
			return a.lost(ctx, job, history)
		}
		record, err := unified(ctx, remade.Example)
		if err != nil {
			return err
		}
		mask, err := masker(planned)
		if err != nil {
			return err
		}
		lines, err := a.original(work, history, remade, mask, full)
		if err != nil {
			return err
		}
		return a.result(shown{1, history, remade.Outputs, record, lines}, func(w io.Writer) {
			writeExample(w, remade.Example)
			if lines != nil {
				writeOriginal(w, lines, remade.Example.Provenance)
			}
			writeHistory(w, history, remade.Outputs)
		})
	})
}

// lookup finds an example by its id or by a row, as FILE:ROW.
func lookup(work, pipeline, named string) (*record.History, error) {
	colon := strings.LastIndexByte(named, ':')
	row, err := strconv.Atoi(named[colon+1:])
	if colon < 0 || err != nil {
		return record.Lookup(work, pipeline, named)
	}
	file, err := filepath.Abs(named[:colon])
	if err != nil {
		return nil, err
	}
	return record.LookupRow(work, pipeline, file, row)
}

// lost says why an example of an earlier run cannot be made again.
func (a *app) lost(ctx context.Context, job *run.Job, history *record.History) error {
	read := history.Events[0]
	units, err := job.Units(ctx, 0)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(units, func(u run.Unit) bool { return u.Source == read.Step && u.ID == read.Unit }) {
		return fmt.Errorf("the example was in %s in run %s, but that or the pipeline has changed since", read.Unit, history.Run)
	}
	return fmt.Errorf("the example was in %s in run %s, but %s does not list that any more: it is gone, or the pipeline has changed since",
		read.Unit, history.Run, read.Step)
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
	fmt.Fprintf(w, "%-*s%s", fieldWidth, "from", visible([]byte(p.File), ""))
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
func writeHistory(w io.Writer, history *record.History, outputs []string) {
	fmt.Fprintf(w, "\nin run %s:\n", history.Run)
	for _, event := range history.Events {
		fmt.Fprintf(w, "  %s: %s", event.Step, event.Action)
		if event.Reason != "" {
			fmt.Fprintf(w, ", %s", event.Reason)
		}
		if event.Evidence != "" {
			fmt.Fprintf(w, " (%s)", visible([]byte(event.Evidence), "\n\t"))
		}
		fmt.Fprintln(w)
		for _, found := range event.Found {
			fmt.Fprintf(w, "    %s in %s: %d\n", foundLabel(found), found.Place, found.Count)
		}
	}
	for _, output := range outputs {
		left := func(e record.Event) bool { return e.Step == output || e.Action != "read" && e.Action != "refuse" }
		if slices.Contains(history.Outputs, output) && !slices.ContainsFunc(history.Events, left) {
			fmt.Fprintf(w, "  %s: written\n", output)
		}
	}
}

// fieldWidth is the width of the longest name of a field, and a space.
const fieldWidth = 12

// field writes a named text, its later lines indented; an empty one is left out.
func field(w io.Writer, name, text string) {
	if text != "" {
		text = visible([]byte(text), "\n\t")
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
	for _, detail := range details(e) {
		field(w, detail.name+":", detail.text)
	}
}

// details are the texts of an example that is no conversation.
func details(e *sdk.Example) []part {
	switch {
	case e.Chain != nil:
		c := e.Chain
		return []part{{"problem", c.Problem}, {"cause", c.RootCause}, {"why", c.Reasoning}, {"fix", c.Solution}}
	case e.Correction != nil:
		c := e.Correction
		return []part{{"bad", c.BadCode}, {"why", c.BadReason}, {"good", c.GoodCode}, {"why", c.GoodReason}}
	case e.Negative != nil:
		return []part{{"not", e.Negative.Pattern}, {"why", e.Negative.Reason}}
	}
	return nil
}
