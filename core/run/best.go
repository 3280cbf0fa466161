package run

import (
	"cmp"

	"github.com/ftprep/ftprep/sdk"
)

// best knows, for each key and group of sources, the example with the highest quality score; of equals the first.
// It holds some tens of bytes for each key, and for each example that has to make way.
type best struct {
	stage
	answers [][]keyed        // by piece and item
	groups  map[position]int // of rivals, which not all outputs of their sources take
	winners map[key]winner
	instead map[position]position // what stays, by what makes way for it
	ids     map[position]string   // of what stays in the place of others
}

// key is one of the keys of examples, in one group of sources.
type key struct {
	hash  uint64
	group int
}

// winner is the best example of a key so far.
type winner struct {
	position
	quality float64
}

// beats reports whether a winner is better than another, or as good and earlier.
func (w winner) beats(other winner) bool {
	earlier := cmp.Or(cmp.Compare(w.piece, other.piece), cmp.Compare(w.item, other.item)) < 0
	return w.quality > other.quality || w.quality == other.quality && earlier
}

// newBest finds the best of the examples in a stage.
func newBest(among stage, answers [][]keyed) (*best, error) {
	b := &best{
		stage: among, answers: answers,
		groups: map[position]int{}, winners: map[key]winner{}, instead: map[position]position{}, ids: map[position]string{},
	}
	if err := b.findRivals(); err != nil {
		return nil, err
	}
	b.each(func(at position, example keyed) {
		this := winner{at, example.quality}
		for _, hash := range example.keys {
			key := key{hash, b.group(at)}
			if have, ok := b.winners[key]; !ok || this.beats(have) {
				b.winners[key] = this
			}
		}
	})
	b.each(func(at position, _ keyed) { b.settle(at) })
	return b, b.name()
}

// each visits the examples in order.
func (b *best) each(visit func(position, keyed)) {
	for i, piece := range b.answers {
		for j, example := range piece {
			visit(position{i, j}, example)
		}
	}
}

// group is that of the outputs that take an example.
func (b *best) group(at position) int {
	if group, rival := b.groups[at]; rival {
		return group
	}
	return b.rivals.group(b.pieces[at.piece].source)
}

// findRivals finds the examples that some outputs of their sources leave out.
func (b *best) findRivals() error {
	if len(b.rivals.better) == 0 {
		return nil
	}
	for i, p := range b.pieces {
		items, err := b.store.get(p.chunk)
		if err != nil {
			return err
		}
		for j, item := range items {
			if group := b.rivals.groupOf(p.source, item.ID); group != b.rivals.group(p.source) {
				b.groups[position{i, j}] = group
			}
		}
	}
	return nil
}

// better finds an example that is better than another under one of its keys and goes into every output that the other goes
// into.
func (b *best) better(at position) (position, bool) {
	own := b.group(at)
	for _, hash := range b.answers[at.piece][at.item].keys {
		this := b.winners[key{hash, own}]
		if this.position != at {
			return this.position, true
		}
		for group := range b.rivals.groups {
			if other, ok := b.winners[key{hash, group}]; ok && other.beats(this) && b.rivals.covers(group, own) {
				return other.position, true
			}
		}
	}
	return position{}, false
}

// settle finds what stays in the place of an example that makes way: what is better or, where that makes way as well, what
// stays in its place. All that make way on the way there are settled at once, for they may be many.
func (b *best) settle(at position) {
	var passed []position
	for {
		if stays, settled := b.instead[at]; settled {
			at = stays
			break
		}
		better, ok := b.better(at)
		if !ok {
			break
		}
		passed = append(passed, at)
		at = better
	}
	for _, one := range passed {
		b.instead[one] = at
	}
}

// name finds the ids of what stays in the place of others.
func (b *best) name() error {
	named := make([][]int, len(b.pieces)) // items, by piece
	for _, at := range b.instead {
		named[at.piece] = append(named[at.piece], at.item)
	}
	for i, wanted := range named {
		if len(wanted) == 0 {
			continue
		}
		items, err := b.store.get(b.pieces[i].chunk)
		if err != nil {
			return err
		}
		for _, item := range wanted {
			b.ids[position{i, item}] = items[item].ID
		}
	}
	return nil
}

// keep keeps what stays of one piece.
func (b *best) keep(i int, ledger *ledger) (chunk, error) {
	p := b.pieces[i]
	items, err := b.store.get(p.chunk)
	if err != nil {
		return chunk{}, err
	}
	keep := make([]bool, len(items))
	for j, item := range items {
		at := position{i, j}
		if other, makesWay := b.instead[at]; makesWay {
			if err := ledger.enter(p.unit, item.ID, sameAs(b.ids[other]), nil); err != nil {
				return chunk{}, err
			}
			continue
		}
		keep[j] = true
		b.compete(at, item.ID)
	}
	return b.store.narrow(p.chunk, items, keep)
}

// compete makes an example that stays a rival of those that are better: some output takes it and not them.
func (b *best) compete(at position, id string) {
	own := b.group(at)
	for _, hash := range b.answers[at.piece][at.item].keys {
		for group := range b.rivals.groups {
			if other, ok := b.winners[key{hash, group}]; ok && other.beats(b.winners[key{hash, own}]) {
				b.rivals.add(b.pieces[at.piece].source, id, []int{group})
			}
		}
	}
}

// sameAs is the host's decision for a keyed filter.
func sameAs(id string) []sdk.Decision {
	return []sdk.Decision{{Action: sdk.ActionDrop, Reason: "the same as a better or an earlier example", Evidence: "example " + id}}
}
