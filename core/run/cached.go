package run

import (
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"

	"github.com/ftprep/ftprep/core/cache"
	"github.com/ftprep/ftprep/sdk"
)

// list lists the units and finds the origins of what the sources give, both at the same time.
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

// origins finds the origin of what each source gives, if there is a cache. A source without an origin is read each time.
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

// pull takes the frames of a unit from the cache. If they are not there, found is false and the unit has to be read.
func (r *reader) pull(ctx context.Context, u *reading) (found bool, err error) {
	origin := r.origins[u.unit.source]
	if origin == nil {
		return false, nil
	}
	if u.key, err = origin.key(u.unit.Unit); err != nil { // the source will say what is wrong with the unit's files
		return false, nil
	}
	entry := r.x.options.Cache.Get(u.key)
	if entry == nil {
		u.origin = origin
		return false, nil
	}
	defer entry.Close()
	return true, entry.Each(func(record []byte) error {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		frame, err := sdk.ParseReadFrame(record)
		if err != nil {
			return fmt.Errorf("read the cache (--no-cache runs without it): %w", err)
		}
		return r.take(u, frame)
	})
}

// toCache adds a frame that was read to the draft of the unit's cache entry; the last frame completes the entry. If the unit's
// files changed meanwhile, the entry is not kept.
func (r *reader) toCache(u *reading, frame sdk.ReadFrame) {
	if u.origin == nil {
		return
	}
	if u.draft == nil {
		u.draft = r.x.options.Cache.Draft(u.key, r.x.sources[u.unit.source].plugin.Name)
	}
	u.draft.Add(frame)
	if frame.Tally == nil {
		return
	}
	if after, err := u.origin.key(u.unit.Unit); err == nil && after == u.key {
		u.draft.Keep()
	}
	u.draft.Discard()
}
