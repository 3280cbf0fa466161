package detect

import (
	"iter"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode/utf8"
)

// unbounded stands for the length of a match that may have any length.
const unbounded = -1

// shape is what can be said about a regular expression without running it. Leading parts that a match need not have, and a
// leading \b, are taken off: they decide nothing about what follows.
type shape struct {
	tree      *syntax.Regexp
	source    string // as somebody wrote it, without a leading \b; empty: more than that was taken off
	wordStart bool
	longest   int // bytes of the longest match; unbounded
	vague     bool
}

func shapeOf(expression string) (*shape, error) {
	tree, err := syntax.Parse(expression, syntax.Perl)
	if err != nil {
		return nil, err
	}
	s := &shape{}
	s.tree = s.strip(tree)
	if s.tree == tree {
		s.source = expression
	} else if s.wordStart && s.tree.Op == syntax.OpConcat && slices.Equal(s.tree.Sub, tree.Sub[1:]) {
		s.source = withoutBoundary(expression)
	}
	s.vague = s.tree != tree && !s.wordStart
	s.longest = longest(s.tree)
	return s, nil
}

// withoutBoundary takes a leading \b off an expression. It returns an empty string if there is none.
func withoutBoundary(expression string) string {
	folding := ""
	if strings.HasPrefix(expression, `(?i)`) {
		folding = `(?i)`
	}
	rest, found := strings.CutPrefix(expression[len(folding):], `\b`)
	if !found {
		return ""
	}
	return folding + rest
}

// strip takes off a leading \b and leading parts that may be absent.
func (s *shape) strip(t *syntax.Regexp) *syntax.Regexp {
	switch t.Op {
	case syntax.OpCapture:
		inner := s.strip(t.Sub[0])
		if inner == t.Sub[0] {
			return t
		}
		stripped := *t
		stripped.Sub = []*syntax.Regexp{inner}
		return &stripped
	case syntax.OpConcat:
		subs := t.Sub
		for len(subs) > 1 {
			if optional(subs[0]) {
				subs = subs[1:]
			} else if subs[0].Op == syntax.OpWordBoundary && !s.wordStart {
				s.wordStart = true
				subs = subs[1:]
			} else {
				break
			}
		}
		if first := s.strip(subs[0]); first != subs[0] {
			subs = append([]*syntax.Regexp{first}, subs[1:]...)
		} else if len(subs) == len(t.Sub) {
			return t
		}
		stripped := *t
		stripped.Sub = subs
		return &stripped
	}
	return t
}

func optional(t *syntax.Regexp) bool {
	switch t.Op {
	case syntax.OpStar, syntax.OpQuest:
	case syntax.OpRepeat:
		if t.Min > 0 {
			return false
		}
	default:
		return false
	}
	return t.Sub[0].Op != syntax.OpCapture
}

// anchored returns the expression for a match that begins where the text does. It writes the tree down only if it must, since
// that takes as long as compiling it.
func (s *shape) anchored() string {
	source := s.source
	if source == "" {
		source = s.tree.String()
	}
	return `^(?:` + source + `)`
}

// head is the beginning of some matches: for each place the bytes that can stand there.
type head []byteSet

const (
	headLength = 16
	mostHeads  = 64
	mostStarts = 4000
)

// heads lists how matches can begin. open says that the last place of each is followed by what comes next in the expression;
// it is false if they go on in other ways, or if they became too many to go on with.
func heads(t *syntax.Regexp) (list []head, open bool) {
	switch t.Op {
	case syntax.OpLiteral:
		h := head{}
		for _, r := range t.Rune {
			h = append(h, setOf(r, t.Flags&syntax.FoldCase != 0))
		}
		return []head{h}, true
	case syntax.OpCharClass:
		return []head{{classSet(t.Rune)}}, true
	case syntax.OpCapture:
		return heads(t.Sub[0])
	case syntax.OpConcat:
		return concatHeads(t.Sub)
	case syntax.OpAlternate:
		open = true
		for _, sub := range t.Sub {
			more, opened := heads(sub)
			list, open = append(list, more...), open && opened
		}
		return list, open
	case syntax.OpPlus:
		list, _ = heads(t.Sub[0])
		return list, false
	case syntax.OpQuest:
		list, open = heads(t.Sub[0])
		return append([]head{{}}, list...), open
	case syntax.OpRepeat:
		return repeatHeads(t)
	}
	return []head{{}}, false
}

// concatHeads is heads for parts that follow each other.
func concatHeads(subs []*syntax.Regexp) (list []head, open bool) {
	list, open = []head{{}}, true
	for _, sub := range subs {
		if !open || len(list) > mostHeads {
			return list, false
		}
		var more []head
		more, open = heads(sub)
		list = product(list, more)
	}
	return list, open
}

// repeatHeads is heads for a part that is repeated. The heads go as far as the repetitions that every match has.
func repeatHeads(t *syntax.Regexp) (list []head, open bool) {
	once, onceOpen := heads(t.Sub[0])
	times := min(t.Min, headLength)
	exact := t.Min == t.Max && times == t.Min // no match has more repetitions than these
	if onceOpen && len(once) == 1 {
		return []head{slices.Repeat(once[0], times)}, exact
	}
	list = []head{{}}
	for range times {
		list = product(list, once)
		if !onceOpen || len(list) > mostHeads {
			return list, false
		}
	}
	return list, exact
}

// product lists every head of one list followed by every head of another.
func product(list, more []head) []head {
	all := make([]head, 0, len(list)*len(more))
	for _, a := range list {
		for _, b := range more {
			all = append(all, slices.Concat(a, b))
		}
	}
	return all
}

