// Package schema learns the JSON schema of a tool's arguments from calls.
//
// A [Shape] gathers what the arguments looked like, call by call. Shapes merge: in any order, and however the calls were
// spread over them, the result is the same, so that units can be read in parallel. [Shape.Schema] then decides, once,
// what they say.
//
// A shape is bounded, whatever the calls hold. What is beyond a bound is forgotten in a way that keeps the promise
// above: a bound is on something that only grows when more is seen, and what is forgotten stays so.
package schema

// Type is a JSON type; of numbers, those that are written as integers are one of their own.
type Type int

// The types, in the order in which a schema lists them.
const (
	String Type = iota
	Integer
	Number
	Boolean
	Object
	Array
	Null
	types
)

// Counts says how many values of each type were seen.
type Counts [types]int

func (c *Counts) add(other Counts) {
	for i, n := range other {
		c[i] += n
	}
}

// A Shape is what the values at one place looked like. The zero value has seen nothing.
type Shape struct {
	Seen    Counts
	Words   map[string]int    // the strings, while all are words and few
	Open    bool              // the strings are not just few words
	Members map[string]*Shape // of objects, by key
	Items   *Shape            // of arrays
	Full    bool              // too many parts: of members Values is left, and the items are full as well
	Values  Counts            // the members of all objects, where full

	weight int // how many shapes are below it; all that may be where it is full, so that it never shrinks
}

// A place is where a shape stands: how many shapes there may be below it. Deeper there may be fewer, which bounds the
// depth as well, and a part that is full leaves room for its neighbours.
type place struct{ depth, budget int }

// budgets by depth: the arguments, their members, the members of these, and so on.
var budgets = [...]int{512, 64, 16, 4, 1}

var root = place{0, budgets[0]}

func (p place) member() place {
	depth := min(p.depth+1, len(budgets)-1)
	return place{depth, budgets[depth]}
}

func (p place) items() place { return place{p.depth, p.budget - 1} }

// Other bounds.
const (
	longestKey  = 100 // bytes; an object with a longer key is full
	longestWord = 32
	mostWords   = 8
)

// fill forgets the parts but for their types.
func (s *Shape) fill(at place) {
	for _, member := range s.Members {
		s.Values.add(member.Seen)
	}
	s.Full, s.Members, s.weight = true, nil, at.budget
	if s.Items != nil {
		s.Items.fill(at.items())
	}
}

// grow counts shapes that are new below s.
func (s *Shape) grow(n int, at place) {
	if s.Full {
		return
	}
	if s.weight += n; s.weight >= at.budget {
		s.fill(at)
	}
}

// member finds the shape of an object's member; nil where the object is full.
func (s *Shape) member(key string, at place) *Shape {
	if member := s.Members[key]; member != nil {
		return member
	}
	if len(key) > longestKey && !s.Full {
		s.fill(at)
	}
	s.grow(1, at)
	if s.Full {
		return nil
	}
	if s.Members == nil {
		s.Members = map[string]*Shape{}
	}
	member := &Shape{}
	s.Members[key] = member
	return member
}

// items finds the shape of an array's items; nil where it would stand too deep.
func (s *Shape) items(at place) *Shape {
	if s.Items == nil && at.budget > 0 {
		s.grow(1, at)
		s.Items = &Shape{}
		if s.Full {
			s.Items.fill(at.items())
		}
	}
	return s.Items
}

// change changes a part of s.
func (s *Shape) change(part *Shape, at place, change func()) {
	before := part.weight
	change()
	s.grow(part.weight-before, at)
}

// word takes in a string.
func (s *Shape) word(word string, n int) {
	switch {
	case s.Open:
	case !isWord(word) || s.Words[word] == 0 && len(s.Words) == mostWords:
		s.Open, s.Words = true, nil
	default:
		if s.Words == nil {
			s.Words = map[string]int{}
		}
		s.Words[word] += n
	}
}

// isWord reports whether a string may be one of a fixed choice, such as in_progress: letters, parted by single
// underscores and dashes. Text, paths, ids and versions are none.
func isWord(s string) bool {
	if len(s) > longestWord {
		return false
	}
	letter := false
	for i := range len(s) {
		switch c := s[i] | 0x20; {
		case 'a' <= c && c <= 'z':
			letter = true
		case letter && (s[i] == '_' || s[i] == '-'):
			letter = false
		default:
			return false
		}
	}
	return letter
}

// Merge takes in what another shape has seen.
func (s *Shape) Merge(other *Shape) { s.merge(other, root) }

func (s *Shape) merge(other *Shape, at place) {
	s.Seen.add(other.Seen)
	s.Values.add(other.Values)
	if other.Open {
		s.Open, s.Words = true, nil
	}
	for word, n := range other.Words {
		s.word(word, n)
	}
	if other.Full && !s.Full {
		s.fill(at)
	}
	for key, part := range other.Members {
		if member := s.member(key, at); member != nil {
			s.change(member, at, func() { member.merge(part, at.member()) })
		} else {
			s.Values.add(part.Seen)
		}
	}
	if other.Items != nil {
		if items := s.items(at); items != nil {
			s.change(items, at, func() { items.merge(other.Items, at.items()) })
		}
	}
}
