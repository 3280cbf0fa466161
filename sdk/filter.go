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
	// Apply returns the verdict on one example, made by [Keep], [Drop], [Annotate] or [Replace]. The example must be
	// changed only through the verdict: a change made in place does not reach the dataset. Apply is called from several
	// goroutines at once and in no particular order, so its answer must follow from the example alone. An error ends the
	// run.
	Apply(ctx context.Context, example *Example) (Verdict, error)
}

// A Keyer is a filter that finds equal examples. Of the examples that share a key the host keeps the one with the highest
// quality score, or the first of those if there are several, and drops the others.
type Keyer interface {
	// Keys returns the keys of an example, such as a hash of its text. Two examples that have a key in common are equal;
	// an example without keys equals no other. An empty string is a key like any other. Keys is called from several
	// goroutines at once. An error ends the run.
	Keys(ctx context.Context, example *Example) ([]string, error)
}

// A Verdict is a filter's answer for one example.
type Verdict struct {
	Action     Action
	Reason     string     // of a drop: a short phrase, the same for all examples dropped for that reason, by which reports count
	Evidence   string     // what in this example led to the verdict; always empty for an example that is kept as it is
	Annotation Annotation // what to add; of a drop: at most the quality score, by which reports count
	Examples   []*Example // what replaces the example
	Found      []Found    // of a replacement: what was found in the example, by which reports count
}

// A Found says how often a filter found something of one kind in one sort of place of an example. It never holds what was
// found.
type Found struct {
	Kind  string `json:"kind"`           // such as "secret" or "email"
	Rule  string `json:"rule,omitempty"` // the rule that found it, unless the kind says everything
	Place string `json:"place"`          // such as "result" or "arguments"
	Count int    `json:"count"`
}

// An Action is what a verdict does with the example.
type Action string

// The actions. For each there is a function that makes a [Verdict] with it: [Keep], [Drop], [Annotate] and [Replace].
const (
	ActionKeep     Action = "keep"
	ActionDrop     Action = "drop"
	ActionAnnotate Action = "annotate"
	ActionReplace  Action = "replace"
)

// An Annotation is what a filter adds to an example that stays. Tags, labels and signals are added to those that the
// example has.
type Annotation struct {
	TaskType string // replaces that of the example, unless empty
	Split    string // replaces that of the example, unless empty
	Tags     []string
	Labels   []string
	Signals  []Signal
	Quality  *float64 // replaces that of the example, unless nil
}

// Keep returns the verdict that keeps the example as it is.
func Keep() Verdict { return Verdict{Action: ActionKeep} }

// Drop returns the verdict that drops the example. [Verdict] says what reason and evidence are.
func Drop(reason, evidence string) Verdict {
	return Verdict{Action: ActionDrop, Reason: reason, Evidence: evidence}
}

// Annotate returns the verdict that keeps the example and adds an annotation to it. If the annotation is empty, the
// verdict is that of [Keep].
func Annotate(annotation Annotation) Verdict {
	if !annotation.adds() {
		return Keep()
	}
	return Verdict{Action: ActionAnnotate, Annotation: annotation}
}

// Replace returns the verdict that puts one or more examples in the place of the example. The example itself, changed,
// may be one of them; it keeps its ID. Each of the others gets an ID and has the replaced example as its parent. What
// they leave open is derived as for the examples of a source; source and provenance are taken from the replaced example.
// The examples belong to the SDK afterwards.
func Replace(examples ...*Example) Verdict {
	return Verdict{Action: ActionReplace, Examples: examples}
}

// NewFilter returns a step that is a filter. The options O and the function open are as for [NewSource].
func NewFilter[O any](typ, doc string, open func(Setup, O) (Filter, error)) Step {
	return newStep(KindFilter, typ, doc, open)
}

// NewKeyer returns a step that is a [Keyer]. The options O and the function open are as for [NewSource].
func NewKeyer[O any](typ, doc string, open func(Setup, O) (Keyer, error)) Step {
	step := newStep(KindFilter, typ, doc, open)
	step.Keyed = true
	return step
}

// add adds an annotation to the example.
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

// check returns an error if the verdict contradicts itself or holds something that would be lost silently.
func (v Verdict) check() error {
	besideScore := v.Annotation
	besideScore.Quality = nil
	switch {
	case v.Action == ActionKeep && v.Annotation.adds():
		return errors.New("a filter kept it and annotated it at once: answer with sdk.Annotate")
	case v.Action == ActionKeep && (v.Reason != "" || v.Evidence != "" || len(v.Found) > 0):
		return errors.New("a filter kept it and gave a reason, evidence or what it found, which nobody would see: answer with sdk.Keep alone")
	case v.Action == ActionDrop && besideScore.adds():
		return errors.New("a filter dropped it and annotated it at once: a dropped example can only be given a quality score")
	case v.Action == ActionAnnotate && !v.Annotation.adds():
		return errors.New("a filter annotated it with nothing: answer with sdk.Keep")
	case v.Action == ActionReplace && v.Annotation.adds():
		return errors.New("a filter replaced it and annotated it at once: put the annotation into the examples that replace it")
	case v.Action == ActionDrop && v.Reason == "":
		return errors.New("a filter dropped it without a reason: give one, such as \"too short\"")
	case v.Action == ActionReplace && len(v.Examples) == 0:
		return errors.New("a filter replaced it with nothing: drop it, with a reason")
	case v.Action == ActionReplace && slices.Contains(v.Examples, nil):
		return errors.New("a filter replaced it with an example that is nil")
	case !slices.Contains([]Action{ActionKeep, ActionDrop, ActionAnnotate, ActionReplace}, v.Action):
		return fmt.Errorf("a filter answered with the action %q: answer with sdk.Keep, Drop, Annotate or Replace", v.Action)
	case v.Action != ActionReplace && len(v.Examples) > 0:
		return fmt.Errorf("a filter gave examples to replace it but answered %s: answer with sdk.Replace", v.Action)
	}
	if err := v.Annotation.check(); err != nil {
		return fmt.Errorf("a filter gave it an invalid annotation: %w", err)
	}
	return nil
}
