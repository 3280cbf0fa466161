package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ftprep/ftprep/core/plan"
	"github.com/ftprep/ftprep/core/run"
	"github.com/ftprep/ftprep/sdk"
)

func (a *app) planCommand() *cobra.Command {
	var flags pipelineFlags
	command := &cobra.Command{
		Use: "plan [PIPELINE | PATH...]", Short: "Show what a run would do",
		Long: "Show what a run would do: the sources with their units and bytes, the filters, the outputs, and the\n" +
			"barriers, which are steps that must see everything before they can answer.",
		RunE: func(cmd *cobra.Command, args []string) error { return a.plan(cmd.Context(), args, &flags) },
	}
	flags.add(command)
	flags.addPlaces(command)
	return command
}

// planDocument is a plan as JSON.
type planDocument struct {
	Version    int             `json:"version"`
	Pipeline   string          `json:"pipeline"`
	Experiment string          `json:"experiment,omitempty"`
	Plugins    []plannedPlugin `json:"plugins"`
	Sources    []plannedSource `json:"sources"`
	Filters    []plannedFilter `json:"filters"`
	Outputs    []plannedOutput `json:"outputs"`
}

type plannedPlugin struct {
	Plugin  string `json:"plugin"`
	Release string `json:"release"`
	Builtin bool   `json:"builtin"`
	Path    string `json:"path,omitempty"` // as the pipeline gives it
}

type plannedSource struct {
	Source   string   `json:"source"`
	Plugin   string   `json:"plugin"`
	Paths    []string `json:"paths"`
	Tools    []string `json:"tools,omitempty"`
	KeepTurn bool     `json:"keep_turn,omitempty"` // the other calls of a turn stay, too
	Since    string   `json:"since,omitempty"`     // the first instant that is read
	Before   string   `json:"before,omitempty"`    // the first instant that is not
	MaxUnits int      `json:"max_units,omitempty"` // as the block says
	Corrects bool     `json:"corrects,omitempty"`
	Units    int      `json:"units"`
	Files    int      `json:"files"`
	Bytes    int64    `json:"bytes"`
}

type plannedFilter struct {
	Filter  string `json:"filter"`
	Plugin  string `json:"plugin"`
	Barrier bool   `json:"barrier"` // it has to see everything before it can answer
}

type plannedOutput struct {
	Output  string   `json:"output"`
	Plugin  string   `json:"plugin"`
	Path    string   `json:"path"`
	Sources []string `json:"sources,omitempty"`
	Types   []string `json:"types,omitempty"`
}

func (a *app) plan(ctx context.Context, args []string, flags *pipelineFlags) error {
	return a.withProject(ctx, args, flags, func(p *project, settings plan.Settings) error {
		job, err := p.open(ctx, settings)
		if err != nil {
			return err
		}
		units, err := job.Units(ctx, flags.maxUnits)
		if err != nil {
			return err
		}
		document := newPlanDocument(job.Plan(), units)
		return a.printResult(document, document.write)
	})
}

func newPlanDocument(p *plan.Plan, units []run.Unit) *planDocument {
	d := &planDocument{
		Version: 1, Pipeline: p.Filename, Experiment: p.Experiment,
		Plugins: []plannedPlugin{}, Sources: []plannedSource{}, Filters: []plannedFilter{}, Outputs: []plannedOutput{},
	}
	for _, plugin := range p.Plugins {
		d.Plugins = append(d.Plugins, plannedPlugin{Plugin: plugin.Name, Release: plugin.Offers.Version, Builtin: plugin.Builtin, Path: plugin.Path})
	}
	for _, source := range p.Sources {
		selection := cmp.Or(source.Selection, &sdk.Selection{})
		s := plannedSource{
			Source: source.Address(), Plugin: source.Plugin, Paths: source.Paths, Tools: selection.Tools, KeepTurn: selection.KeepTurn,
			Since: timestamp(selection.Since), Before: timestamp(selection.Before), MaxUnits: source.MaxUnits, Corrects: source.Corrects,
		}
		for _, unit := range units {
			if unit.Source == s.Source {
				s.Units++
				s.Files += len(unit.Files)
				s.Bytes += unit.Bytes()
			}
		}
		d.Sources = append(d.Sources, s)
	}
	for _, filter := range p.Filters {
		d.Filters = append(d.Filters, plannedFilter{Filter: filter.Address(), Plugin: filter.Plugin, Barrier: filter.Step.Keyed})
	}
	for _, output := range p.Outputs {
		o := plannedOutput{Output: output.Address(), Plugin: output.Plugin, Path: output.Path, Sources: output.Sources}
		for _, typ := range output.Types {
			o.Types = append(o.Types, string(typ))
		}
		d.Outputs = append(d.Outputs, o)
	}
	return d
}

func (d *planDocument) write(w io.Writer) {
	fmt.Fprintf(w, "pipeline %s", d.Pipeline)
	if d.Experiment != "" {
		fmt.Fprintf(w, ", experiment %s", d.Experiment)
	}
	fmt.Fprintln(w)
	var t table
	for _, plugin := range d.Plugins {
		if !plugin.Builtin {
			t.row("  plugin "+plugin.Plugin, plugin.Release, cmp.Or(shorten(plugin.Path), "on $PATH"))
		}
	}
	for _, s := range d.Sources {
		units := fmt.Sprintf("%s, %s, %s", count(s.Units, "unit"), count(s.Files, "file"), size(s.Bytes))
		t.row("  "+s.Source, "plugin "+s.Plugin, units, locations(s.Paths), limits(s))
	}
	t.row("  -> copies of one conversation", "host", "barrier")
	t.row("  -> schemas of called tools", "host", "barrier")
	for _, f := range d.Filters {
		barrier := ""
		if f.Barrier {
			barrier = "barrier"
		}
		t.row("  -> "+f.Filter, "plugin "+f.Plugin, barrier)
	}
	for _, o := range d.Outputs {
		t.row("  => "+o.Output, "plugin "+o.Plugin, selection(o), shorten(o.Path))
	}
	t.write(w)
}

// timestamp writes a time for people and programs; a zero time is empty.
func timestamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// limits says which part of a source is read.
func limits(s plannedSource) string {
	var parts []string
	switch tools := strings.Join(s.Tools, ", "); {
	case tools == "":
	case s.KeepTurn:
		parts = append(parts, "only turns with a call of "+tools)
	default:
		parts = append(parts, "only calls of "+tools)
	}
	if s.Since != "" {
		parts = append(parts, "since "+s.Since)
	}
	if s.Before != "" {
		parts = append(parts, "before "+s.Before)
	}
	if s.MaxUnits > 0 {
		parts = append(parts, "at most "+count(s.MaxUnits, "unit"))
	}
	if s.Corrects {
		parts = append(parts, "corrects the other sources")
	}
	return strings.Join(parts, ", ")
}

// selection says what an output selects.
func selection(o plannedOutput) string {
	var parts []string
	if len(o.Sources) > 0 {
		parts = append(parts, "from "+strings.Join(o.Sources, ", "))
	}
	if len(o.Types) > 0 {
		parts = append(parts, "only "+strings.Join(o.Types, ", "))
	}
	return strings.Join(parts, ", ")
}
