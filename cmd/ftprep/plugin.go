package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ftprep/ftprep/core/host"
	"github.com/ftprep/ftprep/core/load"
	"github.com/ftprep/ftprep/core/plan"
	"github.com/ftprep/ftprep/sdk"
)

func (a *app) pluginCommand() *cobra.Command {
	command := &cobra.Command{Use: "plugin", Short: "Create, test, lock and inspect plugins"}
	command.AddCommand(
		a.pluginListCommand(),
		a.pluginDescribeCommand(),
		a.pluginDocsCommand(),
		a.pluginNewCommand(),
		a.pluginTestCommand(),
		a.pluginLockCommand(),
	)
	return command
}

// pluginHint returns a hint if no plugin has this name: it may be the name of a block of the pipeline, or of a step.
func (a *app) pluginHint(name string) string {
	if words := a.namedInPipeline(name); words != nil {
		return fmt.Sprintf("%s declares it: run ftprep plugin describe %s", load.FileName, shellWords(words...))
	}
	var names []string
	for _, plugin := range builtins() {
		if slices.ContainsFunc(plugin.Steps, func(s sdk.Step) bool { return s.Type == name }) {
			return fmt.Sprintf("%s is a step of the built-in plugin %s: run ftprep plugin describe %s", name, plugin.Name, plugin.Name)
		}
		names = append(names, plugin.Name)
	}
	if near := plan.Nearest(name, names, wrongLetters); near != "" {
		return fmt.Sprintf("did you mean the built-in plugin %s?", near)
	}
	return "ftprep plugin list shows the built-in plugins; name any other by its path, or put it on $PATH as ftprep-plugin-NAME"
}

// namedInPipeline returns the command line by which the pipeline in the current folder starts the plugin of this name; nil if
// there is no such pipeline or plugin.
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

// namedPlugin returns the plugin that words name: a built-in one, a path, a name on $PATH, or a program with its arguments.
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
