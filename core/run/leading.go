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

// position is where an example waits: in which piece of a stage, and which of its items it is.
type position struct{ piece, item int }

// leaders counts what the examples show that go first.
type leaders struct {
	shown [7]int          // how many of them show each trait
	tools map[uint64]bool // that they call first, by hash
}

// leading finds the leaders among what an output selects, for the files of each split. It looks at whole pieces until
// every trait is shown, or at all.
func (e *encoder) leading(from stage) (places []position, err error) {
	of := map[string]*leaders{"": {tools: map[uint64]bool{}}}
	for _, split := range from.splits() {
		of[trained(split)] = &leaders{tools: map[uint64]bool{}}
	}
	for i, p := range from.pieces {
		items, err := from.store.get(p.chunk)
		if err != nil {
			return nil, err
		}
		for j, item := range items {
			if e.takes(from, p.source, item) && len(item.Example) <= leadBytes && of[trained(item.Split)].new(item.Traits()) {
				places = append(places, position{i, j})
			}
		}
		if complete(of) {
			break
		}
	}
	return places, nil
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

// complete reports whether the leaders of every split show all there is.
func complete(of map[string]*leaders) bool {
	for _, l := range of {
		if len(l.tools) < 2*leadExamples || slices.Min(l.shown[:]) < leadExamples {
			return false
		}
	}
	return true
}
