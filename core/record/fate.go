package record

import (
	"fmt"
	"slices"
	"strings"
)

// fate is what became of one example in a run. The zero fate is that of an example that the run never saw.
type fate struct {
	read, copied int // how often it was read, and how often it left because another example holds it
	corrected    int // how often it left because a correction takes its place
	kept         bool
	class        class    // of an example that was kept
	dropped      []string // by filters: each with the reason
	replaced     []string // by filters
	refused      []verdict
	written      []string // to outputs
}

// class is what examples that were kept are compared by, besides their fate.
type class struct{ typ, taskType, split string }

// verdict is why an output has no row of an example.
type verdict struct{ output, reason string }

// What can become of an example, apart from the outcomes that say who dropped, replaced or refused it and why.
const (
	notRead   = "not read"
	written   = "written" // to some output
	noOutput  = "in no output"
	copied    = "a copy of another example"
	corrected = "corrected"
)

// outcome says in a few words what became of an example.
func (f *fate) outcome() string {
	switch {
	case len(f.written) > 0:
		return written
	case len(f.refused) > 0:
		var all []string
		for _, v := range f.refused {
			all = append(all, "refused by "+v.output+": "+v.reason)
		}
		return strings.Join(all, "; ")
	case f.kept:
		return noOutput
	case len(f.dropped) > 0:
		return "dropped by " + strings.Join(f.dropped, "; ")
	case len(f.replaced) > 0:
		return "replaced by " + strings.Join(f.replaced, "; ")
	case f.copied > 0:
		return copied
	case f.corrected > 0:
		return corrected
	case f.read > 0:
		return "read"
	}
	return notRead
}

// outcomeIn returns what an output made of an example that was kept.
func (f *fate) outcomeIn(output string) string {
	if slices.Contains(f.written, output) {
		return written
	}
	for _, v := range f.refused {
		if v.output == output {
			return "refused: " + v.reason
		}
	}
	return "not selected"
}

// transition is one thing that happens to an example of some fate.
type transition struct {
	what   string // an action of an [Event], or "keep" or "write"
	step   string // where it happened
	reason string
	class  class  // of an example that is kept
	before uint32 // the number of the example's fate until then
}

// fates numbers the fates that occur, so that an example only needs memory for a number. The order in which things happen to
// an example makes no difference, except that the last time it is kept determines its class.
type fates struct {
	all   []fate
	known map[string]uint32 // by the whole fate as a text
	after map[transition]uint32
}

func newFates() *fates {
	f := &fates{known: map[string]uint32{}, after: map[transition]uint32{}}
	f.number(fate{})
	return f
}

// number returns the number of a fate, which may be new.
func (f *fates) number(one fate) uint32 {
	key := fmt.Sprintf("%#v", one)
	number, ok := f.known[key]
	if !ok {
		number = uint32(len(f.all))
		f.all = append(f.all, one)
		f.known[key] = number
	}
	return number
}

// next returns the number of the fate that an example has after something happens to it.
func (f *fates) next(t transition) uint32 {
	number, ok := f.after[t]
	if !ok {
		one := f.all[t.before]
		one.apply(t)
		number = f.number(one)
		f.after[t] = number
	}
	return number
}

// apply changes the fate. Its lists are shared with other fates, so they are copied first.
func (f *fate) apply(t transition) {
	switch t.what {
	case "read":
		f.read++
	case "copy":
		f.copied++
	case "corrected":
		f.corrected++
	case "drop":
		f.dropped = inserted(f.dropped, t.step+": "+t.reason)
	case "replace":
		f.replaced = inserted(f.replaced, t.step)
	case "refuse":
		if v := (verdict{t.step, t.reason}); !slices.Contains(f.refused, v) {
			f.refused = append(slices.Clone(f.refused), v)
			slices.SortFunc(f.refused, func(a, b verdict) int { return strings.Compare(a.output+a.reason, b.output+b.reason) })
		}
	case "keep":
		f.kept, f.class = true, t.class
	case "write":
		f.written = inserted(f.written, t.step)
	}
}

// inserted returns an ordered set with one more text, and does not change the original.
func inserted(set []string, one string) []string {
	at, there := slices.BinarySearch(set, one)
	if there {
		return set
	}
	return slices.Insert(slices.Clone(set), at, one)
}
