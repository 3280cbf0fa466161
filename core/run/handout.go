package run

import (
	"context"
	"iter"

	"github.com/ftprep/ftprep/core/record"
	"github.com/ftprep/ftprep/core/stage"
	"github.com/ftprep/ftprep/sdk"
)

// keptPortions yields the portions that the filters left, and enters their examples into the record and the census on the way.
func (x *execution) keptPortions(ctx context.Context, from stage.Stage) iter.Seq2[stage.Portion, error] {
	x.summary.Kept = record.NewCensus()
	return func(yield func(stage.Portion, error) bool) {
		for p, err := range from.Portions(ctx) {
			x.enterKept(p.Items)
			if !yield(p, err) {
				return
			}
		}
	}
}

// enterKept enters examples that the filters left into the record, and counts them.
func (x *execution) enterKept(items []sdk.Item) {
	taskTypes := make([]string, len(items))
	for i, item := range items {
		taskTypes[i] = x.summary.Kept.Add(item)
	}
	x.record.Kept(items, taskTypes)
}

// mostAhead is how many portions the fastest output may be ahead of the slowest, besides those that they are working on. It is
// small, since portions may be large.
const mostAhead = 2

// handOut hands every portion that the filters left to each output, so that it is read only once, and closes the outputs'
// channels after the last one. An output that stops earlier must fail, or the others would wait for it.
func (x *execution) handOut(ctx context.Context, from stage.Stage, encoders []*encoder) error {
	for p, err := range x.keptPortions(ctx, from) {
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
