package record

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Names that stand for a run, whichever it is at the time.
const (
	Last     = "last"     // the latest run that finished
	Previous = "previous" // the one before it
)

// Brief identifies a run.
type Brief struct {
	Run        string    `json:"run"`
	Started    time.Time `json:"started,omitzero"`     // zero: its name does not say
	Experiment string    `json:"experiment,omitempty"` // as the command line names it; empty: the run did not finish
}

func (r pastRun) brief() Brief {
	b := Brief{Run: r.name()}
	when, _, _ := strings.Cut(b.Run, "-")
	b.Started, _ = time.Parse("20060102T150405.000", when)
	if r.finished() {
		b.Experiment = r.experiment()
	}
	return b
}

// A NameError says that a name does not stand for one run that finished.
type NameError struct {
	Name string
	Why  string  // what is wrong with it
	Runs []Brief // that could have been meant, the latest first
}

func (e *NameError) Error() string { return fmt.Sprintf("run %q: %s", e.Name, e.Why) }

// named finds runs that finished, by their names: an id, or the beginning or the end of one; [Last] or [Previous]; or an
// experiment, of which the latest run is meant.
func (s Runs) named(names ...string) ([]pastRun, error) {
	all, err := runsOf(s.Work, s.Pipeline)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("no run of %s has left a record here", filepath.Base(s.Pipeline))
	}
	var found []pastRun
	for _, name := range names {
		r, err := oneOf(all, name)
		if err != nil {
			return nil, err
		}
		found = append(found, r)
	}
	return found, nil
}

// Names returns the names of runs that finished, the latest first: [Last] and [Previous], experiments, and ids. There are none
// if the records cannot be read.
func (s Runs) Names() []string {
	all, err := runsOf(s.Work, s.Pipeline)
	if err != nil {
		return nil
	}
	names := []string{Last, Previous}
	var ids []string
	for _, r := range all {
		if !r.finished() {
			continue
		}
		if ids = append(ids, r.name()); !slices.Contains(names, r.experiment()) {
			names = append(names, r.experiment())
		}
	}
	return append(names, ids...)
}

// oneOf finds the run of a name.
func oneOf(all []pastRun, name string) (pastRun, error) {
	var done, parts []pastRun
	for _, r := range all {
		if r.finished() {
			done = append(done, r)
		}
		if r.name() == name {
			return r, r.usable(all)
		}
		if name != "" && (strings.HasPrefix(r.name(), name) || strings.HasSuffix(r.name(), name)) {
			parts = append(parts, r)
		}
	}
	nth := map[string]int{Last: 0, Previous: 1}
	if n, ok := nth[name]; ok {
		if n < len(done) {
			return done[n], done[n].usable(all)
		}
		return pastRun{}, &NameError{name, fmt.Sprintf("only %d of the recorded runs finished", len(done)), briefs(all)}
	}
	for _, r := range done {
		if r.experiment() == name {
			return r, r.usable(all)
		}
	}
	switch len(parts) {
	case 0:
		return pastRun{}, &NameError{name, "no recorded run has this id, and no run of an experiment with this name finished", briefs(all)}
	case 1:
		return parts[0], parts[0].usable(all)
	}
	return pastRun{}, &NameError{name, "the ids of several recorded runs begin or end with it", briefs(parts)}
}

// usable returns an error if a run did not finish, or if its record is of a version that does not say what the filters left.
func (r pastRun) usable(all []pastRun) error {
	switch {
	case !r.finished():
		return &NameError{r.name(), "it did not finish", briefs(all)}
	case r.summary.Kept == nil:
		return &NameError{r.name(), "its record was written by an earlier version of ftprep and does not say what the filters kept", briefs(all)}
	}
	return nil
}

func briefs(runs []pastRun) []Brief {
	var all []Brief
	for _, r := range runs {
		all = append(all, r.brief())
	}
	return all
}
