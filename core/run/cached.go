package run

import (
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"

	"github.com/ftprep/ftprep/core/cache"
	"github.com/ftprep/ftprep/sdk"
)

// list lists the units and finds the origins of what they give, both at once.
func (x *execution) list(ctx context.Context) (units []Unit, origins []*origin, err error) {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		units, err = x.Units(ctx, x.options.MaxUnits)
		return err
	})
	group.Go(func() error {
		origins = x.origins(x.options.Cache)
		return nil
	})
	err = group.Wait()
	return units, origins, err
}

// origins finds the origins of what the sources give, where a cache needs them. A source without one is read each time.
func (j *Job) origins(kept *cache.Cache) []*origin {
	origins := make([]*origin, len(j.sources))
	if kept == nil {
		return origins
	}
	var group errgroup.Group
	for i, source := range j.sources {
		group.Go(func() (err error) {
			origins[i], err = newOrigin(source, kept)
			return err
		})
	}
	kept.Complain(group.Wait())
	return origins
}

// frames hands over the frames of a unit: from the cache where it has them, else from the plugin, and then for the cache
// as well. What a unit gave while its files changed is not kept.
func (r *reader) frames(ctx context.Context, unit Unit, take func(sdk.ReadFrame) error) (cached bool, err error) {
	source, origin := r.job.sources[unit.source], r.origins[unit.source]
	read := func(take func(sdk.ReadFrame) error) error {
		return source.plugin.Explain(source.plugin.Client().Read(ctx, source.handle, unit.Unit, take))
	}
	if origin == nil {
		return false, read(take)
	}
	key, err := origin.key(unit.Unit)
	if err != nil { // the source says what is wrong with the unit's files
		return false, read(take)
	}
	if entry := r.cache.Get(key); entry != nil {
		defer entry.Close()
		return true, replay(ctx, entry, take)
	}
	draft := r.cache.Draft(key, source.plugin.Name)
	defer draft.Discard()
	err = read(func(frame sdk.ReadFrame) error {
		draft.Add(frame)
		return take(frame)
	})
	if err != nil {
		return false, err
	}
	if after, err := origin.key(unit.Unit); err == nil && after == key {
		draft.Keep()
	}
	return false, nil
}

// replay hands over the frames of an entry.
func replay(ctx context.Context, entry *cache.Entry, take func(sdk.ReadFrame) error) error {
	return entry.Each(func(record []byte) error {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		frame, err := sdk.ParseReadFrame(record)
		if err != nil {
			return fmt.Errorf("read the cache (--no-cache goes without it): %w", err)
		}
		return take(frame)
	})
}
