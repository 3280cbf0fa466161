package run

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/ftprep/ftprep/core/record"
	"github.com/ftprep/ftprep/core/shape"
	"github.com/ftprep/ftprep/core/stage"
	"github.com/ftprep/ftprep/sdk"
)

// encoder runs one output: it selects, shapes, encodes and writes.
type encoder struct {
	x       *execution
	sources []string     // their addresses
	tools   *sdk.Toolset // complete
	step    *outputStep
	shaper  *shape.Shaper
	rows    *rowFiles    // to which the format's rows go
	files   []outputFile // sealed but not yet in their places: those of rows, then companions

	leaders  map[string]*leaders // by split
	leading  []stage.Position    // the leaders, found before the sending begins
	portions chan stage.Portion  // all that the filters left, whether the output selects it or not

	mu     sync.Mutex // guards the counts: sending and receiving both count
	counts *record.OutputCounts
}

// newEncoder makes the encoder of an output and adds its counts to the summary.
func (x *execution) newEncoder(step *outputStep, tools *sdk.Toolset) *encoder {
	counts := &record.OutputCounts{Output: step.output.Address(), Path: step.output.Path}
	x.summary.Outputs = append(x.summary.Outputs, counts)
	if step.tokenizer != nil {
		counts.Tokens = &record.TokenCounts{Histogram: []int{}}
	}
	sources := make([]string, len(x.sources))
	for i, source := range x.sources {
		sources[i] = source.block.Address()
	}
	return &encoder{
		x: x, sources: sources, tools: tools, step: step, counts: counts,
		leaders: map[string]*leaders{}, portions: make(chan stage.Portion, mostAhead),
		shaper: shape.New(step.output.Shape, step.handle.Holds, tools, step.tokenizer),
		rows: &rowFiles{
			path: step.file, kind: step.kind, framing: step.handle.Framing, trusted: step.plugin.Client().Trusted(), shardBytes: step.output.ShardSize,
		},
	}
}

// selects reports whether examples of a source and a type go to the output.
func (e *encoder) selects(source int, typ sdk.Type) bool {
	output := e.step.output
	return (output.Sources == nil || slices.Contains(output.Sources, e.sources[source])) &&
		(output.Types == nil || slices.Contains(output.Types, typ))
}

// encode sends all examples to the format and writes what it answers.
func (e *encoder) encode(ctx context.Context, from stage.Stage) error {
	if err := e.stream(ctx, from); err != nil {
		return fmt.Errorf("%s: %w", e.counts.Output, err)
	}
	if err := e.counts.Check(); err != nil {
		return fmt.Errorf("%s: %w", e.counts.Output, err)
	}
	return e.verify(ctx)
}

// stream sends all examples to the format, takes its answers, and completes the files.
func (e *encoder) stream(ctx context.Context, from stage.Stage) error {
	encoding, err := e.step.plugin.Client().Encode(ctx, e.step.handle, sdk.Dataset{Tools: e.tools, Splits: from.Splits(e.selects)})
	if err != nil {
		return e.step.plugin.Explain(err)
	}
	finish := func() error {
		written, err := e.finishRows()
		if err != nil {
			return err
		}
		companions, err := encoding.Finish(written)
		if err != nil {
			return e.step.plugin.Explain(err)
		}
		return e.companions(companions)
	}
	p := pump[sdk.Encoded]{
		plugin: e.step.plugin, tools: e.x.tools, flight: e.x.flight, window: window, next: e.newSender(from).next, answer: e.take, finish: finish,
	}
	return p.run(ctx, &encoding.Stream)
}

// take writes the rows of one frame.
func (e *encoder) take(f frame, encoded []sdk.Encoded) error {
	var rows []record.Rows
	for i, one := range encoded {
		part := f.parts[i]
		outcome := part.outcome
		switch {
		case one.Refused != "":
			outcome.reasons = append(outcome.reasons, one.Refused)
		case len(one.Rows) == 0:
			outcome.reasons = append(outcome.reasons, "the format made no row and gave no reason")
		default:
			outcome.written = true
			e.count(part.tokens)
		}
		for _, row := range one.Rows {
			if err := e.rows.check(row); err != nil {
				return e.step.plugin.Explain(err)
			}
			file, err := e.rows.write(f.items[i].Split, row)
			if err != nil {
				return err
			}
			rows = e.note(rows, file, outcome)
		}
		if outcome.unanswered--; outcome.unanswered == 0 {
			e.countAnswered(outcome)
		}
	}
	e.x.record.Rows(rows)
	return nil
}

// note adds the row that was just written to rows, with its file and the example that it was made from.
func (e *encoder) note(rows []record.Rows, file int, o *outcome) []record.Rows {
	last := len(rows) - 1
	if last < 0 || rows[last].File != file || rows[last].Source != o.source {
		pieces := e.step.handle.Framing != sdk.FramingRows
		return append(rows, record.Rows{Output: e.counts.Output, File: file, Source: o.source, Pieces: pieces, IDs: []string{o.id}})
	}
	rows[last].IDs = append(rows[last].IDs, o.id)
	return rows
}

// part is what the host keeps about an item while a format encodes it.
type part struct {
	outcome *outcome     // of its example
	tools   *sdk.Toolset // that shaping made for the part
	tokens  int          // of the part, if they are counted
}

// outcome is what becomes of one example in an output. It is sent in one part or several, each of which is written or refused.
type outcome struct {
	id         string
	source     string   // its address
	unanswered int      // parts without an answer
	written    bool     // at least one was
	reasons    []string // why other parts were not
}

// count counts the tokens of a part that was written, if they are to be counted.
func (e *encoder) count(tokens int) {
	if e.counts.Tokens == nil {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.counts.Tokens.Add(tokens)
}

// countAnswered counts an example whose parts have all been answered.
func (e *encoder) countAnswered(o *outcome) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !o.written {
		e.counts.Refused.Add(o.reasons[0], 1)
		e.x.record.Event(record.Event{ID: o.id, Step: e.counts.Output, Action: "refuse", Reason: o.reasons[0]})
		return
	}
	e.counts.Encoded++
	for _, reason := range o.reasons {
		e.counts.LeftOut.Add(reason, 1)
	}
}
