package run

import (
	"context"
	"fmt"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/ftprep/ftprep/core/host"
	"github.com/ftprep/ftprep/sdk"
)

// hop is neighbouring filters of one plugin, through which examples go in one stream.
type hop struct {
	plugin  *host.Plugin
	filters []*step // more than one only when none is keyed
}

// hops groups filters by neighbourhood.
func hops(filters []*step) []hop {
	var all []hop
	for _, filter := range filters {
		last := len(all) - 1
		if last >= 0 && all[last].plugin == filter.plugin && !filter.block.Step.Keyed && !all[last].filters[0].block.Step.Keyed {
			all[last].filters = append(all[last].filters, filter)
			continue
		}
		all = append(all, hop{plugin: filter.plugin, filters: []*step{filter}})
	}
	return all
}

// feed hands out the frames of pieces to several streams.
type feed struct {
	stage

	mu   sync.Mutex
	next int
}

func (f *feed) take() (frame, bool, error) {
	f.mu.Lock()
	i := f.next
	f.next++
	f.mu.Unlock()
	if i >= len(f.pieces) {
		return frame{}, false, nil
	}
	items, err := f.store.get(f.pieces[i].chunk)
	return frame{index: i, items: items}, true, err
}

// run sends the pieces of a stage through the hop, over several streams, and puts what goes on into out.
// What the filters decide goes into the ledger.
func (h hop) run(ctx context.Context, from, out stage, tools *toolsets, streams int, ledger *ledger) ([]chunk, error) {
	var chunks []chunk
	var err error
	if h.filters[0].block.Step.Keyed {
		chunks, err = h.sameness(ctx, from, out, tools, streams, ledger)
	} else {
		chunks, err = h.apply(ctx, from, out.store, tools, streams, ledger)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", h.label(), explain(h.plugin, err))
	}
	return chunks, nil
}

// apply asks filters for their verdicts.
func (h hop) apply(ctx context.Context, from stage, out *store, tools *toolsets, streams int, ledger *ledger) ([]chunk, error) {
	handles := make([]sdk.Handle, len(h.filters))
	for i, filter := range h.filters {
		handles[i] = filter.handle
	}
	chunks := make([]chunk, len(from.pieces))
	feed := &feed{stage: from}
	group, ctx := errgroup.WithContext(ctx)
	for range min(streams, len(from.pieces)) {
		group.Go(func() error {
			open := func(ctx context.Context) (*sdk.Stream[[]sdk.Outcome], error) {
				return h.plugin.Client().Apply(ctx, handles)
			}
			return pump(ctx, tools, open, feed.take, func(f frame, outcomes []sdk.Outcome) (err error) {
				chunks[f.index], err = settle(f, outcomes, from.pieces[f.index].unit, out, ledger)
				return err
			}, endStream)
		})
	}
	return chunks, group.Wait()
}

func (h hop) label() string {
	label := h.filters[0].block.Address()
	for _, filter := range h.filters[1:] {
		label += ", " + filter.block.Address()
	}
	return label
}

// settle puts what goes on of a frame into out.
func settle(f frame, outcomes []sdk.Outcome, unit string, out *store, ledger *ledger) (chunk, error) {
	if len(outcomes) != len(f.items) {
		return chunk{}, fmt.Errorf("the plugin answered %d examples with %d verdicts", len(f.items), len(outcomes))
	}
	stay := make([]sdk.Item, 0, len(outcomes))
	for i, outcome := range outcomes {
		items := outcome.Items(f.items[i])
		stay = append(stay, items...)
		if err := ledger.enter(unit, f.items[i].ID, outcome.Decisions, len(items)); err != nil {
			return chunk{}, err
		}
	}
	return out.put(stay)
}
