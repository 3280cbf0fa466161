package run

import (
	"context"
	"slices"

	"github.com/ftprep/ftprep/core/stage"
	"github.com/ftprep/ftprep/sdk"
)

// Leaders are the examples that go first into an output. Trainers infer a schema from the first rows that they read: the
// datasets library, which nearly all of them use, from the first 10 MB, and a later row of another shape does not load. So
// the first rows show every shape that examples have: a system prompt, calls, results, reasoning, a mask, several calls in a
// message, and the arguments of more than one tool.
//
// Each of these traits is shown by several leaders, since a format may refuse some, and shaping may take the trait away.
const (
	leadExamples = 3         // how many leaders show a trait; twice as many show a tool each
	leadBytes    = 256 << 10 // how large a leader may be
)

// leaders counts what the leaders of an output's files show.
type leaders struct {
	shown [7]int          // how many of them show each trait
	tools map[uint64]bool // hashes of the tools that they call first
}

// infers reports whether trainers may infer a schema from the first rows of an output. Trainers do not read the records of a
// format that holds details, so those stay in order.
func (e *encoder) infers() bool {
	return e.step.handle.Framing == sdk.FramingRows && !e.step.handle.Holds.Details
}

// findLeaders finds the leaders of all outputs in one pass: for each output, among what it selects, those of each split.
func findLeaders(ctx context.Context, encoders []*encoder, from stage.Stage) error {
	inferred := slices.DeleteFunc(slices.Clone(encoders), func(e *encoder) bool { return !e.infers() })
	if len(inferred) == 0 {
		return nil
	}
	for p, err := range from.Portions(ctx) {
		if err != nil {
			return err
		}
		for i, item := range p.Items {
			if len(item.Example) > leadBytes {
				continue
			}
			traits := item.Traits()
			for _, e := range inferred {
				if e.takes(from, p.Source, item) && e.leadersOf(item.Split).admit(traits) {
					e.leading = append(e.leading, stage.Position{Piece: p.Index, Item: i})
				}
			}
		}
	}
	return nil
}

// leadersOf returns what counts the leaders of the files of a split.
func (e *encoder) leadersOf(split string) *leaders {
	split = splitName(split)
	l := e.leaders[split]
	if l == nil {
		l = &leaders{tools: map[uint64]bool{}}
		e.leaders[split] = l
	}
	return l
}

// admit counts an example as a leader if it shows something that few leaders show, and reports whether it does.
func (l *leaders) admit(t sdk.Traits) bool {
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
