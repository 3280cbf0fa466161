// Package run executes a plan: it reads the sources, has copies resolved (package copies), runs the filters and writes the
// outputs.
//
// A run goes through stages: reading (units in parallel), filters (neighbours of one plugin in one hop, several streams),
// keyed filters (barriers), outputs (side by side). Between stages examples wait in a store (package stage), in memory up to
// a limit and on the disk beyond it, so that a run's memory does not grow with its input. What a stage hands on is a list of
// pieces, each a few examples of one unit. The next stage reads a piece from the store, sends its examples through a plugin
// as a frame, and makes the next piece of what comes back. Since every stage keeps the order, the output is the same at any
// parallelism.
//
// Goroutines that move examples are started only in this package.
//
// The files, in the order in which examples see them:
//
//	run, execution, open                    a run from beginning to end, and the steps that it opens
//	units, read, underway, cached, origin   reading: units in parallel, from the plugin or from the cache
//	account                                 what became of the records adds up
//	toolsets, redact                        tools that logs define and calls show
//	filter, pump, ledger                    filters, and what they decided
//	same, best                              keyed filters
//	handout, leading, send, output          what goes into each output, in which order, and how it is encoded
//	rowfiles, outputfiles, verify, blocks   the files on their way, and the check of them
//	place, folders                          the files in their places, beside what others wrote
//	sample, hidden, settings                what else the record of the run has
//	progress, shared                        what is reported meanwhile, and the error when a plugin ends
//	find, opened, stats                     an example made again, and by which filters; a run without outputs
package run

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
	"golang.org/x/sync/errgroup"

	"github.com/ftprep/ftprep/core/owned"
	"github.com/ftprep/ftprep/core/record"
	"github.com/ftprep/ftprep/core/stage"
	"github.com/ftprep/ftprep/core/whole"
)

// WorkFolder is the folder beside a pipeline in which runs keep their records.
const WorkFolder = ".ftprep"

// work returns the folder in which the job keeps what it needs besides its outputs.
func (j *Job) work() string { return filepath.Join(j.plan.Dir, WorkFolder) }

// A ChangedError is the failure of a run that had begun to put files in their places: some outputs may be new.
type ChangedError struct{ Err error }

func (e *ChangedError) Error() string {
	return e.Err.Error() + "; some outputs may have changed already, and a run that succeeds replaces them all"
}

func (e *ChangedError) Unwrap() error { return e.Err }

// Run executes the job: it writes the outputs and a record of the run. If it fails, no output has changed unless the error is a
// [ChangedError].
func (j *Job) Run(ctx context.Context, options Options) (*record.Summary, error) {
	started := time.Now()
	work := j.work()
	x := j.newExecution(options)
	unlock, err := lock(ctx, work, func() { x.progress.stage(Waiting) })
	if err != nil {
		return nil, err
	}
	defer unlock()
	x.summary.Run = fmt.Sprintf("%s-%d", started.UTC().Format("20060102T150405.000"), os.Getpid())
	if x.record, err = record.New(work, x.summary.Run); err != nil {
		return nil, err
	}
	defer func() {
		if err := record.Forget(work); err != nil && options.Warn != nil {
			options.Warn(err)
		}
	}()
	x.sample = &record.Sample{}
	if err := x.run(ctx); err != nil {
		_ = x.record.Complete() // the run has failed already
		if leaks, ok := errors.AsType[*LeakError](err); ok {
			leaks.locate(x.record)
		}
		return nil, err
	}
	x.hide()
	x.summary.Opened, x.summary.Settings = j.openedDigests(), x.settings()
	x.summary.Seconds = time.Since(started).Seconds()
	if err := x.record.Finish(x.summary); err != nil {
		return nil, &ChangedError{err}
	}
	return x.summary, nil
}

// lock makes runs with the same work folder wait for each other: those of all pipelines in one folder. A run that has to wait
// calls waiting first.
func lock(ctx context.Context, work string, waiting func()) (unlock func(), err error) {
	if err := os.MkdirAll(work, 0o700); err != nil {
		return nil, fmt.Errorf("create the folder for records: %w; copy the pipeline to a folder that you can write to", err)
	}
	if err := keepFromGit(work); err != nil {
		return nil, err
	}
	file := flock.New(filepath.Join(work, "lock"))
	free, err := file.TryLock()
	if err == nil && !free {
		waiting()
		_, err = file.TryLockContext(ctx, 100*time.Millisecond)
	}
	switch {
	case err == nil:
		return func() { _ = file.Unlock() }, nil
	case ctx.Err() != nil:
		return nil, fmt.Errorf("wait for another run in this folder to end: %w", context.Cause(ctx))
	}
	return nil, fmt.Errorf("lock the folder for records: %w; copy the pipeline to a folder that you can write to", err)
}

// keepFromGit makes git ignore a folder, which holds texts of logs, unless the folder already has a .gitignore.
func keepFromGit(folder string) error {
	file, err := os.OpenFile(filepath.Join(folder, ".gitignore"), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err == nil {
		_, err = file.WriteString("*\n")
		err = errors.Join(err, file.Close())
	}
	if err != nil {
		return fmt.Errorf("make git ignore the folder for records: %w; copy the pipeline to a folder that you can write to", err)
	}
	return nil
}

// run takes the examples from the sources to the outputs.
func (x *execution) run(ctx context.Context) error {
	missing := x.missingFolders()
	defer removeEmpty(missing)
	for _, output := range x.outputs {
		if err := whole.Try(output.file); err != nil {
			return err
		}
	}
	ours, err := owned.Open(x.work())
	if err != nil {
		return err
	}
	read, err := x.read(ctx)
	if err != nil {
		return err
	}
	defer read.Close()
	filtered, err := x.filter(ctx, read)
	if err != nil {
		return err
	}
	if err := x.enterSample(filtered); err != nil {
		return err
	}
	x.progress.stage("write")
	return x.write(ctx, filtered, ours)
}

// write encodes all outputs side by side. It puts the files in their places when all of them, and what the record says of their
// examples, are complete.
func (x *execution) write(ctx context.Context, from stage.Stage, ours *owned.Files) error {
	encoders := make([]*encoder, len(x.outputs))
	defer func() {
		for _, e := range encoders {
			e.discard()
		}
	}()
	tools, counts := x.tools.complete(x.plan.Tools)
	x.summary.Tools = counts
	for i, output := range x.outputs {
		whole.Sweep(output.file)
		encoders[i] = x.newEncoder(output, tools)
	}
	if err := findLeaders(ctx, encoders, from); err != nil {
		return err
	}
	group, groupCtx := errgroup.WithContext(ctx)
	for _, e := range encoders {
		group.Go(func() error { return e.encode(groupCtx, from) })
	}
	group.Go(func() error { return x.handOut(groupCtx, from, encoders) })
	if err := group.Wait(); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err := checkFiles(encoders); err != nil {
		return err
	}
	if err := x.record.Complete(); err != nil {
		return err
	}
	if err := announce(encoders, ours); err != nil {
		return err
	}
	return x.place(encoders, ours)
}
