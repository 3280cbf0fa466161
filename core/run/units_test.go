package run

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/core/cache"
	"github.com/ftprep/ftprep/sdk"
)

func sized(source int, sizes ...int64) []Unit {
	var units []Unit
	for _, size := range sizes {
		units = append(units, Unit{source: source, Unit: sdk.Unit{ID: fmt.Sprint(size), Files: []sdk.File{{Size: size}}}})
	}
	return units
}

func TestBatches(t *testing.T) {
	const large = batchBytes - 1
	for name, test := range map[string]struct {
		units    []Unit
		parallel int
		want     []int // the length of each batch
	}{
		"nothing":             {nil, 1, nil},
		"few":                 {sized(0, 1, 1, 1, 1, 1), 2, []int{1, 1, 1, 1, 1}},
		"many for one reader": {sized(0, slices.Repeat([]int64{1}, 12)...), 1, []int{3, 3, 3, 3}},
		"large ones":          {sized(0, slices.Concat([]int64{large, 1, 1, large, large}, slices.Repeat([]int64{1}, 11))...), 1, []int{2, 2, 2, 4, 4, 2}},
		"of unknown size":     {sized(0, slices.Repeat([]int64{0}, 8)...), 1, slices.Repeat([]int{1}, 8)},
		"of two sources":      {append(sized(0, slices.Repeat([]int64{1}, 5)...), sized(1, slices.Repeat([]int64{1}, 7)...)...), 1, []int{3, 2, 3, 3, 1}},
	} {
		var got []int
		var all []Unit
		for _, batch := range batches(test.units, test.parallel) {
			got, all = append(got, len(batch)), append(all, batch...)
		}
		require.Equal(t, test.want, got, name)
		require.Equal(t, test.units, all, name)
	}
}

// TestRecordsOfRunsAreNoLogs: a source may read the folder that the pipeline is in, and each run leaves a record there.
func TestRecordsOfRunsAreNoLogs(t *testing.T) {
	b := newBench(t)
	b.log(t, "a.txt", "one\n")
	s := b.run(t, simple, Options{})
	ids := func(path string) (ids []string) {
		units, err := b.job(t, "source \"lines\" \"logs\" { path = "+path+" }\n").Units(t.Context(), 2)
		require.NoError(t, err)
		for _, unit := range units {
			ids = append(ids, unit.ID)
		}
		return ids
	}
	require.Equal(t, []string{"logs/a.txt", "out/rows.jsonl"}, ids(`"."`))
	record := WorkFolder + "/runs/" + s.Run
	require.Equal(t, []string{"examples.jsonl", "files.jsonl"}, ids(`"`+record+`"`), "but where it is named")
	require.Len(t, ids(`["`+WorkFolder+`", "out"]`), 2, "even if its name begins the names of files")
}

func TestParallelMayBeAnyNumber(t *testing.T) {
	for _, n := range []int{1 << 62, math.MaxInt} {
		parallel := Options{Parallel: n}.parallel()
		require.Len(t, batches(sized(0, 1, 1, 1), parallel), 3)
		require.Equal(t, 1, (&feed{}).window(parallel))
	}
}

func TestUnitsOfABatchAreCachedOneByOne(t *testing.T) {
	b := newBench(t)
	for i := range 12 {
		b.log(t, fmt.Sprintf("%02d.txt", i), fmt.Sprintf("request %d\n", i))
	}
	cached := func() int {
		kept, err := cache.Open(filepath.Join(b.folder, "cache"), cache.DefaultBound)
		require.NoError(t, err)
		s := b.run(t, simple, Options{Cache: kept, Parallel: 1})
		require.NoError(t, kept.Close())
		return s.Sources[0].Cached
	}
	require.Equal(t, 0, cached())
	b.log(t, "04.txt", "another\n")
	b.log(t, "05.txt", "another\n")
	require.Equal(t, 10, cached())
	rows := b.read(t, "out/rows.jsonl")
	require.Equal(t, 12, cached())
	require.Equal(t, rows, b.read(t, "out/rows.jsonl"))
	b.run(t, simple, Options{Parallel: 1})
	require.Equal(t, rows, b.read(t, "out/rows.jsonl"))
}

// TestProgressWithinAUnit: a source may report more bytes than its files hold, such as those that it has unpacked.
func TestProgressWithinAUnit(t *testing.T) {
	b := newBench(t)
	r := &reader{x: b.job(t, simple).newExecution(Options{})}
	u := &reading{unitResult: &unitResult{unread: 10}}
	for _, step := range []struct{ said, bytes int64 }{{7, 7}, {-1, 7}, {7, 10}, {1, 10}} {
		require.NoError(t, r.take(u, sdk.ReadFrame{Progress: step.said}))
		require.Equal(t, step.bytes, r.x.progress.now.Bytes)
	}
	require.Zero(t, u.unread, "what is added when the unit is done")
}
