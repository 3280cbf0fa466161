package run

import (
	"cmp"

	"github.com/ftprep/ftprep/core/stage"
	"github.com/ftprep/ftprep/sdk"
)

// best knows, for each key and group of sources, the example with the highest quality score; of equals the first.
// It holds some tens of bytes for each key, and for each example that has to make way.
type best struct {
	stage.Stage
	answers [][]keyed              // by piece and item
	groups  map[stage.Position]int // of rivals, which not all outputs of their sources take
	winners map[key]winner
	instead map[stage.Position]stage.Position // what stays, by what makes way for it
	ids     map[stage.Position]string         // of what stays in the place of others
}

// key is one of the keys of examples, in one group of sources.
type key struct {
	hash  uint64
	group int
}

// winner is the best example of a key so far.
type winner struct {
	stage.Position
	quality float64
}

// beats reports whether a winner is better than another, or as good and earlier.
func (w winner) beats(other winner) bool {
	earlier := cmp.Or(cmp.Compare(w.Piece, other.Piece), cmp.Compare(w.Item, other.Item)) < 0
	return w.quality > other.quality || w.quality == other.quality && earlier
}

// newBest finds the best of the examples in a stage.
func newBest(among stage.Stage, answers [][]keyed) (*best, error) {
	b := &best{
		Stage: among, answers: answers,
		groups: map[stage.Position]int{}, winners: map[key]winner{}, instead: map[stage.Position]stage.Position{}, ids: map[stage.Position]string{},
	}
	if err := b.findRivals(); err != nil {
		return nil, err
	}
	b.each(func(at stage.Position, example keyed) {
		this := winner{at, example.quality}
		for _, hash := range example.keys {
			key := key{hash, b.group(at)}
			if have, ok := b.winners[key]; !ok || this.beats(have) {
				b.winners[key] = this
			}
		}
	})
	b.each(func(at stage.Position, _ keyed) { b.resolve(at) })
	return b, b.name()
}

// each visits the examples in order.
func (b *best) each(visit func(stage.Position, keyed)) {
	for i, piece := range b.answers {
		for j, example := range piece {
			visit(stage.Position{Piece: i, Item: j}, example)
		}
	}
}

// group is that of the outputs that take an example.
func (b *best) group(at stage.Position) int {
	if group, rival := b.groups[at]; rival {
		return group
	}
	return b.Rivals.Group(b.Pieces[at.Piece].Source)
}

// findRivals finds the examples that some outputs of their sources leave out.
func (b *best) findRivals() error {
	if b.Rivals.None() {
		return nil
	}
	for i, p := range b.Pieces {
		items, err := b.Store.Get(p.Chunk)
		if err != nil {
			return err
		}
		for j, item := range items {
			if group := b.Rivals.GroupOf(p.Source, item.ID); group != b.Rivals.Group(p.Source) {
				b.groups[stage.Position{Piece: i, Item: j}] = group
			}
		}
	}
	return nil
}

// better finds an example that is better than another under one of its keys and goes into every output that the other goes
// into.
func (b *best) better(at stage.Position) (stage.Position, bool) {
	own := b.group(at)
	for _, hash := range b.answers[at.Piece][at.Item].keys {
		this := b.winners[key{hash, own}]
		if this.Position != at {
			return this.Position, true
		}
		for group := range b.Rivals.Groups() {
			if other, ok := b.winners[key{hash, group}]; ok && other.beats(this) && b.Rivals.Covers(group, own) {
				return other.Position, true
			}
		}
	}
	return stage.Position{}, false
}

// resolve finds what stays in the place of an example that makes way: what is better or, where that makes way as well, what
// stays in its place. All that make way on the way there are settled at once, for they may be many.
func (b *best) resolve(at stage.Position) {
	var passed []stage.Position
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
	named := make([][]int, len(b.Pieces)) // items, by piece
	for _, at := range b.instead {
		named[at.Piece] = append(named[at.Piece], at.Item)
	}
	for i, wanted := range named {
		if len(wanted) == 0 {
			continue
		}
		items, err := b.Store.Get(b.Pieces[i].Chunk)
		if err != nil {
			return err
		}
		for _, item := range wanted {
			b.ids[stage.Position{Piece: i, Item: item}] = items[item].ID
		}
	}
	return nil
}

// keep keeps what stays of one piece.
func (b *best) keep(i int, ledger *ledger) (stage.Chunk, error) {
	p := b.Pieces[i]
	items, err := b.Store.Get(p.Chunk)
	if err != nil {
		return stage.Chunk{}, err
	}
	keep := make([]bool, len(items))
	for j, item := range items {
		at := stage.Position{Piece: i, Item: j}
		if other, makesWay := b.instead[at]; makesWay {
			if err := ledger.enter(p.Unit, item.ID, sameAs(b.ids[other]), nil); err != nil {
				return stage.Chunk{}, err
			}
			continue
		}
		keep[j] = true
		b.compete(at, item.ID)
	}
	return b.Store.Narrow(p.Chunk, items, keep)
}

// compete makes an example that stays a rival of those that are better: some output takes it and not them.
func (b *best) compete(at stage.Position, id string) {
	own := b.group(at)
	for _, hash := range b.answers[at.Piece][at.Item].keys {
		for group := range b.Rivals.Groups() {
			if other, ok := b.winners[key{hash, group}]; ok && other.beats(b.winners[key{hash, own}]) {
				b.Rivals.Add(b.Pieces[at.Piece].Source, id, []int{group})
			}
		}
	}
}

// sameAs is the host's decision for a keyed filter.
func sameAs(id string) []sdk.Decision {
	return []sdk.Decision{{Action: sdk.ActionDrop, Reason: "the same as a better or an earlier example", Evidence: "example " + id}}
}
