package record

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// History is what the record of a run says of one example.
type History struct {
	Run        string  `json:"run"`
	Experiment string  `json:"experiment,omitempty"` // of the run; empty: none, or the run did not finish
	Unfinished bool    `json:"unfinished,omitempty"` // the run left no summary
	ID         string  `json:"id"`
	Changed    string  `json:"changed,omitempty"` // the file whose row was asked for, if it is not as the run wrote it
	Events     []Event `json:"events"`            // reading first

	Read    Event             `json:"-"` // the first event that read the example where it stayed
	Written []string          `json:"-"` // the outputs that have it
	Opened  map[string]string `json:"-"` // see [Summary]
	Filters []string          `json:"-"` // of the run, in order

	parent string // the example from which a filter made it
}

// Runs are the runs of a pipeline that left a record below a work folder.
type Runs struct {
	Work, Pipeline string
	Experiment     *string // only finished runs of this experiment; empty: of none; nil: all runs
}

// Lookup finds an example by its id, or the beginning of it, in the latest run that has it; runs that finished come first. The
// error says if there is none, if the beginning fits several and, for an example that a filter made, from which it was made.
func (s Runs) Lookup(id string) (*History, error) {
	runs, err := runsOf(s.Work, s.Pipeline)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(runs, pastRun.finishedFirst)
	var others []string
	for _, r := range runs {
		history, err := r.lookup(id)
		switch {
		case !s.includes(r):
			if history != nil && r.finished() && !slices.Contains(others, r.experiment()) {
				others = append(others, r.experiment())
			}
		case err != nil:
			return nil, err
		case history != nil:
			if err := r.fillIn(history); err != nil {
				return nil, err
			}
			return history, nil
		}
	}
	return nil, s.missing(id, others)
}

func (s Runs) includes(r pastRun) bool {
	return s.Experiment == nil || r.finished() && r.summary.Experiment == *s.Experiment
}

// missing returns the error that no run has an example. It names the experiments whose runs have it.
func (s Runs) missing(id string, others []string) error {
	pipeline, hint := filepath.Base(s.Pipeline), ""
	if s.Experiment == nil {
		return fmt.Errorf("no recorded run of %s has an example %q", pipeline, id)
	}
	if len(others) > 0 {
		hint = "; these experiments have one: " + strings.Join(others, ", ")
	}
	return fmt.Errorf("no recorded run of %s with experiment %s has an example %q%s", pipeline, nameOf(*s.Experiment), id, hint)
}

// lookup finds an example by its id, or the beginning of it; the result is nil if there is none. An example with the whole id
// takes precedence over those whose ids begin with it.
func (r pastRun) lookup(id string) (*History, error) {
	history := &History{Run: r.name(), Experiment: r.summary.Experiment, Unfinished: !r.finished(), Opened: r.summary.Opened}
	for _, filter := range r.summary.Filters {
		history.Filters = append(history.Filters, filter.Filter)
	}
	other := "" // another example that the beginning of an id fits
	for event, err := range linesWith[Event](r, eventsList, `"`+id) {
		if err != nil {
			return nil, err
		}
		for _, named := range append([]string{event.ID}, event.Made...) {
			if !strings.HasPrefix(named, id) {
				continue
			}
			switch whole := named == id; {
			case whole && history.ID != id: // what was found so far only begins with the id
				history.ID, history.Events, history.parent, other = named, nil, "", ""
			case !whole && history.ID == id: // this one only begins with it
				continue
			case history.ID == "":
				history.ID = named
			case history.ID != named:
				other = named
				continue
			}
			if named == event.ID {
				history.Events = append(history.Events, event)
			} else {
				history.parent = event.ID
			}
		}
	}
	switch {
	case other != "":
		return nil, fmt.Errorf("the id %q matches several examples, such as %s and %s", id, history.ID, other)
	case history.ID == "":
		return nil, nil
	}
	return history, nil
}

// fillIn adds where the example was read and which outputs of the run have it. It fails for an example that a filter made.
func (r pastRun) fillIn(h *History) error {
	first := slices.IndexFunc(h.Events, func(e Event) bool { return e.read() && !h.left(e) })
	if first < 0 {
		first = slices.IndexFunc(h.Events, Event.read)
	}
	if first < 0 {
		return h.madeError()
	}
	h.Read, h.Written = h.Events[first], []string{}
	written := map[string]bool{}
	for rows, err := range linesOf[Rows](r, rowsList) {
		if err != nil {
			return err
		}
		readThere := func(e Event) bool { return e.read() && e.Step == rows.Source }
		if slices.Contains(rows.IDs, h.ID) && slices.ContainsFunc(h.Events, readThere) {
			written[rows.Output] = true
		}
	}
	for _, output := range r.summary.Outputs {
		if written[output.Output] {
			h.Written = append(h.Written, output.Output)
		}
	}
	return nil
}

// left reports whether the example left for others as often as it was read in the source and unit of one reading.
func (h *History) left(read Event) bool {
	stay := 0
	for _, e := range h.Events {
		switch {
		case e.Step != read.Step || e.Unit != read.Unit:
		case e.read():
			stay++
		case e.left():
			stay--
		}
	}
	return stay <= 0
}

// madeError returns the error for an example that no source made; it says where the example comes from.
func (h *History) madeError() error {
	if h.parent == "" {
		return fmt.Errorf("a filter made example %s, and the record does not say from which example: only examples that were read can be shown", h.ID)
	}
	return fmt.Errorf("a filter made example %s from example %s: show that one instead", h.ID, h.parent)
}

// File returns what the run read in a file of the example's unit, or nil if its record does not say.
func (h *History) File(work, name string) (*FileCounts, error) {
	for counts, err := range linesOf[FileCounts](pastRun{folder: filepath.Join(work, "runs", h.Run)}, filesList) {
		if err != nil {
			return nil, err
		}
		if counts.Source == h.Read.Step && counts.Unit == h.Read.Unit && counts.File == name {
			return &counts, nil
		}
	}
	return nil, nil
}
