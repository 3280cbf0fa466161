package run

import (
	"context"
	"iter"

	"github.com/ftprep/ftprep/core/record"
	"github.com/ftprep/ftprep/sdk"
)

// portion is a piece of a stage with its examples, which nobody may change.
type portion struct {
	index int // of the piece
	piece
	items []sdk.Item
}

// portions walks a stage in order.
func (s stage) portions() iter.Seq2[portion, error] {
	return func(yield func(portion, error) bool) {
		for i, p := range s.pieces {
			items, err := s.store.get(p.chunk)
			if !yield(portion{i, p, items}, err) || err != nil {
				return
			}
		}
	}
}

// left walks what the filters left, and enters it into the record and the census.
func (x *execution) left(by stage) iter.Seq2[portion, error] {
	x.summary.Kept = record.NewCensus()
	return func(yield func(portion, error) bool) {
		for p, err := range by.portions() {
			x.enterKept(p.items)
			if !yield(p, err) {
				return
			}
		}
	}
}

// mostAhead is how many portions the fastest output may be ahead of the slowest, besides those that they work on: few, since
// portions may be large.
const mostAhead = 2

// handOut hands every portion that the filters left to each output, so that it is read only once, and closes their channels
// behind the last one. An output that stops before that must fail, or the others would wait for it.
func (x *execution) handOut(ctx context.Context, from stage, encoders []*encoder) error {
	for p, err := range x.left(from) {
		if err != nil {
			return err
		}
		for _, e := range encoders {
			select {
			case e.portions <- p:
			case <-ctx.Done():
				return context.Cause(ctx)
			}
		}
	}
	for _, e := range encoders {
		close(e.portions)
	}
	return nil
}
