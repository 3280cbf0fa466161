package run

import (
	"context"
	"hash/maphash"
	"slices"
	"time"

	"github.com/ftprep/ftprep/core/plan"
	"github.com/ftprep/ftprep/core/record"
	"github.com/ftprep/ftprep/core/stage"
	"github.com/ftprep/ftprep/sdk"
)

// A Column is the summary of one of several jobs.
type Column struct {
	*record.Summary
	Only int `json:"only,omitempty"` // kept examples that no other column keeps
}

// Stats executes jobs except for their outputs and counts what their filters leave. Jobs that follow one another and have the
// same sources share one reading.
func Stats(ctx context.Context, jobs []*Job, options Options) ([]*Column, error) {
	var columns []*Column
	var kept []map[uint64]bool // by column, hashes of ids; empty if there is nothing to compare
	seed := maphash.MakeSeed()
	var read *execution
	var from stage.Stage
	var tools *toolsets // as they were read
	defer func() { from.Close() }()
	for i, job := range jobs {
		started := time.Now()
		x := job.newExecution(options)
		if i > 0 && sameSources(read.Job, job) {
			x.summary.Sources, x.summary.Files = read.summary.Sources, read.summary.Files
			x.summary.Copies, x.summary.Corrected, x.summary.Idle = read.summary.Copies, read.summary.Corrected, read.summary.Idle
		} else {
			from.Close()
			var err error
			if from, err = x.read(ctx); err != nil {
				return nil, err
			}
			read, tools = x, x.tools
		}
		x.tools = tools.clone()
		ids := map[uint64]bool{}
		err := x.census(ctx, from, func(id string) {
			if len(jobs) > 1 {
				ids[maphash.String(seed, id)] = true
			}
		})
		if err != nil {
			return nil, err
		}
		x.summary.Seconds = time.Since(started).Seconds()
		columns, kept = append(columns, &Column{Summary: x.summary}), append(kept, ids)
	}
	for i, column := range columns {
		column.Only = only(kept, i)
	}
	return columns, nil
}

// sameSources reports whether two jobs read the same, so that one reading serves both.
func sameSources(a, b *Job) bool {
	sameSource := func(x, y *plan.Source) bool {
		return slices.Equal(x.Paths, y.Paths) && x.MaxUnits == y.MaxUnits && x.Corrects == y.Corrects && x.Group == y.Group
	}
	sameStep := func(x, y *step) bool { return x.plugin == y.plugin && x.handle.Digest == y.handle.Digest }
	sameGroup := func(x, y plan.Group) bool { return slices.Equal(x.Outputs, y.Outputs) }
	return slices.EqualFunc(a.plan.Sources, b.plan.Sources, sameSource) && slices.EqualFunc(a.sources, b.sources, sameStep) &&
		slices.EqualFunc(a.plan.Groups, b.plan.Groups, sameGroup)
}

// Tools reads the sources and returns the tools that outputs get. The summary covers only the reading and the tools.
func (j *Job) Tools(ctx context.Context, options Options) (*sdk.Toolset, *record.Summary, error) {
	x := j.newExecution(options)
	from, err := x.read(ctx)
	if err != nil {
		return nil, nil, err
	}
	from.Close()
	if err := x.redactTools(ctx); err != nil {
		return nil, nil, err
	}
	var tools *sdk.Toolset
	tools, x.summary.Tools = x.tools.complete(j.plan.Tools)
	return tools, x.summary, nil
}

// census runs the filters and counts what they leave; keep takes the ids.
func (x *execution) census(ctx context.Context, from stage.Stage, keep func(id string)) error {
	defer from.Store.Rewind(from.Store.Mark()) // other jobs may share the reading
	filtered, err := x.filter(ctx, from)
	if err != nil {
		return err
	}
	measured, err := x.measured()
	if err != nil {
		return err
	}
	for p, err := range x.keptPortions(ctx, filtered) {
		if err != nil {
			return err
		}
		for _, item := range p.Items {
			keep(item.ID)
		}
		for _, e := range measured {
			if err := e.measure(filtered, p); err != nil {
				return err
			}
		}
	}
	for _, e := range measured {
		if err := e.counts.Check(); err != nil {
			return err
		}
	}
	return nil
}

// measured returns encoders for the outputs whose rows are measured in tokens; none unless that is asked for.
func (x *execution) measured() ([]*encoder, error) {
	if !x.options.Tokens {
		return nil, nil
	}
	tools, _ := x.tools.complete(x.plan.Tools)
	encoders := make([]*encoder, len(x.outputs))
	for i, output := range x.outputs {
		if output.tokenizer == nil {
			var err error
			if output.tokenizer, err = x.tokenizer(plan.DefaultTokenizer); err != nil {
				return nil, err
			}
		}
		encoders[i] = x.newEncoder(output, tools)
	}
	return encoders, nil
}

// measure shapes what the output selects of a portion and counts the tokens. It does not encode it, so the format's own
// refusals are not known.
func (e *encoder) measure(from stage.Stage, p stage.Portion) error {
	s := e.newSender(from)
	if err := s.add(p); err != nil {
		return err
	}
	for _, ready := range s.queue {
		e.counts.Rows++
		e.counts.Tokens.Add(ready.tokens)
		ready.outcome.written = true
		if ready.outcome.unanswered--; ready.outcome.unanswered == 0 {
			e.countAnswered(ready.outcome)
		}
	}
	return nil
}

// only counts what one column keeps and no other does.
func only(kept []map[uint64]bool, column int) int {
	n := 0
	for id := range kept[column] {
		alone := true
		for i, other := range kept {
			alone = alone && (i == column || !other[id])
		}
		if alone {
			n++
		}
	}
	return n
}
