package run

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"

	"github.com/ftprep/ftprep/core/host"
	"github.com/ftprep/ftprep/core/stage"
	"github.com/ftprep/ftprep/sdk"
)

// hop is a list of neighbouring filters of one plugin, through which examples go in one stream.
type hop struct {
	plugin  *host.Plugin
	filters []*step // more than one only when none is keyed
}

// hops groups neighbouring filters of one plugin. A keyed filter is a hop of its own.
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
	stage.Stage
	next atomic.Int64
}

// window returns how many frames each of several streams may leave unanswered. They are few enough for all streams to have
// work until the end, since filters may be slow.
func (f *feed) window(streams int) int { return min(max(len(f.Pieces)/(2*streams), 1), window) }

// take returns the next frame. There is one for every piece, even an empty one.
func (f *feed) take(context.Context) (frame, bool, error) {
	i := int(f.next.Add(1)) - 1
	if i >= len(f.Pieces) {
		return frame{}, false, nil
	}
	items, err := f.Store.Get(f.Pieces[i].Chunk)
	return frame{index: i, items: items}, true, err
}

// run sends the pieces of a stage through the hop, records its decisions and returns the stage of the examples that go on.
func (h hop) run(ctx context.Context, x *execution, from stage.Stage) (stage.Stage, error) {
	ask, ledger := h.apply, newLedger(h, x.record)
	if h.filters[0].block.Step.Keyed {
		ask = h.keepBest
		from.Rivals = from.Rivals.Clone() // keepBest adds some, and other jobs may start from the same stage
	}
	chunks, err := ask(ctx, x, from, ledger)
	if err != nil {
		return stage.Stage{}, fmt.Errorf("%s: %w", h.label(), err)
	}
	next := stage.Stage{Store: from.Store, Pieces: make([]stage.Piece, len(from.Pieces)), Rivals: from.Rivals}
	for i, p := range from.Pieces {
		next.Pieces[i] = stage.Piece{Source: p.Source, Unit: p.Unit, Chunk: chunks[i]}
	}
	x.summary.Filters = append(x.summary.Filters, ledger.counts...)
	x.summary.Added += ledger.added
	return next, ledger.check(from.Count(), next.Count())
}

// apply asks filters for their verdicts.
func (h hop) apply(ctx context.Context, x *execution, from stage.Stage, ledger *ledger) ([]stage.Chunk, error) {
	handles := make([]sdk.Handle, len(h.filters))
	for i, filter := range h.filters {
		handles[i] = filter.handle
	}
	chunks := make([]stage.Chunk, len(from.Pieces))
	open := func(ctx context.Context) (*sdk.Stream[[]sdk.Outcome], error) {
		return h.plugin.Client().Apply(ctx, handles)
	}
	answer := func(f frame, outcomes []sdk.Outcome) (err error) {
		for _, outcome := range outcomes {
			x.tools.add(outcome.Toolsets)
		}
		chunks[f.index], err = settle(f, outcomes, from.Pieces[f.index], from.Store, ledger)
		return err
	}
	return chunks, exchange(ctx, x, h.plugin, from, open, answer)
}

// exchange sends the pieces of a stage to a plugin over several streams, and hands over each answer with its frame.
func exchange[A any](
	ctx context.Context, x *execution, plugin *host.Plugin, from stage.Stage,
	open func(context.Context) (*sdk.Stream[[]A], error), answer func(frame, []A) error,
) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	group, ctx := errgroup.WithContext(ctx)
	parallel := x.options.parallel()
	streams := make([]*sdk.Stream[[]A], min(parallel, len(from.Pieces)))
	for i := range streams { // all open before the first frame: if the plugin ends at one, the error says so, not that it is gone
		var err error
		if streams[i], err = open(ctx); err != nil {
			return plugin.Explain(err)
		}
	}
	feed := &feed{Stage: from}
	p := pump[A]{
		plugin: plugin, tools: x.tools, flight: semaphore.NewWeighted(mostInFlight), window: feed.window(parallel),
		next: feed.take, answer: answer,
	}
	for _, stream := range streams {
		group.Go(func() error { return p.run(ctx, stream) })
	}
	return asShared(group.Wait(), len(streams))
}

// label names the filters.
func (h hop) label() string {
	label := h.filters[0].block.Address()
	for _, filter := range h.filters[1:] {
		label += ", " + filter.block.Address()
	}
	return label
}

// settle returns what goes on of a piece, given the answers to its frame. It stores examples only if the filters changed some.
func settle(f frame, outcomes []sdk.Outcome, p stage.Piece, store *stage.Store, ledger *ledger) (stage.Chunk, error) {
	var rest []sdk.Item // all that go on; collected only if something is changed
	keep, changed := make([]bool, len(outcomes)), slices.ContainsFunc(outcomes, sdk.Outcome.Changes)
	for i, outcome := range outcomes {
		goOn := f.items[i : i+1]
		switch {
		case outcome.Dropped:
			goOn = nil
		case changed:
			goOn = outcome.Items(f.items[i])
			if err := checkReplacements(f.items[i], goOn); err != nil {
				return stage.Chunk{}, ledger.plugin.Explain(err)
			}
			rest = append(rest, goOn...)
		}
		keep[i] = len(goOn) > 0
		if err := ledger.enter(p.Unit, f.items[i].ID, outcome.Decisions, goOn); err != nil {
			return stage.Chunk{}, err
		}
	}
	if changed {
		return store.Put(rest)
	}
	return store.Narrow(p.Chunk, f.items, keep)
}

// checkReplacements checks that the examples that go on in the place of one have different ids, and a source if the original
// has one.
func checkReplacements(original sdk.Item, items []sdk.Item) error {
	if len(items) == 1 && items[0].Source == original.Source { // itself, as nearly always
		return nil
	}
	known := make(map[string]bool, len(items))
	for _, item := range items {
		switch {
		case known[item.ID]:
			return fmt.Errorf("the plugin replaced example %s with two examples that share the id %s", original.ID, item.ID)
		case item.Source == "" && original.Source != "":
			return fmt.Errorf("the plugin replaced example %s with an example without a source", original.ID)
		}
		known[item.ID] = true
	}
	return nil
}
