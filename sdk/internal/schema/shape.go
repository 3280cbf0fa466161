// Package schema learns the JSON schema of a tool's arguments from calls.
//
// A [Shape] gathers what the arguments looked like, call by call. Shapes can be merged. The result is the same in
// whatever order they are merged and however the calls were spread over them, so units can be read in parallel.
// [Shape.Schema] decides only at the end what the shape says.
//
// The size of a shape is bounded, whatever the calls hold. What exceeds a bound is forgotten, in a way that keeps the
// result independent of the order: a bound is on something that only grows as more is seen, and what has been forgotten
// stays forgotten.
package schema

// A Type is a JSON type, except that numbers written as integers have a type of their own.
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

// Counts holds how many values of each type were seen.
type Counts [types]int

func (c *Counts) add(other Counts) {
	for i, n := range other {
		c[i] += n
	}
}

// A Shape describes the values seen at one place of the arguments. The zero value has seen nothing.
type Shape struct {
	Seen    Counts
	Words   map[string]int    // how often each string was seen, while all are words and there are few
	Open    bool              // there were strings that are not words, or too many different ones
	Members map[string]*Shape // the members of objects, by key
	Items   *Shape            // the items of arrays
	Full    bool              // there are too many parts: Values is all that is left of the members, and Items is full as well
	Values  Counts            // if Full: the types of the members of all objects

	weight int // how many shapes are below this one; if Full, the whole budget of its place, so that it never shrinks
}

// A place says how deep a shape stands and how many shapes there may be below it. The deeper it is, the fewer there may
// be. That also bounds the depth, and a part that is full leaves room for its neighbours.
type place struct{ depth, budget int }

// budgets holds how many shapes there may be below a shape, by depth: below the arguments, their members, the members of
// these, and so on.
var budgets = [...]int{512, 64, 16, 4, 1}

var root = place{0, budgets[0]}

func (p place) member() place {
	depth := min(p.depth+1, len(budgets)-1)
	return place{depth, budgets[depth]}
}

// items returns the place of an array's items. They are as deep as the array, but have a smaller budget, so arrays within
// arrays end as well.
func (p place) items() place { return place{p.depth, p.budget - 1} }

// Other bounds.
const (
	longestKey  = 100 // bytes; an object with a longer key is full
	longestWord = 32
	mostWords   = 8
)

// fill makes a shape full: it forgets its parts, except for the types of its members.
func (s *Shape) fill(at place) {
	for _, member := range s.Members {
		s.Values.add(member.Seen)
	}
	s.Full, s.Members, s.weight = true, nil, at.budget
	if s.Items != nil {
		s.Items.fill(at.items())
	}
}

// addWeight counts n more shapes below s. If they use up the budget, s becomes full.
func (s *Shape) addWeight(n int, at place) {
	if s.Full {
		return
	}
	if s.weight += n; s.weight >= at.budget {
		s.fill(at)
	}
}

// member returns the shape of an object's member, or nil if the object is full.
func (s *Shape) member(key string, at place) *Shape {
	if member := s.Members[key]; member != nil {
		return member
	}
	if len(key) > longestKey && !s.Full {
		s.fill(at)
	}
	s.addWeight(1, at)
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

// items returns the shape of an array's items, or nil if arrays within arrays have used up the budget. A full shape has
// items, too, but they are full as well.
func (s *Shape) items(at place) *Shape {
	if s.Items == nil && at.budget > 0 {
		s.addWeight(1, at)
		s.Items = &Shape{}
		if s.Full {
			s.Items.fill(at.items())
		}
	}
	return s.Items
}

// updatePart calls update, which may add shapes below part, a member or the items of s. They are below s as well, so they
// add to its weight. at is the place of s.
func (s *Shape) updatePart(part *Shape, at place, update func()) {
	before := part.weight
	update()
	s.addWeight(part.weight-before, at)
}

// word counts a string that was seen n times.
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

// isWord reports whether a string may be one of a fixed choice, such as in_progress: letters, separated by single
// underscores and dashes. Text, paths, ids and versions are not words.
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

// Merge adds what another shape has seen.
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
			s.updatePart(member, at, func() { member.merge(part, at.member()) })
		} else {
			s.Values.add(part.Seen)
		}
	}
	if other.Items != nil {
		if items := s.items(at); items != nil {
			s.updatePart(items, at, func() { items.merge(other.Items, at.items()) })
		}
	}
}
