package run

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/ftprep/ftprep/core/container"
)

// A Leak is a place in a file that holds a secret or personal data.
type Leak struct {
	Line   int    `json:"line"` // of the file; of a table the row
	Kind   string `json:"kind"`
	Rule   string `json:"rule,omitempty"`   // by which it was found, where the kind does not say all
	Masked string `json:"masked"`           // the value, but for its beginning
	Member string `json:"member,omitempty"` // of a JSON object whose value holds it
}

// What says what leaks.
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
	Output string
	Leaks  []Leak // in order
}

// shownLeaks is how many leaks the message of an error lists.
const shownLeaks = 5

func (e *LeakError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: the check of what was written found what should have been redacted, so no output has changed:", e.Output)
	for _, leak := range e.Leaks[:min(len(e.Leaks), shownLeaks)] {
		fmt.Fprintf(&b, "\n  line %d: %s", leak.Line, leak.What())
	}
	if more := len(e.Leaks) - shownLeaks; more > 0 {
		fmt.Fprintf(&b, "\n  and %d more", more)
	}
	return b.String()
}

// blockBytes is how much text is checked at once. Blocks of text overlap by the last lines of the one before, so that what
// spans lines, such as a private key, is seen whole.
const (
	blockBytes   = 1 << 20
	overlapBytes = 16 << 10
)

// block is a piece of a file: a row of JSON, or lines of text.
type block struct {
	line int // the first one
	text []byte
}

// verify looks for leaks in the files, which have not taken their places yet.
func (e *encoder) verify(ctx context.Context) error {
	look := e.x.options.Verify
	if look == nil {
		return nil
	}
	for _, file := range e.files {
		leaks, err := Leaks(ctx, file.Part(), look)
		if err != nil {
			return fmt.Errorf("%s: check what was written: %w", e.counts.Output, err)
		}
		if len(leaks) > 0 {
			return &LeakError{Output: e.counts.Output, Leaks: leaks}
		}
	}
	return nil
}

// Leaks looks for leaks in a file, whatever it is called: in its rows of JSON, else in its lines, several blocks side by
// side. The lines of what look finds are counted from 0 in the text that it gets; it is called from several goroutines.
func Leaks(ctx context.Context, path string, look func(text []byte) []Leak) ([]Leak, error) {
	blocks := make(chan []block, runtime.GOMAXPROCS(0))
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		defer close(blocks)
		return readBlocks(path, func(batch []block) error {
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

// readBlocks reads a file in batches of blocks.
func readBlocks(path string, take func([]block) error) error {
	r := &blockReader{take: take}
	for row, err := range container.Contents(path) {
		if err == nil {
			err = r.add(row)
		}
		if err != nil {
			return err
		}
	}
	if r.fresh {
		r.batch = append(r.batch, block{r.line, r.text})
	}
	return take(r.batch)
}

type blockReader struct {
	take  func([]block) error
	batch []block
	bytes int

	text  []byte // lines of text that wait
	line  int    // the first of these
	next  int    // the one behind them
	fresh bool   // they are more than the overlap
}

func (r *blockReader) add(row container.Row) error {
	if bytes.HasPrefix(row.Text, []byte("{")) {
		r.batch = append(r.batch, block{row.Number, bytes.Clone(row.Text)})
		r.bytes += len(row.Text)
	} else {
		r.lines(row)
	}
	if r.bytes < blockBytes {
		return nil
	}
	batch := r.batch
	r.batch, r.bytes = nil, 0
	return r.take(batch)
}

// lines adds a line of text, and before it the blank lines that were passed over, so that lines are counted right.
func (r *blockReader) lines(row container.Row) {
	if len(r.text) == 0 {
		r.line, r.next = row.Number, row.Number
	}
	for ; r.next < row.Number; r.next++ {
		r.text = append(r.text, '\n')
	}
	r.text, r.fresh = append(append(r.text, row.Text...), '\n'), true
	r.next++
	if len(r.text) < blockBytes {
		return
	}
	r.batch = append(r.batch, block{r.line, r.text})
	r.bytes += len(r.text)
	rest := r.text[len(r.text)-overlapBytes:]
	rest = rest[bytes.IndexByte(rest, '\n')+1:]
	r.line = r.next - bytes.Count(rest, []byte("\n"))
	r.text, r.fresh = bytes.Clone(rest), false
}