func setOf(r rune, fold bool) (set byteSet) {
	if r >= utf8.RuneSelf {
		set.addHigh()
		return set
	}
	set.add(byte(r))
	if fold && 'a' <= r|32 && r|32 <= 'z' {
		set.add(byte(r ^ 32))
	}
	return set
}

func classSet(ranges []rune) (set byteSet) {
	for i := 0; i < len(ranges); i += 2 {
		for r := ranges[i]; r <= ranges[i+1] && r < utf8.RuneSelf; r++ {
			set.add(byte(r))
		}
		if ranges[i+1] >= utf8.RuneSelf && ranges[i+1] > 0x212A { // more than the signs that fold to k and s
			set.addHigh()
		}
	}
	return set
}

// starts lists how matches begin and, by the first three of these bytes, folded, what can follow. It returns nil unless they
// are worth waiting for: the beginnings are few, and they are telling or hold one of the keywords.
func (s *shape) starts(keywords []string) (list []head, starts map[uint32]following) {
	list, _ = heads(s.tree)
	starts = map[uint32]following{}
	for _, h := range list {
		if len(h) < 3 || h.spread() > mostStarts || h.short() && len(keywords) > 0 && !h.holdsKeyword(keywords) {
			return nil, nil
		}
		for start := range h.trigrams() {
			starts[start] = starts[start].or(h)
		}
	}
	if len(starts) == 0 || len(starts) > mostStarts/8 {
		return nil, nil
	}
	return list, starts
}

// trigrams iterates over what the first three bytes of a head can be.
func (h head) trigrams() iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		for a := range h[0].all() {
			for b := range h[1].all() {
				for c := range h[2].all() {
					if !yield(trigram(a, b, c)) {
						return
					}
				}
			}
		}
	}
}

// or adds what can follow the first three bytes of a head.
func (f following) or(h head) following {
	for i := range f {
		f[i].addAll(h.at(3 + i))
	}
	return f
}

// at returns the set of bytes that can stand at a place; after the head any can.
func (h head) at(i int) byteSet {
	if i < len(h) {
		return h[i]
	}
	return anyByte
}

// short reports whether one of the first three bytes can be one of many, so that they tell little.
func (h head) short() bool {
	return slices.ContainsFunc(h[:3], func(set byteSet) bool { return set.size() > 6 })
}

// spread returns how many different first three bytes a head has.
func (h head) spread() int { return h[0].size() * h[1].size() * h[2].size() }

// holdsKeyword reports whether every match of the head holds one of the keywords, in some case.
func (h head) holdsKeyword(keywords []string) bool {
	for at := range h {
		if h[at:].beginsWith(keywords) {
			return true
		}
	}
	return false
}

// beginsWith reports whether every match of the head begins with some keyword. It compares letter by letter: each has to be
// that of some keyword in its place, up to the end of the shortest.
func (h head) beginsWith(keywords []string) bool {
	for i := 0; ; i++ {
		if slices.ContainsFunc(keywords, func(keyword string) bool { return len(keyword) == i }) {
			return true
		}
		if i == len(h) {
			return false
		}
		var letters [256]bool
		for _, keyword := range keywords {
			letters[lowerByte(keyword[i])] = true
		}
		for c := range h[i].all() {
			if !letters[lowerByte(c)] {
				return false
			}
		}
	}
}

// holdsKeyword reports whether every match holds one of the keywords, in some case.
func (s *shape) holdsKeyword(keywords []string) bool { return surelyHolds(s.tree, keywords) }

func surelyHolds(t *syntax.Regexp, keywords []string) bool {
	switch t.Op {
	case syntax.OpLiteral:
		return headsHold([]*syntax.Regexp{t}, keywords)
	case syntax.OpCapture, syntax.OpPlus:
		return surelyHolds(t.Sub[0], keywords)
	case syntax.OpRepeat:
		return t.Min > 0 && surelyHolds(t.Sub[0], keywords)
	case syntax.OpConcat:
		for i, sub := range t.Sub {
			if headsHold(t.Sub[i:], keywords) || surelyHolds(sub, keywords) {
				return true
			}
		}
	case syntax.OpAlternate:
		for _, sub := range t.Sub {
			if !surelyHolds(sub, keywords) {
				return false
			}
		}
		return true
	}
	return false
}

func headsHold(subs []*syntax.Regexp, keywords []string) bool {
	list, _ := concatHeads(subs)
	for _, h := range list {
		if !h.holdsKeyword(keywords) {
			return false
		}
	}
	return len(list) > 0
}

// longest returns the length of the longest match in bytes, or unbounded.
func longest(t *syntax.Regexp) int {
	sum, most := 0, 0 // of the parts
	for _, sub := range t.Sub {
		part := longest(sub)
		if part == unbounded {
			return unbounded
		}
		sum, most = sum+part, max(most, part)
	}
	switch t.Op {
	case syntax.OpLiteral:
		return len(t.Rune) * utf8.UTFMax
	case syntax.OpCharClass:
		if n := len(t.Rune); n > 0 && t.Rune[n-1] < utf8.RuneSelf {
			return 1
		}
		return utf8.UTFMax
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return utf8.UTFMax
	case syntax.OpStar, syntax.OpPlus:
		return unbounded
	case syntax.OpRepeat:
		if t.Max < 0 {
			return unbounded
		}
		return t.Max * sum
	case syntax.OpAlternate:
		return most
	case syntax.OpConcat, syntax.OpCapture, syntax.OpQuest:
		return sum
	}
	return 0
}
