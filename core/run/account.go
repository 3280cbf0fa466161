package run

import (
	"fmt"
	"maps"
	"slices"

	"github.com/ftprep/ftprep/core/record"
	"github.com/ftprep/ftprep/sdk"
)

// countSources accounts for the records that were read: by source in the summary, by file in the record.
func (x *execution) countSources(results []unitResult) error {
	counts := make([]*record.SourceCounts, len(x.sources))
	for i, source := range x.plan.Sources {
		counts[i] = &record.SourceCounts{Source: source.Address(), Paths: source.Paths}
	}
	for i := range results {
		u := &results[i]
		files, err := countFiles(u)
		if err != nil {
			return err
		}
		x.record.Files(files)
		if x.options.Files {
			x.summary.Files = append(x.summary.Files, files...)
		}
		countUnit(counts[u.unit.source], u)
	}
	x.summary.Sources = counts
	return nil
}

// countUnit adds a unit to the counts of its source.
func countUnit(c *record.SourceCounts, u *unitResult) {
	c.Units++
	if u.cached {
		c.Cached++
	}
	c.Files += len(u.unit.Files)
	c.Bytes += u.unit.Bytes()
	c.Add(u.tally)
}

// countFiles returns the counts of a unit's files. It holds the plugin to the law of conservation: no count is negative, the
// records of each file add up, and the files and examples of the unit add up to its own counts.
func countFiles(u *unitResult) ([]*record.FileCounts, error) {
	if err := u.tally.Check(); err != nil {
		return nil, u.miscounted("%w", err)
	}
	files := u.unit.Files
	if len(files) == 0 {
		files = []sdk.File{{}}
	}
	tallies := maps.Clone(u.tally.Files)
	if tallies == nil {
		tallies = map[string]sdk.Tally{files[0].Name: u.tally}
	}
	var counts []*record.FileCounts
	var sum sdk.Tally
	for _, file := range files {
		tally := tallies[file.Name]
		delete(tallies, file.Name) // if two files share a name, the first gets everything
		if tally.Sum() != tally.Read {
			return nil, u.miscounted("the records of %s do not add up: %d were read, %d are accounted for",
				fileLabel(file.Name), tally.Read, tally.Sum())
		}
		sum.Add(tally)
		c := &record.FileCounts{Source: u.unit.Source, Unit: u.unit.ID, File: file.Name, Bytes: file.Size}
		c.Add(tally)
		counts = append(counts, c)
	}
	for _, name := range slices.Sorted(maps.Keys(tallies)) {
		return nil, u.miscounted("records are counted for %s, which the unit does not have", fileLabel(name))
	}
	return counts, checkUnit(u, sum)
}

// checkUnit compares the plugin's tally of the whole unit with the sum over its files and with the examples that arrived.
func checkUnit(u *unitResult, sum sdk.Tally) error {
	switch t := u.tally; {
	case sum.Read != t.Read || sum.Sum() != t.Sum():
		return u.miscounted("the files do not add up: they have %d records, the unit has %d", sum.Read, t.Read)
	case sum.Examples != t.Examples:
		return u.miscounted("the files do not add up: they have %d examples, the unit has %d", sum.Examples, t.Examples)
	case t.Examples != u.items:
		return u.miscounted("the examples do not add up: %d were made, %d arrived", t.Examples, u.items)
	}
	return nil
}

// miscounted returns the error for a plugin whose counts do not add up.
func (u *unitResult) miscounted(format string, args ...any) error {
	return fmt.Errorf("%s, reading %s: %w (a fault of the plugin)", u.unit.Source, u.unit.ID, fmt.Errorf(format, args...))
}

func fileLabel(name string) string {
	if name == "" {
		return "the unit"
	}
	return "the file " + name
}
