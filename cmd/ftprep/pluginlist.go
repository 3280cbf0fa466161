package main

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ftprep/ftprep/core/host"
	"github.com/ftprep/ftprep/core/load"
	"github.com/ftprep/ftprep/core/plan"
	"github.com/ftprep/ftprep/sdk"
)

func (a *app) pluginListCommand() *cobra.Command {
	var flags pipelineFlags
	command := &cobra.Command{
		Use: "list [PIPELINE]", Short: "List plugins and where they are found",
		Long: "List the built-in plugins with what they offer, and where the plugins are that a pipeline (default: ./pipeline.hcl, if\n" +
			"there is one) names or that are on $PATH, or why they are not found. No plugin is started.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return a.pluginList(cmd.Context(), args, &flags) },
	}
	flags.addVariables(command)
	return command
}

// plugins is the result of plugin list as JSON.
type plugins struct {
	Version int           `json:"version"`
	Plugins []description `json:"plugins"` // the built-in ones
	Others  []otherPlugin `json:"others"`
}

// otherPlugin is a plugin that is not built in.
type otherPlugin struct {
	Name  string `json:"name"`
	Named bool   `json:"named"` // in the pipeline; otherwise it is never run
	Path  string `json:"path,omitempty"`
	Fault string `json:"fault,omitempty"` // why it cannot be started
}

func (a *app) pluginList(ctx context.Context, args []string, flags *pipelineFlags) error {
	all := plugins{Version: 1, Others: []otherPlugin{}}
	for _, plugin := range builtins() {
		all.Plugins = append(all.Plugins, newDescription(plugin))
	}
	if _, err := os.Stat(load.FileName); err == nil || len(args) > 0 {
		err := a.withProject(ctx, args, flags, func(p *project, settings plan.Settings) error {
			declared, err := p.declared(ctx, settings)
			for _, plugin := range declared {
				all.Others = append(all.Others, newOtherPlugin(plugin))
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	all.Others = append(all.Others, a.onPath(all.Others)...)
	return a.printResult(all, all.write)
}

// newOtherPlugin finds the file of a plugin.
func newOtherPlugin(plugin plan.Plugin) otherPlugin {
	other := otherPlugin{Name: plugin.Name, Named: true}
	path, err := host.Find(plugin)
	if err != nil {
		other.Fault = err.Error()
	} else {
		other.Path = strings.Join(append([]string{path}, plugin.Args...), " ")
	}
	return other
}

// onPath returns the plugins on $PATH that are not listed yet.
func (a *app) onPath(listed []otherPlugin) []otherPlugin {
	var found []otherPlugin
	for _, folder := range filepath.SplitList(a.getenv("PATH")) {
		binaries, _ := fs.Glob(os.DirFS(folder), sdk.BinaryPrefix+"*")
		for _, binary := range binaries {
			name := strings.TrimSuffix(strings.TrimPrefix(binary, sdk.BinaryPrefix), ".exe")
			same := func(o otherPlugin) bool { return o.Name == name }
			info, err := os.Stat(filepath.Join(folder, binary))
			if err != nil || info.IsDir() || slices.ContainsFunc(listed, same) || slices.ContainsFunc(found, same) {
				continue
			}
			other := newOtherPlugin(plan.Plugin{Name: name})
			other.Named = false
			found = append(found, other)
		}
	}
	return found
}

func (p plugins) write(w io.Writer) {
	var t table
	for _, plugin := range p.Plugins {
		for _, step := range plugin.Steps {
			t.row(plugin.Name, fmt.Sprintf("%s %q", step.Kind, step.Type), step.Doc)
		}
	}
	t.write(w)
	if len(p.Others) == 0 {
		return
	}
	fmt.Fprintln(w, "\nnot built in:")
	var others table
	for _, other := range p.Others {
		found, origin := other.Path, "only on $PATH"
		if other.Named {
			origin = "named in the pipeline"
		}
		if other.Fault != "" {
			found = "MISSING: " + other.Fault
		}
		others.row(other.Name, origin, found)
	}
	others.write(w)
}
