package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ftprep/ftprep/core/host"
	"github.com/ftprep/ftprep/core/load"
	"github.com/ftprep/ftprep/core/lock"
	"github.com/ftprep/ftprep/core/plan"
	"github.com/ftprep/ftprep/sdk/process"
)

func (a *app) doctorCommand() *cobra.Command {
	var flags pipelineFlags
	command := &cobra.Command{
		Use: "doctor [PIPELINE]", Short: "Check what ftprep needs on this machine, and start every plugin once",
		Long: "Check the folders that ftprep writes to, and whether the plugins of a pipeline (default: ./pipeline.hcl, if there\n" +
			"is one) are found, match the lock file, start and describe themselves. Nothing is changed, except that a plugin\n" +
			"that comes in an archive is unpacked, as for a run.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return a.doctor(cmd.Context(), args, &flags) },
	}
	flags.addVariables(command)
	return command
}

// diagnosis is the result of doctor as JSON.
type diagnosis struct {
	Version int       `json:"version"`
	Healthy bool      `json:"healthy"`
	Checks  []checkup `json:"checks"`
}

type checkup struct {
	Name  string `json:"name"`
	Found string `json:"found,omitempty"`
	Fault string `json:"fault,omitempty"` // what is wrong, and the way out
}

func (d *diagnosis) add(name, found string, err error) {
	check := checkup{Name: name, Found: found}
	if err != nil {
		check.Fault, d.Healthy = err.Error(), false
	}
	d.Checks = append(d.Checks, check)
}

// faults returns the number of checks that failed.
func (d *diagnosis) faults() int {
	n := 0
	for _, check := range d.Checks {
		if check.Fault != "" {
			n++
		}
	}
	return n
}

func (a *app) doctor(ctx context.Context, args []string, flags *pipelineFlags) error {
	d := &diagnosis{Version: 1, Healthy: true}
	d.add("ftprep", buildInformation().Release+", "+runtime.GOOS+"/"+runtime.GOARCH, nil)
	d.add("folder for sockets", process.SocketFolder(), usable(process.SocketFolder()))
	cache, err := a.cacheFolder()
	if err == nil {
		err = writable(cache)
	}
	d.add("cache", cache, err)
	h := a.newHost(slog.New(slog.DiscardHandler))
	defer closeHost(ctx, h)
	for _, plugin := range builtins() {
		d.plugin(ctx, h, plan.Plugin{Name: plugin.Name, Builtin: true}, "built in")
	}
	if err := a.examineProject(ctx, args, flags, d, h); err != nil {
		return err
	}
	if err := a.printResult(d, d.write); err != nil {
		return err
	}
	if !d.Healthy {
		return &codeError{code: exitPlugin, err: fmt.Errorf("%d of %s failed", d.faults(), count(len(d.Checks), "check"))}
	}
	return nil
}

// examineProject looks at the plugins that a pipeline names.
func (a *app) examineProject(ctx context.Context, args []string, flags *pipelineFlags, d *diagnosis, h *host.Host) error {
	if _, err := os.Stat(load.FileName); err != nil && len(args) == 0 {
		d.add("pipeline", "none here; ftprep init writes one", nil)
		return nil
	}
	return a.withProject(ctx, args, flags, func(p *project, settings plan.Settings) error {
		declared, err := p.declared(ctx, settings)
		if err != nil {
			return err
		}
		d.add("pipeline", p.pipeline.Filename, writable(p.pipeline.Dir))
		work := workFolder(p.pipeline)
		d.add("folder for records of runs and waiting examples", work, writable(work))
		if h.Lock, err = lock.Open(p.pipeline.Dir, lock.Peek); err != nil {
			return err
		}
		for _, plugin := range declared {
			other := newOtherPlugin(plugin)
			d.plugin(ctx, h, plugin, other.Path)
		}
		return nil
	})
}

// plugin starts a plugin and adds what became of it.
func (d *diagnosis) plugin(ctx context.Context, h *host.Host, plugin plan.Plugin, origin string) {
	started, err := h.Start(ctx, plugin)
	found := origin
	if err == nil {
		found = fmt.Sprintf("%s, %s, %s", started.Description.Version, count(len(started.Description.Steps), "step"), origin)
		err = started.Description.CheckDescription()
	}
	if fault, ok := errors.AsType[*host.Error](err); ok {
		err = fault.Err // the line already has the name of the plugin
	}
	d.add("plugin "+plugin.Name, found, err)
}

// usable reports why nothing can be written into a folder, which has to exist.
func usable(folder string) error {
	if _, err := os.Stat(folder); err != nil {
		return err
	}
	return writable(folder)
}

// writable reports why nothing can be written into a folder or, if it is missing, into its nearest parent that exists.
func writable(folder string) error {
	for parent := filepath.Dir(folder); parent != folder; parent = filepath.Dir(folder) {
		if _, err := os.Stat(folder); !errors.Is(err, fs.ErrNotExist) {
			break
		}
		folder = parent
	}
	file, err := os.CreateTemp(folder, ".ftprep-doctor-*")
	if fault, ok := errors.AsType[*fs.PathError](err); ok {
		return fmt.Errorf("cannot write to %s: %w", folder, fault.Err)
	}
	if err != nil {
		return err
	}
	return errors.Join(file.Close(), os.Remove(file.Name()))
}

func (d *diagnosis) write(w io.Writer) {
	for _, check := range d.Checks {
		if check.Fault == "" {
			fmt.Fprintf(w, "ok     %s: %s\n", check.Name, check.Found)
			continue
		}
		fmt.Fprintf(w, "FAULT  %s: %s\n", check.Name, strings.ReplaceAll(check.Fault, "\n", "\n       "))
	}
}
