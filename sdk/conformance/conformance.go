// Package conformance checks what every plugin must do, whatever its steps and its language.
//
// It drives a plugin over the wire, as the host does, and knows nothing of its insides. The command ftprep plugin test
// runs it on a binary, and package sdktest on a plugin in memory.
package conformance

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"reflect"
	"time"

	"github.com/ftprep/ftprep/sdk"
	"github.com/ftprep/ftprep/sdk/process"
)

// A Kit checks one plugin.
type Kit struct {
	// Start starts a new instance of the plugin. It is called several times, to compare what must not differ between
	// processes.
	Start func(context.Context) (*Instance, error)
	// Options holds the options to open steps with, as JSON objects by "KIND.TYPE". Steps with required options need
	// them.
	Options map[string]string
	// Input lists files and folders with logs that the plugin's sources know. Without it they only read odd files.
	Input []string
}

// An Instance is a running plugin.
type Instance struct {
	Client  *sdk.Client
	Explain func(error) error           // returns what became of the plugin if the error is about its end; any other error as it is
	Stop    func(context.Context) error // ends the plugin, at once if the context is done; the error is what it did wrong
}

// A Reporter is told of every check.
type Reporter interface {
	// Checked gets the name of a check, such as "source.echo: empty folder", and its faults, one line each. Without
	// faults the plugin has passed the check.
	Checked(name string, faults []string)
}

// CancelTime is how long a plugin may go on working after a call was cancelled.
const CancelTime = time.Second

// tries is how often a check of time is tried: it is no fault of the plugin's if the machine was busy with something
// else.
const tries = 3

// EndTime is how long Stop must wait for a plugin to end. A process ends only once, so all tries are in this one.
const EndTime = tries * process.EndTime

// Run runs every check. If the plugin does not start, that is all; if it cannot be described, there are no checks of
// steps.
func (k Kit) Run(ctx context.Context, reporter Reporter) {
	folder, err := os.MkdirTemp("", "ftprep-plugin-test-")
	if err != nil {
		reporter.Checked("start", []string{err.Error()})
		return
	}
	defer os.RemoveAll(folder)
	r := &runner{kit: k, reporter: reporter, folder: folder}
	defer r.stopAll(ctx)
	var plugin sdk.Plugin
	r.check("description", func(f *findings) { plugin = r.describe(ctx, f) })
	if !r.started {
		return
	}
	r.check("call for a step that is not there", func(f *findings) { r.unknownStep(ctx, f) })
	r.strayOptions(plugin.Steps)
	for _, step := range plugin.Steps {
		r.step(ctx, step)
	}
	r.check("end", func(f *findings) { r.end(ctx, f) })
}

// findings gathers the faults of one check. The same fault in several places counts as one, at the first place.
type findings struct {
	place  string // the place of faults that name no other
	faults []*finding
}

type finding struct {
	where, what string
	more        int // how often it was found elsewhere
}

// fault adds a fault; where may be empty.
func (f *findings) fault(where, format string, args ...any) {
	what := fmt.Sprintf(format, args...)
	for _, have := range f.faults {
		if have.what == what {
			have.more++
			return
		}
	}
	f.faults = append(f.faults, &finding{where: cmp.Or(where, f.place), what: what})
}

// each adds the parts of a joined error as faults.
func (f *findings) each(where string, err error) {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, part := range joined.Unwrap() {
			f.each(where, part)
		}
	} else if err != nil {
		f.fault(where, "%v", err)
	}
}

func (f *findings) lines() []string {
	var lines []string
	for _, found := range f.faults {
		line := found.what
		if found.where != "" {
			line = found.where + ": " + line
		}
		if found.more > 0 {
			line += fmt.Sprintf(" (and in %d other places)", found.more)
		}
		lines = append(lines, line)
	}
	return lines
}

// A runner runs the checks of a kit.
type runner struct {
	kit      Kit
	reporter Reporter
	folder   string
	running  [2]*Instance // started when needed; two, to compare what they say
	started  bool         // at least one instance was started
	silent   bool         // a step was silent for the idle time; as that is long, it is not asked for more of the same
	scratch  int
}

