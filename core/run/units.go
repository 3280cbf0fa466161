package run

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/ftprep/ftprep/sdk"
)

// Unit is one unit of a source that the run reads.
type Unit struct {
	source int
	Source string // the source's address
	sdk.Unit
}

// Bytes returns the size of the unit's files.
func (u Unit) Bytes() int64 {
	var bytes int64
	for _, file := range u.Files {
		bytes += file.Size
	}
	return bytes
}

// Units lists the units of all sources in the order in which they are read: of each source at most maxUnits, and at most as
// many as its block says (0: all). The sources list their units in parallel. Records of runs below a source's paths are left
// out, since they are no logs, unless one of the paths leads into such a record.
func (j *Job) Units(ctx context.Context, maxUnits int) ([]Unit, error) {
	lists := make([][]sdk.Unit, len(j.sources))
	group, ctx := errgroup.WithContext(ctx)
	for i, source := range j.sources {
		group.Go(func() (err error) {
			lists[i], err = source.plugin.Client().Units(ctx, source.handle)
			if err != nil {
				return fmt.Errorf("%s: %w", source.block.Address(), source.plugin.Explain(err))
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	var units []Unit
	for i, list := range lists {
		if !slices.ContainsFunc(j.plan.Sources[i].Paths, inRecord) {
			list = slices.DeleteFunc(list, ofRecord)
		}
		for _, unit := range atMost(atMost(list, maxUnits), j.plan.Sources[i].MaxUnits) {
			units = append(units, Unit{source: i, Source: j.sources[i].block.Address(), Unit: unit})
		}
	}
	return units, nil
}

// ofRecord reports whether all files of a unit are in folders in which runs keep their records.
func ofRecord(unit sdk.Unit) bool {
	return len(unit.Files) > 0 && !slices.ContainsFunc(unit.Files, func(file sdk.File) bool { return !inRecord(file.Name) })
}

// inRecord reports whether a path leads into such a folder.
func inRecord(path string) bool {
	return slices.Contains(strings.Split(filepath.ToSlash(path), "/"), WorkFolder)
}

// atMost returns the beginning of a list, up to most units (0: all).
func atMost(list []sdk.Unit, most int) []sdk.Unit {
	if most > 0 && len(list) > most {
		return list[:most]
	}
	return list
}

// batchBytes is about how much is read on one stream: so much that the cost of the stream itself does not matter.
const batchBytes = 8 << 20

// batches splits units, in order, into batches that are read on one stream each: small units of one source. There are enough
// batches for every reader to have something to do until the end.
func batches(units []Unit, parallel int) [][]Unit {
	const batchesPerReader = 4 // at least
	most := len(units) / (batchesPerReader * parallel)
	var all [][]Unit
	var batch []Unit
	bytes := int64(0)
	for _, unit := range units {
		size := unit.Bytes()
		if size == 0 { // unknown
			size = batchBytes
		}
		if len(batch) > 0 && (len(batch) >= most || bytes+size > batchBytes || unit.source != batch[0].source) {
			all = append(all, batch)
			batch, bytes = nil, 0
		}
		batch, bytes = append(batch, unit), bytes+size
	}
	if len(batch) > 0 {
		all = append(all, batch)
	}
	return all
}
