package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/ftprep/ftprep/core/host"
	"github.com/ftprep/ftprep/core/plan"
	"github.com/ftprep/ftprep/sdk"
)

func (a *app) pluginCommand() *cobra.Command {
	command := &cobra.Command{Use: "plugin", Short: "Look at plugins", Args: cobra.NoArgs}
	command.AddCommand(
		&cobra.Command{
			Use: "list", Short: "List the built-in plugins and what they offer", Args: cobra.NoArgs,
			RunE: func(*cobra.Command, []string) error { return a.pluginList() },
		},
		&cobra.Command{
			Use: "describe NAME", Short: "Show the steps of a plugin with their options",
			Long: "Describes a built-in plugin, a binary at a path, or ftprep-plugin-NAME on $PATH.",
			Args: cobra.ExactArgs(1),
			RunE: func(cmd *cobra.Command, args []string) error { return a.pluginDescribe(cmd.Context(), args[0]) },
		},
	)
	return command
}

// description is a plugin as JSON.
type description struct {
	Version int         `json:"version"` // of this document
	Name    string      `json:"name"`
	Release string      `json:"release"`
	Doc     string      `json:"doc"`
	Steps   []described `json:"steps"`
}

type described struct {
	Kind    string       `json:"kind"`
	Type    string       `json:"type"`
	Doc     string       `json:"doc"`
	Options []sdk.Option `json:"options"`
}

func newDescription(p sdk.Plugin) description {
	d := description{Version: 1, Name: p.Name, Release: p.Version, Doc: p.Doc}
	for _, step := range p.Steps {
		d.Steps = append(d.Steps, described{Kind: string(step.Kind), Type: step.Type, Doc: step.Doc, Options: step.Options})
	}
	return d
}

func (a *app) pluginList() error {
	var all []description
	for _, plugin := range builtins() {
		all = append(all, newDescription(plugin))
	}
	return a.result(all, func(w io.Writer) {
		table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		for _, plugin := range all {
			for _, step := range plugin.Steps {
				fmt.Fprintf(table, "%s\t%s %q\t%s\n", plugin.Name, step.Kind, step.Type, step.Doc)
			}
		}
		_ = table.Flush()
	})
}

func (a *app) pluginDescribe(ctx context.Context, name string) error {
	h := host.New(builtins(), a.environ, slog.New(slog.DiscardHandler))
	defer h.Close(ctx)
	plugin, err := a.find(ctx, h, name)
	if err != nil {
		return err
	}
	d := newDescription(plugin.Description)
	return a.result(d, func(w io.Writer) { writeDescription(w, plugin.Description) })
}

// find starts a plugin by the name of a built-in, a path, or a name on $PATH.
func (a *app) find(ctx context.Context, h *host.Host, name string) (*host.Plugin, error) {
	builtin := slices.ContainsFunc(builtins(), func(p sdk.Plugin) bool { return p.Name == name })
	plugin := plan.Plugin{Name: name, Builtin: builtin}
	if strings.ContainsAny(name, `/\`) {
		plugin.Path = name
	}
	return h.Start(ctx, plugin)
}

func writeDescription(w io.Writer, p sdk.Plugin) {
	fmt.Fprintf(w, "plugin %s %s: %s\n", p.Name, p.Version, p.Doc)
	for _, step := range p.Steps {
		fmt.Fprintf(w, "\n%s %q: %s\n", step.Kind, step.Type, step.Doc)
		writeOptions(w, step.Options, "  ")
	}
}

func writeOptions(w io.Writer, options []sdk.Option, indent string) {
	for _, o := range options {
		fmt.Fprintf(w, "%s%s (%s%s): %s\n", indent, o.Name, o.Type, optionFacts(o), o.Doc)
		writeOptions(w, o.Options, indent+"  ")
	}
}

func optionFacts(o sdk.Option) string {
	facts := ""
	if o.Required {
		facts += ", required"
	}
	if o.Default != "" {
		facts += ", default " + o.Default
	}
	if len(o.OneOf) > 0 {
		facts += ", one of " + strings.Join(o.OneOf, " ")
	}
	if o.Min != nil {
		facts += fmt.Sprintf(", at least %v", *o.Min)
	}
	if o.Max != nil {
		facts += fmt.Sprintf(", at most %v", *o.Max)
	}
	if o.Deprecated != "" {
		facts += ", deprecated: " + o.Deprecated
	}
	return facts
}
