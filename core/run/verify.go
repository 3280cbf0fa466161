package run

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/ftprep/ftprep/core/container"
	"github.com/ftprep/ftprep/core/record"
)

// A Leak is a place in a file that holds a secret or personal data.
type Leak struct {
	Line   int    `json:"line"` // of the file; in a table the row
	Kind   string `json:"kind"`
	Rule   string `json:"rule,omitempty"`   // by which it was found, if the kind does not say all
	Masked string `json:"masked"`           // the value with all but its beginning masked; for a canary, which one it is
	Member string `json:"member,omitempty"` // the member of a JSON object that holds it
}

// What returns a description of what leaks.
func (l Leak) What() string {
	what := l.Kind
	if l.Rule != "" {
		what += " (" + l.Rule + ")"
	}
	if what += " " + l.Masked; l.Member != "" {
		what += " in " + strconv.Quote(l.Member)
	}
	return what
}

// A LeakError is the error of a run that would have written secrets. No output has changed.
type LeakError struct {
	Output   string
	Leaks    []Leak   // in order
	Examples []string // of the first leaks: ids of the examples that their rows were made from; empty: not known

	file int    // index of the output's file
	name string // of the file, if it is not the one at the output's path
}

// shownLeaks is how many leaks the message of an error lists.
const shownLeaks = 5

func (e *LeakError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: what was written contains something that should have been redacted, so no output has changed:", e.Output)
	for i, leak := range e.Leaks[:min(len(e.Leaks), shownLeaks)] {
		fmt.Fprintf(&b, "\n  line %d", leak.Line)
		if e.name != "" {
			fmt.Fprintf(&b, " of %s", e.name)
		}
		if i < len(e.Examples) && e.Examples[i] != "" {
			fmt.Fprintf(&b, ", example %s", e.Examples[i])
		}
		fmt.Fprintf(&b, ": %s", leak.What())
	}
	if more := len(e.Leaks) - shownLeaks; more > 0 {
		fmt.Fprintf(&b, "\n  and %d more", more)
	}
	return b.String()
}

// verify looks for leaks in the files before they are put in their places.
func (e *encoder) verify(ctx context.Context) error {
	look := e.x.options.Verify
	if look == nil {
		return nil
	}
	for i, file := range e.files {
		leaks, err := Leaks(ctx, container.Contents(file.Part()), look)
		if err != nil {
			return fmt.Errorf("%s: check what was written: %w", e.counts.Output, err)
		}
		if len(leaks) > 0 {
			found := &LeakError{Output: e.counts.Output, Leaks: leaks, file: i}
			if file.Path != e.step.file {
				found.name = filepath.Base(file.Path)
			}
			return found
		}
	}
	return nil
}

// locate finds the examples of the leaks that the message lists, in the record of the run, which must be complete.
func (e *LeakError) locate(run *record.Writer) {
	for _, leak := range e.Leaks[:min(len(e.Leaks), shownLeaks)] {
		e.Examples = append(e.Examples, run.ExampleOf(e.Output, e.file, leak.Line))
	}
}

// Leaks looks for leaks in the rows or lines of a file, such as [container.Contents] yields: in JSON rows one by one, else in
// several lines at once. It calls look from several goroutines; look counts lines from 0, the first of the text that it gets.
func Leaks(ctx context.Context, rows iter.Seq2[container.Row, error], look func(text []byte) []Leak) ([]Leak, error) {
	blocks := make(chan []block, runtime.GOMAXPROCS(0))
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		defer close(blocks)
		return readBlocks(rows, func(batch []block) error {
			select {
			case blocks <- batch:
				return nil
			case <-ctx.Done():
				return context.Cause(ctx)
			}
		})
	})
	var mu sync.Mutex
	var leaks []Leak
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() error {
			for batch := range blocks {
				for _, b := range batch {
					found := look(b.text)
					mu.Lock()
					for _, leak := range found {
						leak.Line += b.line
						leaks = append(leaks, leak)
					}
					mu.Unlock()
				}
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	slices.SortFunc(leaks, func(a, b Leak) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.What(), b.What()))
	})
	return slices.Compact(leaks), nil
}
