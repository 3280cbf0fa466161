package run

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/ftprep/ftprep/core/cache"
	"github.com/ftprep/ftprep/core/host"
	"github.com/ftprep/ftprep/core/record"
	"github.com/ftprep/ftprep/core/stage"
	"github.com/ftprep/ftprep/sdk"
)

// reader reads the units of all sources.
type reader struct {
	x       *execution
	store   *stage.Store
	rivals  *stage.Rivals
	seed    maphash.Seed
	origins []*origin // by source; nil: what it gives does not go through the cache

	underway underway
}

// unitResult is a unit and what reading it gave.
type unitResult struct {
	unit    Unit
	pieces  []stage.Piece
	rejects record.RejectSpans // where they stand in the record
	tally   sdk.Tally
	last    string // the id of the last example
	items   int    // examples that arrived, to check the tally against
	unread  int64  // bytes of its files that no frame has reported yet
	cached  bool   // it came from the cache
}

// read reads units in parallel, starting them in order, and returns the results in that order. The examples of a unit wait in
// the store, so that every unit is always drained and a slow one holds up no other.
func (r *reader) read(ctx context.Context, units []Unit) ([]unitResult, error) {
	results, parallel := make([]unitResult, len(units)), r.x.options.parallel()
	for i, unit := range units {
		results[i].unit, results[i].unread = unit, unit.Bytes()
	}
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(parallel)
	all, rest := batches(units, parallel), results
	for _, batch := range all {
		if groupCtx.Err() != nil {
			break
		}
		own := rest[:len(batch)]
		rest = rest[len(batch):]
		group.Go(func() error { return r.batch(groupCtx, own) })
	}
	if err := group.Wait(); err != nil {
		return nil, asShared(err, min(parallel, len(all)))
	}
	if ctx.Err() != nil { // the units that were begun may have ended without an error
		return nil, context.Cause(ctx)
	}
	return results, r.orderRejects(results)
}

// reading is a unit that is being read.
type reading struct {
	*unitResult
	origin *origin // nil: what it gives is not kept in the cache
	key    cache.Key
	draft  *cache.Draft
}

// batch reads units: from the cache those that it has, the others from the plugin.
func (r *reader) batch(ctx context.Context, units []unitResult) (err error) {
	var missing []*reading
	for i := range units {
		u := &reading{unitResult: &units[i]}
		if u.cached, err = r.pull(ctx, u); err != nil {
			return u.explain(err)
		}
		if u.cached {
			r.x.progress.unitDone(u.unread, true)
		} else {
			missing = append(missing, u)
		}
	}
	return r.fetch(ctx, missing)
}

// fetch reads units of one source from its plugin.
func (r *reader) fetch(ctx context.Context, missing []*reading) error {
	if len(missing) == 0 {
		return nil
	}
	source, units := r.x.sources[missing[0].unit.source], make([]sdk.Unit, len(missing))
	for i, u := range missing {
		units[i] = u.unit.Unit
	}
	current := missing[0]
	r.underway.enter(current)
	var fault error // on the host's side
	err := source.plugin.Client().Read(ctx, source.handle, units, func(frame sdk.ReadFrame) error {
		r.toCache(current, frame)
		if fault = r.take(current, frame); fault != nil || frame.Tally == nil {
			return fault
		}
		r.x.progress.unitDone(current.unread, false)
		r.underway.leave(current)
		if missing = missing[1:]; len(missing) > 0 {
			current = missing[0]
			r.underway.enter(current)
		}
		return nil
	})
	current.draft.Discard()
	switch {
	case fault != nil:
		return current.explain(fault)
	case err != nil:
		return r.explain(current, source.plugin.Explain(err))
	}
	return nil
}

// unjudged returns the corrections without their old signals and quality score, so that filters score the corrected text.
func unjudged(items []sdk.Item) ([]sdk.Item, error) {
	plain := make([]sdk.Item, len(items))
	for i, item := range items {
		e, err := item.Decode()
		if err != nil {
			return nil, err
		}
		e.Signals, e.Quality = nil, nil
		plain[i] = sdk.NewItem(e)
		plain[i].Toolset = item.Toolset
	}
	return plain, nil
}

// explain says at which unit a plugin went wrong. If the plugin died or fell silent, it may have been at any unit that it was
// reading, so the error names several.
func (r *reader) explain(at *reading, err error) error {
	if !errors.As(err, new(*host.Error)) {
		return at.explain(err)
	}
	plugin := r.x.sources[at.unit.source].plugin
	var units []string
	for _, u := range r.underway.units() {
		if r.x.sources[u.source].plugin != plugin {
			continue
		}
		name := u.ID
		if u.source != at.unit.source {
			name = u.Source + " " + name
		}
		units = append(units, name)
	}
	if len(units) < 2 {
		return at.explain(err)
	}
	if len(units) > mostNamed {
		units = append(units[:mostNamed], fmt.Sprintf("%d others", len(units)-mostNamed))
	}
	return fmt.Errorf("%s, reading one of %s: %w", at.unit.Source, strings.Join(units, ", "), err)
}

// mostNamed is how many units a message names.
const mostNamed = 8

// orderRejects puts the list of rejects into the order of the units.
func (r *reader) orderRejects(results []unitResult) error {
	places := make([]record.RejectSpans, len(results))
	for i, result := range results {
		places[i] = result.rejects
	}
	return r.x.record.OrderRejects(places)
}

// take takes a frame of a unit, from its plugin or from the cache.
func (r *reader) take(u *reading, frame sdk.ReadFrame) error {
	r.x.tools.add(frame.Toolsets)
	r.x.tools.observe(frame.Observed)
	r.x.record.Reject(u.unit.Source, frame.Rejects, &u.rejects)
	if frame.Tally != nil {
		u.tally = *frame.Tally
	}
	read := min(max(0, frame.Progress), u.unread) // a source may count what it has unpacked, or read twice
	u.unread -= read
	r.x.progress.read(len(frame.Items), read)
	return r.keep(u, frame)
}

// keep puts the examples of a frame into the store, as one piece.
func (r *reader) keep(u *reading, frame sdk.ReadFrame) error {
	items, encoding := frame.Items, frame.Encoding()
	if len(items) == 0 {
		return nil
	}
	if r.rivals.Corrects(u.unit.source) {
		var err error
		if items, err = unjudged(items); err != nil {
			return err
		}
		encoding = nil
	}
	r.x.record.Read(u.unit.Source, u.unit.ID, items)
	r.x.sample.Offer(record.Choice{
		Source: u.unit.source, Unit: u.unit.ID, Frame: len(u.pieces), Corrects: r.rivals.Corrects(u.unit.source),
	}, items)
	p := stage.Piece{Source: u.unit.source, Unit: u.unit.ID}
	p.Identify(r.seed, items, r.rivals.Corrected(p.Source))
	var err error
	p.Chunk, err = r.store.PutEncoded(items, encoding)
	u.items += len(items)
	u.last = items[len(items)-1].ID
	u.pieces = append(u.pieces, p)
	return err
}

// explain says at which unit something went wrong, and how far into it.
func (u *unitResult) explain(err error) error {
	if u.items == 0 {
		return fmt.Errorf("%s, reading %s: %w", u.unit.Source, u.unit.ID, err)
	}
	examples := "1 example"
	if u.items > 1 {
		examples = fmt.Sprintf("%d examples", u.items)
	}
	return fmt.Errorf("%s, reading %s after %s, the last %s: %w", u.unit.Source, u.unit.ID, examples, u.last, err)
}
