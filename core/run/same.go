package run

import (
	"context"
	"fmt"
	"hash/maphash"

	"golang.org/x/sync/errgroup"

	"github.com/ftprep/ftprep/sdk"
)

// best knows, for each key, the example with the highest quality score; of equals the first.
// It holds some tens of bytes for each key.
type best struct {
	answers [][]keyed
	winners map[uint64]winner
}

// winner is the best example of a key so far.
type winner struct {
	position
	quality float64
}

func newBest(answers [][]keyed) *best {
	b := &best{answers: answers, winners: map[uint64]winner{}}
	for i, piece := range answers {
		for j, example := range piece {
			for _, key := range example.keys {
				if have, ok := b.winners[key]; !ok || example.quality > have.quality {
					b.winners[key] = winner{position{i, j}, example.quality}
				}
			}
		}
	}
	return b
}

// wins reports whether an example is the best under each of its keys.
func (b *best) wins(piece, item int) bool {
	for _, key := range b.answers[piece][item].keys {
		if b.winners[key].position != (position{piece, item}) {
			return false
		}
	}
	return true
}

// narrow keeps the winners of one piece.
func (b *best) narrow(i int, p piece, from, out *store, ledger *ledger) (chunk, error) {
	items, err := from.get(p.chunk)
	if err != nil {
		return chunk{}, err
	}
	var stay []sdk.Item
	for j, item := range items {
		if b.wins(i, j) {
			stay = append(stay, item)
			continue
		}
		if err := ledger.enter(p.unit, item.ID, sameAsAnother, 0); err != nil {
			return chunk{}, err
		}
	}
	return out.put(stay)
}

// sameAsAnother is the host's decision for a keyed filter.
var sameAsAnother = []sdk.Decision{{Action: sdk.ActionDrop, Reason: "the same as a better or an earlier example"}}

// sameness asks a keyed filter for the keys of all pieces and keeps the best example of each key: a barrier, for the
// last example may be the best.
func (h hop) sameness(ctx context.Context, from stage, out *store, tools *toolsets, streams int, ledger *ledger) ([]chunk, error) {
	seeds := map[int]maphash.Seed{} // by group: nothing is the same as in another one
	for _, p := range from.pieces {
		if _, made := seeds[p.group]; !made {
			seeds[p.group] = maphash.MakeSeed()
		}
	}
	answers := make([][]keyed, len(from.pieces)) // by piece and item
	feed := &feed{stage: from}
	group, ctx := errgroup.WithContext(ctx)
	for range min(streams, len(from.pieces)) {
		group.Go(func() error {
			open := func(ctx context.Context) (*sdk.Stream[[][]string], error) {
				return h.plugin.Client().Keys(ctx, h.filters[0].handle)
			}
			return pump(ctx, tools, open, feed.take, func(f frame, answer [][]string) error {
				if len(answer) != len(f.items) {
					return fmt.Errorf("the plugin answered %d examples with %d lists of keys", len(f.items), len(answer))
				}
				answers[f.index] = hashAll(seeds[from.pieces[f.index].group], f.items, answer)
				return nil
			}, endStream)
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	best := newBest(answers)
	chunks := make([]chunk, len(from.pieces))
	for i, p := range from.pieces {
		var err error
		if chunks[i], err = best.narrow(i, p, from.store, out, ledger); err != nil {
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
