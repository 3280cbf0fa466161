package record

import (
	"cmp"
	"slices"
	"strings"
)

// shownCases is how many examples of a decision an overview has.
const shownCases = 3

// An Overview is the record of a run in short.
type Overview struct {
	Brief     Brief
	Summary   *Summary
	Decisions []Decision // of filters and outputs: by step in the order of the run, the most frequent first
	Sample    []Seen     // some examples, chosen by a hash of their ids
}

// Decision is why a step dropped or refused examples.
type Decision struct {
	Step, Action, Reason string
	Count                int
	Cases                []Case // the first ones by id
}

// Case is one example of a decision, and what in it led there.
type Case struct{ ID, Evidence string }

// Seen is an example of the sample with what became of it.
type Seen struct {
	*Sampled
	Outcome string   // in some words
	Outputs []string // what each output made of it, if the filters left it
}

// Overview returns an overview of a run, given by its name.
func (s Runs) Overview(name string) (*Overview, error) {
	runs, err := s.named(name)
	if err != nil {
		return nil, err
	}
	r := runs[0]
	o := &Overview{Brief: r.brief(), Summary: &r.summary}
	if o.Decisions, err = r.decisions(); err != nil {
		return nil, err
	}
	o.Sample, err = r.seen()
	return o, err
}

// decisions gathers why examples were dropped and refused.
func (r pastRun) decisions() ([]Decision, error) {
	all := map[[3]string]*Decision{}
	for e, err := range linesOf[Event](r, eventsList) {
		if err != nil {
			return nil, err
		}
		if e.Action != "drop" && e.Action != "refuse" {
			continue
		}
		d := all[[3]string{e.Step, e.Action, e.Reason}]
		if d == nil {
			d = &Decision{Step: e.Step, Action: e.Action, Reason: e.Reason}
			all[[3]string{e.Step, e.Action, e.Reason}] = d
		}
		d.Count++
		d.Cases = insert(d.Cases, Case{e.ID, e.Evidence}, shownCases, func(a, b Case) int {
			return cmp.Or(strings.Compare(a.ID, b.ID), strings.Compare(a.Evidence, b.Evidence))
		})
	}
	blocks := blocksOf(&r.summary)
	var list []Decision
	for _, d := range all {
		list = append(list, *d)
	}
	slices.SortFunc(list, func(a, b Decision) int {
		return cmp.Or(
			cmp.Compare(slices.Index(blocks, a.Step), slices.Index(blocks, b.Step)), cmp.Compare(b.Count, a.Count),
			strings.Compare(a.Action, b.Action), strings.Compare(a.Reason, b.Reason),
		)
	})
	return list, nil
}

// seen returns the sample with what became of its examples.
func (r pastRun) seen() ([]Seen, error) {
	var sample []Seen
	table := newFateTable()
	table.only = map[string]bool{}
	for s, err := range linesOf[Sampled](r, sampleList) {
		if err != nil {
			return nil, err
		}
		sample = append(sample, Seen{Sampled: &s})
		table.only[s.ID] = true
	}
	if err := table.load(0, r); err != nil {
		return nil, err
	}
	for i := range sample {
		became := table.of(0, sample[i].ID)
		sample[i].Outcome = became.outcome()
		if !became.kept {
			continue
		}
		for _, output := range r.summary.Outputs {
			sample[i].Outputs = append(sample[i].Outputs, output.Output+": "+became.outcomeIn(output.Output))
		}
	}
	return sample, nil
}
