package run

import (
	"hash/maphash"
	"iter"
	"slices"
	"time"

	"github.com/ftprep/ftprep/sdk"
)

// twin is what decides about one of several examples with the same opening. The example itself stays in the store, for
// there may be any number of them.
type twin struct {
	position
	source int
	id     string
	calls  []uint64 // answered ones, hashed
	said   []spoken // by the model
	heads  []uint64 // of what it said: the first byte of each text, the first two, four and so on, hashed
	begun  []uint64 // all its messages up to each, hashed
	length int
	time   time.Time
}

// spoken is a text of the model's.
type spoken struct {
	text uint64 // hashed
	head uint64 // the longest of its heads
}

// twins finds the examples whose opening is that of another, by opening.
func (c *copies) twins(pieces []piece) (map[string][]*twin, error) {
	seen := map[uint64]int{}
	for _, p := range pieces {
		for _, opening := range p.openings {
			if opening != 0 {
				seen[opening]++
			}
		}
	}
	groups := map[string][]*twin{}
	for i, p := range pieces {
		if err := c.gather(i, p, seen, groups); err != nil {
			return nil, err
		}
	}
	return groups, nil
}

// gather looks at the items of a piece whose opening was seen more than once.
func (c *copies) gather(i int, p piece, seen map[uint64]int, groups map[string][]*twin) error {
	if !slices.ContainsFunc(p.openings, func(opening uint64) bool { return seen[opening] > 1 }) {
		return nil
	}
	items, err := c.store.get(p.chunk)
	if err != nil {
		return err
	}
	for j, item := range items {
		if seen[p.openings[j]] < 2 {
			continue
		}
		example, err := item.Decode()
		if err != nil {
			return err
		}
		t := &twin{
			position: position{i, j}, source: p.source, id: item.ID,
			length: length(example), time: example.Provenance.Time,
		}
		for _, call := range example.Identity.Calls {
			t.calls = append(t.calls, c.hash(call))
		}
		for text := range said(example) {
			for n := 1; n <= len(text); n *= 2 {
				t.heads = append(t.heads, c.hash(text[:n]))
			}
			t.said = append(t.said, spoken{c.hash(text), t.heads[len(t.heads)-1]})
		}
		t.begun = c.beginnings(example)
		groups[item.Opening] = append(groups[item.Opening], t)
	}
	return nil
}

// beginnings are hashes of an example's messages up to each: of examples that share one, all messages until there are alike.
func (c *copies) beginnings(e *sdk.Example) []uint64 {
	const end = 0xff // which no text has
	var h maphash.Hash
	h.SetSeed(c.seed)
	add := func(text string) {
		_, _ = h.WriteString(text) // never fails
		_ = h.WriteByte(end)
	}
	begun := make([]uint64, len(e.Messages))
	for i := range e.Messages {
		m := &e.Messages[i]
		add(string(m.Role))
		add(m.Text)
		add(m.CallID)
		for _, call := range m.Calls {
			add(call.ID)
		}
		_ = h.WriteByte(end)
		begun[i] = h.Sum64()
	}
	return begun
}

func (c *copies) hash(text string) uint64 { return maphash.String(c.seed, text) }

// said gives what the model says in an example, besides the earlier turns that it shows.
func said(e *sdk.Example) iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := range e.Messages {
			if m := &e.Messages[i]; !m.Masked && m.Role == sdk.Assistant && m.Text != "" && !yield(m.Text) {
				return
			}
		}
	}
}

// length is how much an example says, besides the earlier turns that it shows.
func length(e *sdk.Example) int {
	length := 0
	for i := range e.Messages {
		if m := &e.Messages[i]; !m.Masked {
			length += len(m.Text) + len(m.Thinking)
		}
	}
	return length
}

func callsOf(twins []*twin) map[uint64]bool {
	calls := map[uint64]bool{}
	for _, t := range twins {
		for _, call := range t.calls {
			calls[call] = true
		}
	}
	return calls
}

// hasOwn reports whether a twin has an answered call that is not known.
func (t *twin) hasOwn(known map[uint64]bool) bool {
	return slices.ContainsFunc(t.calls, func(call uint64) bool { return !known[call] })
}
