package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ftprep/ftprep/core/lock"
	"github.com/ftprep/ftprep/core/plan"
)

func (a *app) pluginLockCommand() *cobra.Command {
	var flags pipelineFlags
	var files []string
	command := &cobra.Command{
		Use: "lock [PIPELINE]", Short: "Accept the plugins of a pipeline as they are now",
		Long: "Start the plugins that a pipeline names, and record their versions and the SHA-256 of their files in\n" +
			lock.Name + " beside it, replacing what was recorded.\n\n" +
			"Other commands record plugins that they start for the first time, and refuse files other than those recorded;\n" +
			"--lockfile=readonly refuses new plugins, too.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return a.pluginLock(cmd.Context(), args, &flags, files) },
	}
	flags.addVariables(command)
	command.Flags().StringArrayVar(&files, "file", nil, "also record a binary or archive for another platform: `NAME:PLATFORM=FILE`, such as mine:darwin_arm64=dist/mine.zip; may be repeated")
	return command
}

// lockDocument is the content of a lock file as JSON.
type lockDocument struct {
	Version int           `json:"version"`
	Plugins []lock.Record `json:"plugins"`
}

func (a *app) pluginLock(ctx context.Context, args []string, flags *pipelineFlags, files []string) error {
	a.relock = true
	return a.withProject(ctx, args, flags, func(p *project, settings plan.Settings) error {
		declared, err := p.declared(ctx, settings)
		if err != nil {
			return err
		}
		var names []string
		var faults []error
		for _, plugin := range declared {
			names = append(names, plugin.Name)
			_, err := p.host.Start(ctx, plugin)
			faults = append(faults, err)
		}
		if err := errors.Join(faults...); err != nil {
			return err
		}
		if err := p.host.Lock.Keep(names); err != nil {
			return err
		}
		for _, file := range files {
			if err := p.lockFor(file); err != nil {
				return err
			}
		}
		document := lockDocument{1, p.host.Lock.Records()}
		return a.printResult(document, document.write)
	})
}

// lockFor records a binary or archive for another platform, as a value of --file names it.
func (p *project) lockFor(assignment string) error {
	plugin, path, ok := strings.Cut(assignment, "=")
	name, platform, also := strings.Cut(plugin, ":")
	if system, machine, _ := strings.Cut(platform, "_"); !ok || !also || system == "" || machine == "" {
		return usageError("--file %q: write NAME:PLATFORM=FILE, such as mine:darwin_arm64=dist/mine.zip", assignment)
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return usageError("--file %q: %s does not exist", assignment, path)
	}
	files, err := p.host.Locked(path, name)
	if err != nil {
		return usageError("--file %q: %v", assignment, err)
	}
	return p.host.Lock.AddFor(name, platform, files)
}

func (d lockDocument) write(w io.Writer) {
	var t table
	for _, plugin := range d.Plugins {
		t.row(plugin.Plugin, plugin.Version, count(len(plugin.Platforms), "platform"))
	}
	t.write(w)
	if len(d.Plugins) == 0 {
		fmt.Fprintln(w, "the pipeline names no plugins; built-in ones are part of ftprep and need no lock")
	}
}

// declared evaluates the plugin blocks of the pipeline.
func (p *project) declared(ctx context.Context, settings plan.Settings) ([]plan.Plugin, error) {
	declared, diagnostics := plan.Declared(p.pipeline, settings)
	return declared, p.complain(ctx, diagnostics)
}
