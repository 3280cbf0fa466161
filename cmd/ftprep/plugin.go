package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"

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
		a.pluginTestCommand(),
	)
	return command
}

func (a *app) pluginList() error {
	all := plugins{Version: 1}
	for _, plugin := range builtins() {
		all.Plugins = append(all.Plugins, newDescription(plugin))
	}
	return a.result(all, func(w io.Writer) {
		var t table
		for _, plugin := range all.Plugins {
			for _, step := range plugin.Steps {
				t.row(plugin.Name, fmt.Sprintf("%s %q", step.Kind, step.Type), step.Doc)
			}
		}
		t.write(w)
	})
}

func (a *app) pluginDescribe(ctx context.Context, name string) error {
	h := host.New(builtins(), a.environ, slog.New(slog.DiscardHandler))
	defer h.Close(ctx)
	plugin, err := a.find(ctx, h, name)
	if err != nil {
		return &codeError{code: exitPlugin, err: err, hint: "ftprep plugin list shows the built-in ones; any other is found by its path, or as ftprep-plugin-NAME on $PATH"}
	}
	document := describedPlugin{1, newDescription(plugin.Description)}
	return a.result(document, func(w io.Writer) { writeDescription(w, plugin.Description) })
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
		fmt.Fprintf(w, "  and, as every %s block:\n", step.Kind)
		writeOptions(w, plan.HostOptions(step.Kind), "  ")
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
