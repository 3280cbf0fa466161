package conformance

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/ftprep/ftprep/sdk"
)

// A stepRunner checks one step.
type stepRunner struct {
	*runner
	step    sdk.Step
	label   string
	options string // a JSON object
}

// strayOptions reports options for steps that the plugin does not offer. If it offers no steps at all, it could not be
// described, and nothing is reported.
func (r *runner) strayOptions(steps []sdk.Step) {
	var offered []string
	for _, step := range steps {
		offered = append(offered, label(step))
	}
	for _, stray := range slices.Sorted(maps.Keys(r.kit.Options)) {
		if len(steps) > 0 && !slices.Contains(offered, stray) {
			r.reporter.Checked(stray, []string{fmt.Sprintf("options are given for it, but the plugin has no such step; it has %s", strings.Join(offered, ", "))})
		}
	}
}

func label(step sdk.Step) string { return string(step.Kind) + "." + step.Type }

func (r *runner) step(ctx context.Context, step sdk.Step) {
	s := &stepRunner{runner: r, step: step, label: label(step), options: cmp.Or(r.kit.Options[label(step)], "{}")}
	if missing := s.missing(); len(missing) > 0 {
		r.reporter.Checked(s.label, []string{fmt.Sprintf("it has required options, %s: give their values in a JSON object, as options of %s", strings.Join(missing, ", "), s.label)})
		return
	}
	opened := false
	s.silent = false
	s.check("options", func(f *findings) { opened = s.opens(ctx, f) })
	switch {
	case !opened: // no other check could tell more
	case step.Kind == sdk.KindSource:
		s.source(ctx)
	case step.Kind == sdk.KindFormat:
		s.format(ctx)
	case step.Keyed:
		s.keyer(ctx)
	default:
		s.filter(ctx)
	}
}

func (s *stepRunner) check(name string, do func(*findings)) { s.runner.check(s.label+": "+name, do) }

// missing returns the required options without a value.
func (s *stepRunner) missing() []string {
	var names []string
	given := s.values()
	for _, option := range s.step.Options {
		if _, ok := given[option.Name]; option.Required && !ok {
			names = append(names, option.Name)
		}
	}
	return names
}

func (s *stepRunner) values() map[string]json.RawMessage {
	values := map[string]json.RawMessage{}
	_ = json.Unmarshal([]byte(s.options), &values) // anything but an object is refused when the step is opened
	return values
}

// scratchFolder makes an empty folder.
func (r *runner) scratchFolder(f *findings) string {
	r.scratch++
	folder := filepath.Join(r.folder, fmt.Sprint(r.scratch))
	if err := os.Mkdir(folder, 0o700); err != nil {
		f.each("", err)
	}
	return folder
}

// opens reports whether the step can be opened. If so, it also opens it with options that it must refuse.
func (s *stepRunner) opens(ctx context.Context, f *findings) bool {
	setup := sdk.Setup{Block: "test", Paths: []string{s.scratchFolder(f)}}
	if s.step.Kind == sdk.KindFormat {
		setup.Paths = []string{filepath.Join(s.folder, "out.jsonl")}
	}
	err := s.with(ctx, 0, func(client *sdk.Client) error {
		_, err := client.Open(ctx, s.step, setup, []byte(s.options))
		return err
	})
	if err != nil {
		f.each("", err)
		return false
	}
	s.refusesBadOptions(ctx, f, setup)
	return true
}

// refusesBadOptions opens the step with options that it has not described, that have another type, or that are required
// but missing. The plugin must answer each with a diagnostic that names the option.
func (s *stepRunner) refusesBadOptions(ctx context.Context, f *findings, setup sdk.Setup) {
	s.refuses(ctx, f, setup, "no_such_option", json.RawMessage("true"), "an option that it does not describe")
	for _, option := range s.step.Options {
		s.refuses(ctx, f, setup, option.Name, wrongValue(option), "a value of another type")
		if option.Required {
			s.refuses(ctx, f, setup, option.Name, nil, "no value for a required option")
		}
	}
}

// wrongValue returns a value that an option cannot have.
func wrongValue(option sdk.Option) json.RawMessage {
	if option.Type == sdk.OptionMap || option.Type == sdk.OptionBlock {
		return json.RawMessage("7")
	}
	return json.RawMessage(`{"no":"such"}`)
}

func (s *stepRunner) refuses(ctx context.Context, f *findings, setup sdk.Setup, name string, value json.RawMessage, what string) {
	values := s.values()
	values[name] = value
	if value == nil {
		delete(values, name)
	}
	options, err := json.Marshal(values)
	if err != nil {
		f.each("", err)
		return
	}
	err = s.with(ctx, 0, func(client *sdk.Client) error {
		_, err := client.Open(ctx, s.step, setup, options)
		if slices.Contains(complaints(err), name) {
			return nil
		}
		if err == nil {
			f.fault("", "it accepted %s, %q: answer with a diagnostic at the option", what, name)
			return nil
		}
		return fmt.Errorf("it answered %s, %q, with an error instead of a diagnostic at the option: %w", what, name, err)
	})
	f.each("", err)
}

// complaints returns the options that the diagnostics in an error are about.
func complaints(err error) []string {
	var option *sdk.OptionError
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var all []string
		for _, part := range joined.Unwrap() {
			all = append(all, complaints(part)...)
		}
		return all
	}
	if errors.As(err, &option) {
		return []string{option.Option}
	}
	return nil
}

// workTime is how long work is let run before it is cancelled.
const workTime = CancelTime / 4

var errDeaf = fmt.Errorf("a cancelled call was still running after %s: check its context", CancelTime)

// cancels does work that is cancelled. If the plugin does not stop in time, it tries again with a new process.
func (s *stepRunner) cancels(ctx context.Context, work func(*sdk.Client) error) (err error) {
	for range tries {
		if err = s.with(ctx, 0, work); !errors.Is(err, errDeaf) {
			break
		}
	}
	return err
}

// endsSoon cancels work that takes longer than workTime, and then lets the plugin drain, which ends only when nothing is
// in flight. It returns errDeaf if that takes too long.
func (s *stepRunner) endsSoon(ctx context.Context, client *sdk.Client, work func(context.Context) error) error {
	working, cancel := context.WithCancel(ctx)
	defer cancel()
	defer time.AfterFunc(workTime, cancel).Stop()
	err := work(working)
	if err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	cancel()
	if err = drain(ctx, client); errors.Is(err, errLate) {
		return errDeaf
	}
	return err
}