func (r *runner) check(name string, do func(*findings)) {
	var f findings
	do(&f)
	r.reporter.Checked(name, f.lines())
}

// instance returns a running plugin, the first or the second.
func (r *runner) instance(ctx context.Context, i int) (*Instance, error) {
	if r.running[i] == nil {
		started, err := r.kit.Start(ctx)
		if err != nil {
			return nil, fmt.Errorf("it does not start: %w", err)
		}
		r.running[i], r.started = started, true
	}
	return r.running[i], nil
}

// with calls do with a client of a running plugin. After an error, which may be the plugin's death, the next call starts
// a new plugin.
func (r *runner) with(ctx context.Context, i int, do func(*sdk.Client) error) error {
	instance, err := r.instance(ctx, i)
	if err != nil {
		return err
	}
	if err := do(instance.Client); err != nil {
		r.silent = r.silent || errors.Is(err, sdk.ErrSilent)
		err = instance.Explain(err)
		r.running[i] = nil
		killed, cancel := context.WithCancel(ctx)
		cancel()
		_ = instance.Stop(killed) // the error says what is wrong
		return err
	}
	return nil
}

// twice calls do with each of two processes. If the results differ, that is a fault.
func twice[T any](ctx context.Context, r *runner, f *findings, do func(*sdk.Client) (T, error)) (T, bool) {
	var answers [2]T
	for i := range answers {
		err := r.with(ctx, i, func(client *sdk.Client) (err error) {
			answers[i], err = do(client)
			return err
		})
		if err != nil {
			f.each("", err)
			return answers[0], false
		}
	}
	if !reflect.DeepEqual(answers[0], answers[1]) {
		f.fault("", "the same input gave different output in two processes")
	}
	return answers[0], true
}

func (r *runner) describe(ctx context.Context, f *findings) sdk.Plugin {
	plugin, ok := twice(ctx, r, f, func(client *sdk.Client) (sdk.Plugin, error) { return client.Describe(ctx) })
	if ok {
		f.each("", plugin.CheckDescription())
	}
	return plugin
}

func (r *runner) unknownStep(ctx context.Context, f *findings) {
	err := r.with(ctx, 0, func(client *sdk.Client) error {
		if _, err := client.Open(ctx, sdk.Step{Kind: sdk.KindFilter, Type: "no-such-step"}, sdk.Setup{Block: "test"}, []byte("{}")); err == nil {
			f.fault("", "it opened a step that it does not offer")
		}
		_, err := client.Describe(ctx) // the plugin must survive that
		return err
	})
	f.each("", err)
}

// end ends the plugins and reports what they did wrong while they ran.
func (r *runner) end(ctx context.Context, f *findings) {
	if _, err := r.instance(ctx, 0); err != nil {
		f.each("", err)
	}
	f.each("", r.with(ctx, 0, func(client *sdk.Client) (err error) {
		for range tries {
			if err = drain(ctx, client); !errors.Is(err, errLate) {
				return err
			}
		}
		return fmt.Errorf("it does not drain within %s, although nothing is in flight", CancelTime)
	}))
	f.each("", r.stopAll(ctx))
}

var errLate = fmt.Errorf("it did not drain within %s", CancelTime)

// drain lets a plugin drain. It returns errLate if that takes too long.
func drain(ctx context.Context, client *sdk.Client) error {
	draining, stop := context.WithTimeout(ctx, CancelTime)
	defer stop()
	began := time.Now()
	if err := client.Drain(draining); errors.Is(err, context.DeadlineExceeded) || time.Since(began) > CancelTime {
		return errLate
	} else if err != nil {
		return fmt.Errorf("drain: %w", err)
	}
	return nil
}

// stopAll ends the running plugins. It returns what they did wrong, and what both did only once.
func (r *runner) stopAll(ctx context.Context) error {
	told := map[string]bool{}
	var faults []error
	for i, instance := range r.running {
		r.running[i] = nil
		if instance == nil {
			continue
		}
		if err := instance.Stop(ctx); err != nil && !told[err.Error()] {
			told[err.Error()] = true
			faults = append(faults, err)
		}
	}
	return errors.Join(faults...)
}
