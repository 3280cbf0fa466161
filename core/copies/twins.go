package copies

import (
	"cmp"
	"hash/maphash"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/ftprep/ftprep/core/stage"
	"github.com/ftprep/ftprep/sdk"
)

// twin is what is compared of one of several examples with the same opening. In a log that is read twice nearly every
// example is a twin, so most of it is forgotten as soon as all twins of the opening are decided about.
type twin struct {
	stage.Position
	source int
	id     string

	opening, alias, conversation string

	calls  []uint64 // answered ones that are learned, hashed
	said   []spoken // by the model
	heads  []uint64 // of what it said: hashes of the first 1, 2, 4 and so on bytes of each paragraph
	begun  []uint64 // see [comparison.beginnings]
	shown  int      // how many messages are earlier turns
	length int
	time   time.Time
}

// spoken is a paragraph that the model said.
type spoken struct {
	text uint64 // hashed
	head uint64 // the longest of its heads
}

// groups returns the positions of the examples that share an opening, one group for each opening, in the order of the first
// ones. An example without an opening goes by its id, which in a correction is the id of what it corrects.
func (c *comparison) groups() [][]stage.Position {
	names := c.joinedNames()
	sizes := map[uint64]int{} // of groups, by name
	for _, p := range c.Pieces {
		for _, opening := range p.Openings {
			sizes[names.of(opening)]++
		}
	}
	var groups [][]stage.Position
	index := map[uint64]int{} // among the groups, by name
	for i, p := range c.Pieces {
		for j, opening := range p.Openings {
			name := names.of(opening)
			if sizes[name] < 2 {
				continue
			}
			at, known := index[name]
			if !known {
				at = len(groups)
				index[name] = at
				groups = append(groups, nil)
			}
			groups[at] = append(groups[at], stage.Position{Piece: i, Item: j})
		}
	}
	return groups
}

// joinedNames joins the names by which the same example is known: its opening, its alias and, if a correction names it, its id.
func (c *comparison) joinedNames() joined[uint64] {
	names, corrections := joined[uint64]{}, c.correctionNames()
	for _, p := range c.Pieces {
		for i, id := range p.IDs {
			if corrections[id] {
				names.join(p.Openings[i], id)
			}
		}
		for i, alias := range p.Aliases {
			if alias != 0 {
				names.join(p.Openings[i], alias)
			}
		}
	}
	return names
}

// twins looks at the examples at the given places, whose openings have the same hash, and returns those of each opening.
func (c *comparison) twins(places []stage.Position) (twins [][]*twin, err error) {
	all, openings := make([]*twin, len(places)), map[string]string{} // by id
	for i, at := range places {
		item, err := c.item(at)
		if err != nil {
			return nil, err
		}
		example, err := item.Decode()
		if err != nil {
			return nil, err
		}
		all[i] = c.twin(at, c.Pieces[at.Piece].Source, example)
		c.names.learn(example.Identity)
		if t := all[i]; t.opening != "" {
			openings[t.id] = t.opening
		}
	}
	alike := map[string][]*twin{} // by opening
	for _, t := range all {
		opening := c.names.openings.of(cmp.Or(t.opening, openings[t.id], t.id))
		alike[opening] = append(alike[opening], t)
	}
	for _, opening := range slices.Sorted(maps.Keys(alike)) { // in this order, since the first that has a conversation names it
		c.names.unite(opening, alike[opening])
		twins = append(twins, alike[opening])
	}
	return twins, nil
}

// twin returns what is compared of an example.
func (c *comparison) twin(at stage.Position, source int, example *sdk.Example) *twin {
	t := &twin{
		Position: at, source: source, id: example.ID,
		opening: example.Identity.Opening, alias: example.Identity.Alias, conversation: example.Identity.Conversation,
		length: length(example), time: example.Provenance.Time, begun: c.beginnings(example), shown: shown(example),
	}
	for _, call := range learnedCalls(example) {
		t.calls = append(t.calls, c.hash(call))
	}
	for text := range said(example) {
		for n := 1; n <= len(text); n *= 2 {
			t.heads = append(t.heads, c.hash(text[:n]))
		}
		t.said = append(t.said, spoken{c.hash(text), t.heads[len(t.heads)-1]})
	}
	return t
}

// shown returns how many messages precede those of an example's own turn. They are masked, and copies of the turn may show
// others, or none.
func shown(e *sdk.Example) int {
	return max(0, slices.IndexFunc(e.Messages, func(m sdk.Message) bool { return !m.Masked }))
}

// learnedCalls returns the answered calls of an example without those that it only shows.
func learnedCalls(e *sdk.Example) []string {
	shown := map[string]bool{}
	for _, m := range e.Messages {
		for _, call := range m.Calls {
			shown[call.ID] = m.Masked
		}
	}
	return slices.DeleteFunc(slices.Clone(e.Identity.Calls), func(id string) bool { return shown[id] })
}

// beginnings returns for each message of an example's own turn a hash of the turn up to and including it. If two examples have
// the same hash, their turns are alike up to there. For a message that is only shown the hash is 0.
func (c *comparison) beginnings(e *sdk.Example) []uint64 {
	const end = 0xff // a byte that no text has
	var h maphash.Hash
	h.SetSeed(c.seed)
	add := func(text string) {
		_, _ = h.WriteString(text) // never fails
		_ = h.WriteByte(end)
	}
	begun := make([]uint64, len(e.Messages))
	for i := shown(e); i < len(e.Messages); i++ {
		m := &e.Messages[i]
		add(string(m.Role))
		add(m.Text)
		add(m.CallID)
		for _, call := range m.Calls {
			add(call.ID)
		}
		_ = h.WriteByte(end)
		if !m.Masked {
			begun[i] = h.Sum64()
		}
	}
	return begun
}

func (c *comparison) hash(text string) uint64 { return maphash.String(c.seed, text) }

// said yields the paragraphs that the model says in an example, without those that are only shown. Whole texts cannot be
// compared: one text in a copy may be two in another that has a notice between them.
func said(e *sdk.Example) iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := range e.Messages {
			m := &e.Messages[i]
			if m.Masked || m.Role != sdk.RoleAssistant {
				continue
			}
			for paragraph := range strings.SplitSeq(m.Text, paragraphEnd) {
				if paragraph != "" && !yield(paragraph) {
					return
				}
			}
		}
	}
}

const paragraphEnd = "\n\n"

// length returns how much an example says, without what it only shows.
func length(e *sdk.Example) int {
	length := 0
	for i := range e.Messages {
		if m := &e.Messages[i]; !m.Masked {
			length += lengthOf(m.Text) + lengthOf(m.Thinking)
		}
	}
	return length
}

// lengthOf returns the length of a text without its paragraph ends, so that it is the same for two texts and for both in one.
func lengthOf(text string) int {
	return len(text) - len(paragraphEnd)*strings.Count(text, paragraphEnd)
}

// callsOf returns the answered calls that at least one of the twins learns.
func callsOf(twins []*twin) map[uint64]bool {
	calls := map[uint64]bool{}
	for _, t := range twins {
		for _, call := range t.calls {
			calls[call] = true
		}
	}
	return calls
}

// hasOwn reports whether a twin learns an answered call that is not known.
func (t *twin) hasOwn(known map[uint64]bool) bool {
	return slices.ContainsFunc(t.calls, func(call uint64) bool { return !known[call] })
}
