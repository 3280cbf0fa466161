package record

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/ftprep/ftprep/core/whole"
	"github.com/ftprep/ftprep/sdk"
)

// span is where lines stand in a file, in bytes.
type span struct{ from, to int64 }

// RejectSpans are where the rejects of one unit stand in the list while that is in the order of their arrival.
type RejectSpans struct{ spans []span }

// Reject takes rejects of a unit of a source, and notes where they stand. Units are read side by side, so rejects are written
// in the order of their arrival and sorted by unit when all are read: memory holds only where they stand.
func (w *Writer) Reject(source string, rejects []sdk.Reject, place *RejectSpans) {
	if w == nil || len(rejects) == 0 {
		return
	}
	lines := make([]any, len(rejects))
	for i, reject := range rejects {
		lines[i] = Reject{Source: source, File: reject.File, Line: reject.Line, Cause: reject.Cause}
	}
	at := w.rejected.add(lines...)
	if n := len(place.spans); n > 0 && place.spans[n-1].to == at.from {
		place.spans[n-1].to = at.to
		return
	}
	place.spans = append(place.spans, at)
}

// OrderRejects completes the list of rejects and puts it into the order of the units.
func (w *Writer) OrderRejects(units []RejectSpans) error {
	if w == nil {
		return nil
	}
	var spans []span
	for _, unit := range units {
		spans = append(spans, unit.spans...)
	}
	list := w.rejected
	w.rejected = nil
	err := list.close()
	if err == nil && !slices.IsSortedFunc(spans, func(a, b span) int { return cmp.Compare(a.from, b.from) }) {
		err = reorder(list.file.Name(), spans)
	}
	if err != nil {
		return fmt.Errorf("write the record of the run: %w", err)
	}
	return nil
}

// reorder rewrites a file as its spans in the given order.
func reorder(path string, spans []span) error {
	from, err := os.Open(path)
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := whole.New(path)
	if err != nil {
		return err
	}
	for _, s := range spans {
		if _, err = io.Copy(to, io.NewSectionReader(from, s.from, s.to-s.from)); err != nil {
			break
		}
	}
	if err = errors.Join(err, from.Close(), to.Seal()); err == nil { // Windows replaces no file that is open
		err = to.Place()
	}
	if err != nil {
		to.Discard()
	}
	return err
}
