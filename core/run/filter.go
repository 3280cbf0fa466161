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
func (h hop) run(ctx context.Context, from stage, out *store, tools *toolsets, streams int) ([]applied, error) {
	var results []applied
	var err error
	if h.filters[0].block.Step.Keyed {
		results, err = h.sameness(ctx, from, out, tools, streams)
	} else {
		results, err = h.apply(ctx, from, out, tools, streams)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", h.label(), explain(h.plugin, err))
	}
	return results, nil
}

// apply asks filters for their verdicts.
func (h hop) apply(ctx context.Context, from stage, out *store, tools *toolsets, streams int) ([]applied, error) {
	handles := make([]sdk.Handle, len(h.filters))
	for i, filter := range h.filters {
		handles[i] = filter.handle
	}
	results := make([]applied, len(from.pieces))
	feed := &feed{stage: from}
	group, ctx := errgroup.WithContext(ctx)
	for range min(streams, len(from.pieces)) {
		group.Go(func() error {
			open := func(ctx context.Context) (*sdk.Stream[[]sdk.Outcome], error) {
				return h.plugin.Client().Apply(ctx, handles)
			}
			return pump(ctx, tools, open, feed.take, func(f frame, outcomes []sdk.Outcome) error {
				return results[f.index].take(f, outcomes, out)
			}, endStream)
		})
	}
	return results, group.Wait()
}

func (h hop) label() string {
	label := h.filters[0].block.Address()
	for _, filter := range h.filters[1:] {
		label += ", " + filter.block.Address()
	}
	return label
}

// applied is what filters made of one frame.
type applied struct {
	chunk
	decisions []decision
	added     int // examples more than were answered, because filters replaced some
}

// decision is a filter's decision about one item.
type decision struct {
	sdk.Decision
	item sdk.Item // without its bytes
}

func (a *applied) take(f frame, outcomes []sdk.Outcome, out *store) error {
	if len(outcomes) != len(f.items) {
		return fmt.Errorf("the plugin answered %d examples with %d verdicts", len(f.items), len(outcomes))
	}
	stay := make([]sdk.Item, 0, len(outcomes))
	for i, outcome := range outcomes {
		items := outcome.Items(f.items[i])
		stay = append(stay, items...)
		if err := a.count(f.items[i], outcome, len(items)); err != nil {
			return err
		}
	}
	var err error
	a.chunk, err = out.put(stay)
	return err
}

// count checks that an outcome adds up: an example that no filter replaced either goes on or was dropped, once.
func (a *applied) count(item sdk.Item, outcome sdk.Outcome, goOn int) error {
	drops, replaced := 0, false
	item.Example = nil
	for _, d := range outcome.Decisions {
		if d.Action == sdk.ActionDrop {
			drops++
		}
		replaced = replaced || d.Action == sdk.ActionReplace
		a.decisions = append(a.decisions, decision{Decision: d, item: item})
	}
	added := goOn + drops - 1
	if added < 0 || added > 0 && !replaced {
		return fmt.Errorf("the plugin's verdict about example %s does not add up: %d drops, %d examples go on", item.ID, drops, goOn)
	}
	a.added += added
	return nil
}
