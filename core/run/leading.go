package run

import (
	"slices"

	"github.com/ftprep/ftprep/sdk"
)

// Readers of rows infer a schema from the first of them: datasets, which nearly every trainer uses, from the first 10 MB,
// and a row of a shape that it meets later does not load. So the first rows of an output show each shape that examples
// have: calls, results, reasoning, a mask, several calls in a message, and the arguments of more than one tool.

// A trait is shown by several leaders, for some may be refused, or lose it by shaping.
const (
	leadExamples = 3         // how many show a trait; twice as many show a tool each
	leadBytes    = 256 << 10 // how large a leader may be
)

// leaders counts what the examples show that go first.
type leaders struct {
	shown [7]int          // how many of them show each trait
	tools map[uint64]bool // that they call first, by hash
}

// infers reports whether readers of an output infer a schema from its first rows. Records stay in order: nobody does of them.
func (e *encoder) infers() bool {
	return e.step.handle.Framing == sdk.Rows && !e.step.handle.Holds.Details
}

// findLeaders finds, for all outputs at once, the leaders among what each selects, for the files of each split.
func findLeaders(encoders []*encoder, from stage) error {
	inferred := slices.DeleteFunc(slices.Clone(encoders), func(e *encoder) bool { return !e.infers() })
	if len(inferred) == 0 {
		return nil
	}
	for p, err := range from.portions() {
		if err != nil {
			return err
		}
		for i, item := range p.items {
			if len(item.Example) > leadBytes {
				continue
			}
			traits := item.Traits()
			for _, e := range inferred {
				if e.takes(from, p.source, item) && e.leadersOf(item.Split).new(traits) {
					e.leading = append(e.leading, position{p.index, i})
				}
			}
		}
	}
	return nil
}

// leadersOf gives the leaders of the files of a split.
func (e *encoder) leadersOf(split string) *leaders {
	l := e.leaders[trained(split)]
	if l == nil {
		l = &leaders{tools: map[uint64]bool{}}
		e.leaders[trained(split)] = l
	}
	return l
}

// new reports whether an example shows something that few of the leaders do.
func (l *leaders) new(t sdk.Traits) bool {
	shows := false
	for i, trait := range []bool{t.System, t.Calls, t.Results, t.Thinking, t.Words, t.Parallel, t.Masked} {
		if trait && l.shown[i] < leadExamples {
			l.shown[i]++
			shows = true
		}
	}
	if t.Tool != 0 && len(l.tools) < 2*leadExamples && !l.tools[t.Tool] {
		l.tools[t.Tool] = true
		shows = true
	}
	return shows
}
