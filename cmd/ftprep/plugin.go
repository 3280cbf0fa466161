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
	"github.com/ftprep/ftprep/core/load"
	"github.com/ftprep/ftprep/core/plan"
	"github.com/ftprep/ftprep/sdk"
)

func (a *app) pluginCommand() *cobra.Command {
	command := &cobra.Command{Use: "plugin", Short: "Create, test, lock and look at plugins", Args: cobra.NoArgs}
	command.AddCommand(
		a.pluginListCommand(),
		&cobra.Command{
			Use: "describe NAME [ARG...]", Short: "Show the steps of a plugin with their options",
			Long: "Describes a built-in plugin, a binary at a path, ftprep-plugin-NAME on $PATH, or a program on $PATH with its arguments.",
			Args: cobra.MinimumNArgs(1),
			RunE: func(cmd *cobra.Command, args []string) error { return a.pluginDescribe(cmd.Context(), args) },
		},
		a.pluginDocsCommand(),
		a.pluginNewCommand(),
		a.pluginTestCommand(),
		a.pluginLockCommand(),
	)
	return command
}

func (a *app) pluginDescribe(ctx context.Context, words []string) error {
	plugin, err := a.described(ctx, words)
	if err != nil {
		return err
	}
	return a.result(describedPlugin{1, newDescription(plugin)}, func(w io.Writer) { writeDescription(w, plugin) })
}

// described starts a plugin for its description.
func (a *app) described(ctx context.Context, words []string) (sdk.Plugin, error) {
	h := a.newHost(slog.New(slog.DiscardHandler))
	defer closeHost(ctx, h)
	plugin, err := h.Start(ctx, namedPlugin(words))
	if err != nil {
		return sdk.Plugin{}, &codeError{code: exitPlugin, err: err, hint: a.pluginHint(words[0])}
	}
	return plugin.Description, nil
}

// pluginHint is a way out where no plugin has a name: it may be that of a block of the pipeline, or of a step.
func (a *app) pluginHint(name string) string {
	if words := a.namedInPipeline(name); words != nil {
		return fmt.Sprintf("%s names it: ftprep plugin describe %s", load.FileName, shellWords(words...))
	}
	var names []string
	for _, plugin := range builtins() {
		if slices.ContainsFunc(plugin.Steps, func(s sdk.Step) bool { return s.Type == name }) {
			return fmt.Sprintf("%s is a step of the built-in plugin %s: ftprep plugin describe %s", name, plugin.Name, plugin.Name)
		}
		names = append(names, plugin.Name)
	}
	if near := plan.Nearest(name, names, wrongLetters); near != "" {
		return fmt.Sprintf("did you mean the built-in plugin %s?", near)
	}
	return "ftprep plugin list shows the built-in ones; any other is found by its path, or as ftprep-plugin-NAME on $PATH"
}

// namedInPipeline is what the pipeline of the current folder, where there is one, starts as the plugin of a name; nil: nothing.
func (a *app) namedInPipeline(name string) []string {
	pipeline, err := load.File(load.FileName)
	if err != nil {
		return nil
	}
	declared, _ := plan.Declared(pipeline, plan.Settings{Environ: a.environ})
	for _, plugin := range declared {
		if path, err := host.Find(plugin); err == nil && plugin.Name == name {
			return append([]string{path}, plugin.Args...)
		}
	}
	return nil
}

// namedPlugin is the plugin that words name: a built-in one, a path, a name on $PATH, or a program with its arguments.
func namedPlugin(words []string) plan.Plugin {
	name := words[0]
	plugin := plan.Plugin{Name: name, Args: words[1:]}
	switch {
	case strings.ContainsAny(name, `/\`):
		plugin.Path = name
	case len(words) > 1:
		plugin.Command = name
	default:
		plugin.Builtin = slices.ContainsFunc(builtins(), func(p sdk.Plugin) bool { return p.Name == name })
	}
	return plugin
}

func writeDescription(w io.Writer, p sdk.Plugin) {
	fmt.Fprintf(w, "plugin %s %s: %s\n", p.Name, p.Version, p.Doc)
	var kinds []sdk.Kind
	for _, step := range p.Steps {
		fmt.Fprintf(w, "\n%s %q: %s\n", step.Kind, step.Type, step.Doc)
		writeOptions(w, step.Options, "  ")
		if !slices.Contains(kinds, step.Kind) {
			kinds = append(kinds, step.Kind)
		}
	}
	for _, kind := range kinds {
		fmt.Fprintf(w, "\nevery %s block, also:\n", kind)
		writeOptions(w, plan.HostOptions(kind), "  ")
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
	if o.Secret {
		facts += ", secret"
	}
	if o.Deprecated != "" {
		facts += ", deprecated: " + o.Deprecated
	}
	return facts
}
