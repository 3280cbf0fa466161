package run

import (
	"context"
	"hash/maphash"

	"github.com/ftprep/ftprep/core/stage"
	"github.com/ftprep/ftprep/sdk"
)

// keepBest asks a keyed filter for the keys of all examples and keeps the best example of each key. It is a barrier, since the
// last example may be the best.
func (h hop) keepBest(ctx context.Context, x *execution, from stage.Stage, ledger *ledger) ([]stage.Chunk, error) {
	seed := maphash.MakeSeed()
	answers := make([][]keyed, len(from.Pieces)) // by piece and item
	open := func(ctx context.Context) (*sdk.Stream[[][]string], error) {
		return h.plugin.Client().Keys(ctx, h.filters[0].handle)
	}
	answer := func(f frame, keys [][]string) error {
		answers[f.index] = hashAll(seed, f.items, keys)
		return nil
	}
	if err := exchange(ctx, x, h.plugin, from, open, answer); err != nil {
		return nil, err
	}
	best, err := newBest(from, answers)
	if err != nil {
		return nil, err
	}
	chunks := make([]stage.Chunk, len(from.Pieces))
	for i := range from.Pieces {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if chunks[i], err = best.keep(i, ledger); err != nil {
			return nil, err
		}
	}
	return chunks, nil
}

// keyed is what decides whether an example stays: its keys, hashed, and its quality score.
type keyed struct {
	keys    []uint64
	quality float64
}

// hashAll pairs the keys that the filter gave to items, hashed, with the items' quality scores.
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
