package sdk

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A Tally says what became of a unit's records.
type Tally struct {
	Read       int            // records met
	InExamples int            // records that belong to an emitted example
	Ignored    map[string]int // records that teach nothing, by kind
	Unread     int            // records ruled out by a byte search
	Rejected   int            // records that could not be read
	Unreadable int            // of the rejected ones, those that stand for a file that could not be read, or for the rest of one
	Examples   int
	Files      map[string]Tally // the same for each file, by [File.Name]; nil if all of it belongs to the unit's first file
}

// Sum returns the number of records that are accounted for. It must equal Read.
func (t Tally) Sum() int {
	sum := t.InExamples + t.Unread + t.Rejected
	for _, n := range t.Ignored {
		sum += n
	}
	return sum
}

// Check returns an error if a count, of the unit or of a file, is impossible: below zero, or of ignored records without a
// kind. It does not check whether the counts add up: see [Tally.Sum].
func (t Tally) Check() error {
	for _, count := range []struct {
		of string
		n  int
	}{{"read", t.Read}, {"used", t.InExamples}, {"unread", t.Unread}, {"rejected", t.Rejected}, {"unreadable", t.Unreadable}} {
		if count.n < 0 {
			return negative(count.n, "records", count.of)
		}
	}
	if t.Examples < 0 {
		return negative(t.Examples, "examples", "sent")
	}
	for _, kind := range slices.Sorted(maps.Keys(t.Ignored)) {
		switch n := t.Ignored[kind]; {
		case n < 0:
			return negative(n, "records", fmt.Sprintf("ignored (%q)", kind))
		case strings.TrimSpace(kind) == "":
			return fmt.Errorf("%d records are ignored without a kind: give one, such as \"file history\"", n)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(t.Files)) {
		if err := t.Files[name].Check(); err != nil {
			return fmt.Errorf("the file %s: %w", name, err)
		}
	}
	return nil
}

func negative(n int, noun, what string) error {
	return fmt.Errorf("%d %s are counted as %s: a count cannot be negative", n, noun, what)
}

// Add adds the counts of another tally, except those of single files.
func (t *Tally) Add(other Tally) {
	t.Read += other.Read
	t.InExamples += other.InExamples
	t.Unread += other.Unread
	t.Rejected += other.Rejected
	t.Unreadable += other.Unreadable
	t.Examples += other.Examples
	for kind, n := range other.Ignored {
		t.ignore(kind, n)
	}
}

func (t *Tally) ignore(kind string, n int) {
	if t.Ignored == nil {
		t.Ignored = map[string]int{}
	}
	t.Ignored[kind] += n
}

// tallies holds the tallies of a unit's files, by name.
type tallies map[string]*Tally

func (t tallies) forFile(file string) *Tally {
	if t[file] == nil {
		t[file] = &Tally{}
	}
	return t[file]
}

// close returns the unit's tally. If the source never called Records, it has met the records that it accounts for.
func (t tallies) close(first string) Tally {
	silent := true
	for _, file := range t {
		silent = silent && file.Read == 0
	}
	unit := Tally{Files: map[string]Tally{}}
	for name, file := range t {
		if silent {
			file.Read = file.Sum()
		} else {
			file.Read += file.Unreadable // the source did not count these
		}
		unit.Add(*file)
		unit.Files[name] = *file
	}
	if _, ok := t[first]; ok && len(t) == 1 {
		unit.Files = nil
	}
	return unit
}
