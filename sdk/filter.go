package sdk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
)

// A Filter decides about examples, one at a time.
type Filter interface {
	// Apply answers one example. It may change the example only through its verdict: [Keep], [Drop], [Annotate] or
	// [Replace]. It is called from several goroutines at once, in no certain order, so what it answers follows from the
	// example alone. An error ends the run.
	Apply(ctx context.Context, example *Example) (Verdict, error)
}

// A Keyer is a filter by sameness: of the examples that share a key the host keeps the one with the highest quality
// score, of equals the first, and drops the others.
type Keyer interface {
	// Keys returns the keys under which the example is "the same" as another, such as a hash; none: it has no equal. An
	// empty text is a key like any other. Keys is called from several goroutines at once. An error ends the run.
	Keys(ctx context.Context, example *Example) ([]string, error)
}

// A Verdict is a filter's answer for one example.
type Verdict struct {
	Action     Action
	Reason     string     // of a drop: a short phrase, the same for every example dropped for it; reports count by it
	Evidence   string     // what in this example led there; of one that is just kept there is none
	Annotation Annotation // of an annotation; of a drop: only the quality score, by which reports count
	Examples   []*Example // what replaces the example
	Found      []Found    // of a replacement: what was found in the example; reports count by it
}

// Found says how often a filter found something at some kind of place in an example. It never holds what was found.
type Found struct {
	Kind  string `json:"kind"`           // such as "secret" or "email"
	Rule  string `json:"rule,omitempty"` // by which it was found, where the kind does not say all
	Place string `json:"place"`          // such as "result" or "arguments"
	Count int    `json:"count"`
}

// An Action is what a verdict does with its example.
type Action string

// The actions, one for each of the functions that make a [Verdict].
const (
	ActionKeep     Action = "keep"
	ActionDrop     Action = "drop"
	ActionAnnotate Action = "annotate"
	ActionReplace  Action = "replace"
)

// An Annotation is what a filter adds to an example that stays. Tags, labels and signals are added to those there.
type Annotation struct {
	TaskType string // replaces the example's, unless empty
	Split    string // replaces the example's, unless empty
	Tags     []string
	Labels   []string
	Signals  []Signal
	Quality  *float64 // replaces the example's, unless nil
}

// Keep keeps the example as it is.
func Keep() Verdict { return Verdict{Action: ActionKeep} }

// Drop drops the example for a reason (see [Verdict]), with what in the example led there.
func Drop(reason, evidence string) Verdict {
	return Verdict{Action: ActionDrop, Reason: reason, Evidence: evidence}
}

// Annotate keeps the example and adds to it. To add nothing is to keep it as it is.
func Annotate(annotation Annotation) Verdict {
	if !annotation.adds() {
		return Keep()
	}
	return Verdict{Action: ActionAnnotate, Annotation: annotation}
}

// Replace puts one or more examples in the example's place. The example itself, changed, may be one of them and keeps
// its ID; others get one, and name it as their parent. What they leave open is derived, as for a source's examples, and their
// source and provenance are those of the example that they replace. They belong to the caller afterwards.
func Replace(examples ...*Example) Verdict {
	return Verdict{Action: ActionReplace, Examples: examples}
}

// NewFilter describes a filter; O is as in [NewSource].
func NewFilter[O any](typ, doc string, open func(Setup, O) (Filter, error)) Step {
	return newStep(KindFilter, typ, doc, open)
}

// NewKeyer describes a filter by sameness; O is as in [NewSource].
func NewKeyer[O any](typ, doc string, open func(Setup, O) (Keyer, error)) Step {
	step := newStep(KindFilter, typ, doc, open)
	step.Keyed = true
	return step
}

// add puts an annotation into the example.
func (e *Example) add(a Annotation) {
	e.TaskType = cmp.Or(a.TaskType, e.TaskType)
	e.Split = cmp.Or(a.Split, e.Split)
	e.Quality = cmp.Or(a.Quality, e.Quality)
	e.Tags = append(e.Tags, a.Tags...)
	e.Labels = append(e.Labels, a.Labels...)
	e.Signals = append(e.Signals, a.Signals...)
}

func (a Annotation) check() error {
	e := Example{Quality: a.Quality, Signals: a.Signals}
	return errors.Join(checkSplit(a.Split), e.checkScores())
}

// adds reports whether the annotation adds anything.
func (a Annotation) adds() bool {
	return a.TaskType != "" || a.Split != "" || len(a.Tags)+len(a.Labels)+len(a.Signals) > 0 || a.Quality != nil
}

// check reports what makes no sense in a filter's answer, or would be left out without a word.
func (v Verdict) check() error {
	besideScore := v.Annotation
	besideScore.Quality = nil
	switch {
	case v.Action == ActionKeep && v.Annotation.adds():
		return errors.New("a filter kept it and annotated it at once: answer with sdk.Annotate")
	case v.Action == ActionKeep && (v.Reason != "" || v.Evidence != "" || len(v.Found) > 0):
		return errors.New("a filter kept it and gave a reason, evidence or what it found, which nobody would see: answer with sdk.Keep alone")
	case v.Action == ActionDrop && besideScore.adds():
		return errors.New("a filter dropped it and annotated it at once: of what is dropped only the quality score is told")
	case v.Action == ActionAnnotate && !v.Annotation.adds():
		return errors.New("a filter annotated it with nothing: answer with sdk.Keep")
	case v.Action == ActionReplace && v.Annotation.adds():
		return errors.New("a filter replaced it and annotated it at once: write it into what replaces it")
	case v.Action == ActionDrop && v.Reason == "":
		return errors.New("a filter dropped it without a reason: give one, such as \"too short\"")
	case v.Action == ActionReplace && len(v.Examples) == 0:
		return errors.New("a filter replaced it by nothing: drop it, with a reason")
	case v.Action == ActionReplace && slices.Contains(v.Examples, nil):
		return errors.New("a filter replaced it by an example that is nil")
	case !slices.Contains([]Action{ActionKeep, ActionDrop, ActionAnnotate, ActionReplace}, v.Action):
		return fmt.Errorf("a filter answered with the action %q: answer with sdk.Keep, Drop, Annotate or Replace", v.Action)
	case v.Action != ActionReplace && len(v.Examples) > 0:
		return fmt.Errorf("a filter gave examples in its place and answered %s: answer with sdk.Replace", v.Action)
	}
	if err := v.Annotation.check(); err != nil {
		return fmt.Errorf("a filter annotated it with what does not hold: %w", err)
	}
	return nil
}
