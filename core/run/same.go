package run

import (
	"context"
	"hash/maphash"

	"golang.org/x/sync/errgroup"

	"github.com/ftprep/ftprep/sdk"
)

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
	best, err := newBest(answers, from, rivals)
	if err != nil {
		return nil, err
	}
	chunks := make([]chunk, len(from.pieces))
	for i := range from.pieces {
		if chunks[i], err = best.keep(i, from.store, ledger); err != nil {
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
