package run

import (
	"cmp"
	"context"
	"hash/maphash"

	"golang.org/x/sync/errgroup"

	"github.com/ftprep/ftprep/sdk"
)

// best knows, for each key and group of sources, the example with the highest quality score; of equals the first.
// It holds some tens of bytes for each key.
type best struct {
	answers [][]keyed
	rivals  *rivals
	winners map[key]winner
}

// key is that of an example within a group.
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

func newBest(answers [][]keyed, pieces []piece, rivals *rivals) *best {
	b := &best{answers: answers, rivals: rivals, winners: map[key]winner{}}
	for i, piece := range answers {
		for j, example := range piece {
			this := winner{position{i, j}, example.quality}
			for _, hash := range example.keys {
				at := key{hash, rivals.group(pieces[i].source)}
				if have, ok := b.winners[at]; !ok || this.beats(have) {
					b.winners[at] = this
				}
			}
		}
	}
	return b
}

// wins reports whether an example is the best under each of its keys, for some output. It is a rival of better ones that
// not every output takes which takes it.
func (b *best) wins(at position, p piece, id string) bool {
	example, own := b.answers[at.piece][at.item], b.rivals.group(p.source)
	for _, hash := range example.keys {
		this := b.winners[key{hash, own}]
		if this.position != at {
			return false
		}
		for group := range b.rivals.groups {
			other, ok := b.winners[key{hash, group}]
			switch {
			case !ok || group == own || !other.beats(this):
			case b.rivals.covers(group, own):
				return false
			default:
				b.rivals.add(p.source, id, []int{group})
			}
		}
	}
	return true
}

// keep keeps the winners of one piece.
func (b *best) keep(i int, p piece, from *store, ledger *ledger) (chunk, error) {
	items, err := from.get(p.chunk)
	if err != nil {
		return chunk{}, err
	}
	keep := make([]bool, len(items))
	for j, item := range items {
		if keep[j] = b.wins(position{i, j}, p, item.ID); keep[j] {
			continue
		}
		if err := ledger.enter(p.unit, item.ID, sameAsAnother, 0); err != nil {
			return chunk{}, err
		}
	}
	return from.narrow(p.chunk, items, keep)
}

// sameAsAnother is the host's decision for a keyed filter.
var sameAsAnother = []sdk.Decision{{Action: sdk.ActionDrop, Reason: "the same as a better or an earlier example"}}

// sameness asks a keyed filter for the keys of all pieces and keeps the best example of each key: a barrier, for the
// last example may be the best.
func (h hop) sameness(ctx context.Context, from stage, rivals *rivals, tools *toolsets, streams int, ledger *ledger) ([]chunk, error) {
	seed := maphash.MakeSeed()
	answers := make([][]keyed, len(from.pieces)) // by piece and item
	feed := newFeed(from)
	group, ctx := errgroup.WithContext(ctx)
	for range min(streams, len(from.pieces)) {
		group.Go(func() error {
			open := func(ctx context.Context) (*sdk.Stream[[][]string], error) {
				return h.plugin.Client().Keys(ctx, h.filters[0].handle)
			}
			answer := func(f frame, keys [][]string) error {
				answers[f.index] = hashAll(seed, f.items, keys)
				return nil
			}
			p := pump[[]string]{
				plugin: h.plugin, tools: tools, flight: feed.flight, window: feed.window(streams), open: open, next: feed.take, answer: answer,
			}
			return p.run(ctx)
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	best := newBest(answers, from.pieces, rivals)
	chunks := make([]chunk, len(from.pieces))
	for i, p := range from.pieces {
		var err error
		if chunks[i], err = best.keep(i, p, from.store, ledger); err != nil {
			return nil, err
		}
	}
	return chunks, nil
}

// keyed is what decides about one example.
type keyed struct {
	keys    []uint64
	quality float64
}

func hashAll(seed maphash.Seed, items []sdk.Item, answer [][]string) []keyed {
	all := make([]keyed, len(items))
	for i, keys := range answer {
		for _, key := range keys {
			all[i].keys = append(all[i].keys, maphash.String(seed, key))
		}
		if items[i].Quality != nil {
			all[i].quality = *items[i].Quality
		}
	}
	return all
}
