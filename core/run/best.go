package run

import (
	"cmp"

	"github.com/ftprep/ftprep/core/stage"
	"github.com/ftprep/ftprep/sdk"
)

// best finds, for each key and group of sources, the example with the highest quality score, or the first if several share it.
// It holds some tens of bytes for each key and for each example that has to make way.
type best struct {
	stage.Stage
	answers    [][]keyed              // by piece and item
	groups     map[stage.Position]int // of rivals, which some outputs of their sources leave out
	winners    map[key]winner
	replacedBy map[stage.Position]stage.Position // by example that makes way: the one that stays in its place
	ids        map[stage.Position]string         // of the examples that stay in the place of others
}

// key is a key of examples, hashed, within one group of sources.
type key struct {
	hash  uint64
	group int
}

// winner is the best example of a key so far.
type winner struct {
	stage.Position
	quality float64
}

// beats reports whether w is better than other, or as good and earlier.
func (w winner) beats(other winner) bool {
	earlier := cmp.Or(cmp.Compare(w.Piece, other.Piece), cmp.Compare(w.Item, other.Item)) < 0
	return w.quality > other.quality || w.quality == other.quality && earlier
}

// newBest finds the best examples of a stage, given the keys of all its examples.
func newBest(among stage.Stage, answers [][]keyed) (*best, error) {
	b := &best{
		Stage: among, answers: answers,
		groups: map[stage.Position]int{}, winners: map[key]winner{}, replacedBy: map[stage.Position]stage.Position{}, ids: map[stage.Position]string{},
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
	return b, b.readIDs()
}

// each visits the examples in order.
func (b *best) each(visit func(stage.Position, keyed)) {
	for i, piece := range b.answers {
		for j, example := range piece {
			visit(stage.Position{Piece: i, Item: j}, example)
		}
	}
}

// group returns the group that stands for the outputs that take an example.
func (b *best) group(at stage.Position) int {
	if group, rival := b.groups[at]; rival {
		return group
	}
	return b.Rivals.Group(b.Pieces[at.Piece].Source)
}

// findRivals notes the groups of the examples that some outputs of their sources leave out.
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
			if group := b.Rivals.FindOrAddGroup(p.Source, item.ID); group != b.Rivals.Group(p.Source) {
				b.groups[stage.Position{Piece: i, Item: j}] = group
			}
		}
	}
	return nil
}

// replacementOf finds an example to take the place of another: one that is better under one of its keys and goes into every
// output that it goes into. The best example of its own group does, and so do those of groups that cover its group.
func (b *best) replacementOf(at stage.Position) (stage.Position, bool) {
	own := b.group(at)
	for _, hash := range b.answers[at.Piece][at.Item].keys {
		this := b.winners[key{hash, own}]
		if this.Position != at {
			return this.Position, true
		}
		for group := range b.Rivals.Groups() {
			if better, ok := b.betterOf(this, hash, group); ok && b.Rivals.Covers(group, own) {
				return better.Position, true
			}
		}
	}
	return stage.Position{}, false
}

// betterOf returns the best example of a group under a key, if it beats the given one.
func (b *best) betterOf(this winner, hash uint64, group int) (better winner, ok bool) {
	better, ok = b.winners[key{hash, group}]
	return better, ok && better.beats(this)
}

// resolve finds the example that stays in the place of one that makes way. It goes from each example to a better one until
// one stays, and settles all that it passes at once, since they may be many.
func (b *best) resolve(at stage.Position) {
	var passed []stage.Position
	for {
		if stays, settled := b.replacedBy[at]; settled {
			at = stays
			break
		}
		better, ok := b.replacementOf(at)
		if !ok {
			break
		}
		passed = append(passed, at)
		at = better
	}
	for _, one := range passed {
		b.replacedBy[one] = at
	}
}

// readIDs reads the ids of the examples that stay in the place of others.
func (b *best) readIDs() error {
	named := make([][]int, len(b.Pieces)) // items, by piece
	for _, at := range b.replacedBy {
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

// keep returns what stays of one piece, and enters the examples that make way into the ledger.
func (b *best) keep(i int, ledger *ledger) (stage.Chunk, error) {
	p := b.Pieces[i]
	items, err := b.Store.Get(p.Chunk)
	if err != nil {
		return stage.Chunk{}, err
	}
	keep := make([]bool, len(items))
	for j, item := range items {
		at := stage.Position{Piece: i, Item: j}
		if other, makesWay := b.replacedBy[at]; makesWay {
			if err := ledger.enter(p.Unit, item.ID, sameAs(b.ids[other]), nil); err != nil {
				return stage.Chunk{}, err
			}
			continue
		}
		keep[j] = true
		b.markRival(at, item.ID)
	}
	return b.Store.Narrow(p.Chunk, items, keep)
}

// markRival makes an example that stays a rival of each better one in another group. An output that it goes into does not take
// the better one, or the example would have made way; see [best.replacementOf].
func (b *best) markRival(at stage.Position, id string) {
	own := b.group(at)
	for _, hash := range b.answers[at.Piece][at.Item].keys {
		this := b.winners[key{hash, own}]
		for group := range b.Rivals.Groups() {
			if _, ok := b.betterOf(this, hash, group); ok {
				b.Rivals.Add(b.Pieces[at.Piece].Source, id, []int{group})
			}
		}
	}
}

// sameAs returns the host's decision for a keyed filter: an example is dropped because another one stays.
func sameAs(id string) []sdk.Decision {
	return []sdk.Decision{{Action: sdk.ActionDrop, Reason: "the same as a better or an earlier example", Evidence: "example " + id}}
}
