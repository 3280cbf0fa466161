package run

import "github.com/ftprep/ftprep/sdk"

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

// leaders are the examples that go first, in order.
type leaders struct {
	places []position
	shown  [7]int          // how many of them show each trait
	tools  map[uint64]bool // that they call first, by hash
}

// leading finds the leaders among what an output selects. It looks at whole pieces until every trait is shown, or at all.
func (e *encoder) leading(from stage) ([]position, error) {
	l := &leaders{tools: map[uint64]bool{}}
	for i, p := range from.pieces {
		items, err := from.store.get(p.chunk)
		if err != nil {
			return nil, err
		}
		for j, item := range items {
			if e.takes(from, p.source, item) && len(item.Example) <= leadBytes && l.new(item.Traits()) {
				l.places = append(l.places, position{i, j})
			}
		}
		if l.complete() {
			break
		}
	}
	return l.places, nil
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

func (l *leaders) complete() bool {
	for _, n := range l.shown {
		if n < leadExamples {
			return false
		}
	}
	return len(l.tools) == 2*leadExamples
}
