package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"

	"github.com/ftprep/ftprep/core/host"
	"github.com/ftprep/ftprep/core/load"
	"github.com/ftprep/ftprep/core/lock"
	"github.com/ftprep/ftprep/core/plan"
	"github.com/ftprep/ftprep/core/record"
	"github.com/ftprep/ftprep/core/run"
	"github.com/ftprep/ftprep/core/scout"
)

// project is a pipeline with the plugins that it uses.
type project struct {
	app            *app
	pipeline       *load.Pipeline
	drafted        bool // the pipeline was made in memory, for logs without one
	besidePipeline bool // it is drafted, and the current folder has a pipeline, whose outputs it must not replace
	warnings       hcl.Diagnostics
	host           *host.Host
	log            *logFile
}

// openProject loads the pipeline that the arguments name: a file, a folder that holds one, or logs, for which the
// default pipeline is made in memory. close ends the plugins.
func (a *app) openProject(ctx context.Context, args []string) (*project, error) {
	pipeline, drafted, err := a.loadPipeline(args)
	if err != nil {
		return nil, err
	}
	locked, err := a.openLock(pipeline.Dir)
	if err != nil {
		return nil, err
	}
	log := newLogFile(workFolder(pipeline))
	a.log = log
	p := &project{app: a, pipeline: pipeline, drafted: drafted, log: log, host: a.newHost(log.logger())}
	if _, err := os.Stat(load.FileName); err == nil {
		p.besidePipeline = drafted
	}
	p.host.Lock = locked
	if err := p.checkOverrides(); err != nil {
		p.close(ctx)
		return nil, err
	}
	return p, nil
}

// workFolder returns the folder in which runs of a pipeline keep their records.
func workFolder(p *load.Pipeline) string { return filepath.Join(p.Dir, run.WorkFolder) }

// runsOf returns the recorded runs of a pipeline.
func runsOf(p *load.Pipeline) record.Runs {
	return record.Runs{Work: workFolder(p), Pipeline: p.Filename}
}

// checkOverrides checks what a developer has put in place of plugins of the pipeline, unless the pipeline could not be parsed, so
// that its plugins are not known.
func (p *project) checkOverrides() error {
	if !p.pipeline.Intact {
		return nil
	}
	var declared []string
	for _, plugin := range p.pipeline.Plugins {
		declared = append(declared, plugin.Name)
	}
	if err := p.host.CheckOverrides(declared); err != nil {
		return &codeError{code: exitUsage, err: err}
	}
	return nil
}

// newHost returns a host that prints announcements for the user on standard error.
func (a *app) newHost(log *slog.Logger) *host.Host {
	h := host.New(builtins(), a.environ, log)
	h.Announce = func(text string) { a.say("%s", text) }
	if folder, err := a.cacheFolder(); err == nil { // otherwise archives cannot be unpacked, which is reported when one has to be
		h.Unpack = filepath.Join(filepath.Dir(folder), "plugins")
	}
	return h
}

// openLock reads the lock file beside a pipeline.
func (a *app) openLock(folder string) (*lock.File, error) {
	mode, err := lock.ParseMode(a.lockfile)
	if err != nil {
		return nil, &codeError{code: exitUsage, err: err}
	}
	if a.relock {
		mode = lock.Renew
	}
	locked, err := lock.Open(folder, mode)
	if err != nil {
		return nil, &codeError{code: exitUsage, err: err}
	}
	return locked, nil
}

func (a *app) loadPipeline(args []string) (*load.Pipeline, bool, error) {
	if len(args) > 1 || len(args) == 1 && isLogs(args[0]) {
		for _, path := range args {
			if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
				return nil, false, usageError("%s does not exist", path)
			}
		}
		pipeline, err := scout.Draft(args)
		if errors.As(err, new(*fs.PathError)) {
			return nil, false, &codeError{code: exitUsage, err: err}
		}
		if err != nil {
			return nil, false, &codeError{code: exitUsage, err: err, hint: "name a pipeline, a folder with a pipeline.hcl, or files and folders with logs: " + logFiles +
				`; to read what ftprep wrote, use a source "unified" in a pipeline, and for any other dataset a source "dataset"`}
		}
		return pipeline, true, nil
	}
	path := load.FileName
	if len(args) == 1 {
		path = args[0]
	}
	pipeline, err := load.File(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, false, noPipeline(path)
	}
	if err != nil {
		return nil, false, &codeError{code: exitUsage, err: err}
	}
	return pipeline, false, nil
}

func noPipeline(path string) error {
	return &codeError{
		code: exitUsage, err: fmt.Errorf("%s does not exist", path),
		hint: "ftprep init writes a pipeline for the logs it finds; ftprep run PATH... works without one",
	}
}

// isLogs reports whether a path is meant as logs and not as a pipeline.
func isLogs(path string) bool {
	info, err := os.Stat(path)
	if err != nil || !info.IsDir() {
		return err == nil && filepath.Ext(path) != ".hcl"
	}
	_, err = os.Stat(filepath.Join(path, load.FileName))
	return err != nil
}

// drainTime is how long plugins may take to end in good order, even after an interrupt.
const drainTime = 2 * time.Second

// closeHost ends the plugins of a host.
func closeHost(ctx context.Context, h *host.Host) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
	defer cancel()
	h.Close(ctx)
}

// close ends the plugins.
func (p *project) close(ctx context.Context) {
	closeHost(ctx, p.host)
	p.log.close()
}

// withProject opens the project that the arguments name, calls do with it, and closes it.
func (a *app) withProject(ctx context.Context, args []string, flags *pipelineFlags, do func(*project, plan.Settings) error) error {
	settings, err := flags.settings(a)
	if err != nil {
		return err
	}
	if strings.Contains(settings.Experiment, ",") {
		return usageError("--experiment %s: this command takes one experiment; ftprep stats takes several", settings.Experiment)
	}
	p, err := a.openProject(ctx, args)
	if err != nil {
		return err
	}
	defer p.close(ctx)
	settings.Sampled = settings.Sampled || p.besidePipeline
	return do(p, settings)
}
