// Package conformance checks what every plugin must do, whatever its steps and its language.
//
// It drives a plugin as the host does, over the wire, and knows nothing of its insides: ftprep plugin test runs it against a
// binary, and package sdktest against a plugin in memory.
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
	// Start starts the plugin anew. It is called several times: what must not differ between processes is compared.
	Start func(context.Context) (*Instance, error)
	// Options are what steps are opened with, by "KIND.TYPE", as JSON objects; steps with required options need them.
	Options map[string]string
	// Input is files and folders with logs that the plugin's sources know; without it they are read with odd files only.
	Input []string
}

// An Instance is a running plugin.
type Instance struct {
	Client  *sdk.Client
	Explain func(error) error           // says what became of the plugin when the error is about its end
	Stop    func(context.Context) error // ends the plugin, at once when the context is done; the error is what it did wrong
}

// A Reporter hears of every check.
type Reporter interface {
	// Checked takes the name of a check, such as "source.echo: empty folder", and its faults, one line each; none: it holds.
	Checked(name string, faults []string)
}

// CancelTime is how long a plugin may work on after a call was cancelled.
const CancelTime = time.Second

// tries is how often a plugin may take longer than it should: that the machine was busy with something else is no fault of the
// plugin's.
const tries = 3

// EndTime is how long Stop has to wait for a plugin to end. A process ends only once, so that all of its tries are one.
const EndTime = tries * process.EndTime

// Run runs every check. Those of steps are left out when the plugin cannot be described, all others when it does not start.
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

// findings gathers the faults of one check. The same fault in several places is one, and told for the first.
type findings struct {
	place  string // where faults are found that name no other place
	faults []*finding
}

type finding struct {
	where, what string
	more        int // how often it was found elsewhere
}

// fault enters a fault; where may be empty.
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

// each enters the parts of a joined error.
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

// runner runs the checks of one kit.
type runner struct {
	kit      Kit
	reporter Reporter
	folder   string
	running  [2]*Instance // started when needed: two, so that what they say can be compared
	started  bool         // one was
	silent   bool         // a step said nothing for the idle time, which is long: it is not asked for more of the same
	scratch  int
}

func (r *runner) check(name string, do func(*findings)) {
	var f findings
	do(&f)
	r.reporter.Checked(name, f.lines())
}

// instance gives a running plugin, the first or the second.
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

// with calls do with a running plugin. After an error, which may be the plugin's death, the next call starts a new one.
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

// twice calls do with each of two processes. It is a fault when their answers differ.
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
		_, err := client.Describe(ctx) // it has to survive that
		return err
	})
	f.each("", err)
}

// end ends the plugins, and says what they did wrong meanwhile.
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

// drain has a plugin drain, in time.
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

// stopAll ends what runs; what both processes did wrong is told once.
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
