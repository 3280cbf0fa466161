package run

import (
	"context"
	"fmt"
	"hash/maphash"
	"path/filepath"
	"runtime"

	"golang.org/x/sync/semaphore"

	"github.com/ftprep/ftprep/core/cache"
	"github.com/ftprep/ftprep/core/copies"
	"github.com/ftprep/ftprep/core/record"
	"github.com/ftprep/ftprep/core/stage"
	"github.com/ftprep/ftprep/sdk"
)

// Options say how a job runs.
type Options struct {
	Parallel   int  // units read, or streams to a filter, at a time; 0: some more than there are processors
	MaxUnits   int  // of each source, unless its block has a smaller number; 0: all
	AllowEmpty bool // an output without rows may replace an earlier one
	Files      bool // the summary lists every file, as the record of a run always does
	Tokens     bool // for [Stats]: the summary has the lengths of every output's rows
	Progress   func(Progress)
	Warn       func(error) // takes errors that do not fail the run; nil: they are lost
	// Verify finds what should have been redacted in a text that was written: a row, or several lines of a file. It counts
	// the lines of leaks from 0, the first of the text. It is called from several goroutines. nil: nothing is checked.
	Verify func(text []byte) []Leak
	// Mask redacts what the record holds besides examples, such as the place of a reject. A text may be JSON. It is never
	// called from two goroutines at once. nil: nothing is masked.
	Mask  func(text string) string
	Cache *cache.Cache // of what units give; nil: every unit is read
}

// mostParallel bounds [Options.Parallel]; it is more than any machine does at a time.
const mostParallel = 1 << 12

func (o Options) parallel() int {
	if o.Parallel > 0 {
		return min(o.Parallel, mostParallel)
	}
	return runtime.GOMAXPROCS(0) + 6 // small units wait for the wire more than for a processor
}

// execution is one run of a job.
type execution struct {
	*Job
	options Options
	record  *record.Writer

	sample    *record.Sample             // nil: none is made
	sampledAs map[string]*record.Sampled // the sample by id: redacted, then as the other filters leave it

	progress *progress
	tools    *toolsets
	flight   *semaphore.Weighted // bytes of examples that are on their way through the outputs
	summary  *record.Summary

	superseded int // corrections that left because of later ones or as copies
}

func (j *Job) newExecution(options Options) *execution {
	return &execution{
		Job: j, options: options, progress: newProgress(options.Progress), tools: newToolsets(),
		sampledAs: map[string]*record.Sampled{}, flight: semaphore.NewWeighted(mostInFlight),
		summary: &record.Summary{
			Version: record.SummaryVersion, Pipeline: j.plan.Filename, Experiment: j.plan.Experiment,
			Sources: []*record.SourceCounts{}, Filters: []*record.FilterCounts{}, Outputs: []*record.OutputCounts{},
		},
	}
}

// newStage returns a stage without examples.
func (j *Job) newStage() stage.Stage {
	return stage.Stage{Store: stage.NewStore(filepath.Join(j.work(), "waiting")), Rivals: stage.NewRivals(j.plan)}
}

// read reads all sources and resolves copies.
func (x *execution) read(ctx context.Context) (_ stage.Stage, err error) {
	x.progress.stage(Reading)
	units, origins, err := x.list(ctx)
	if err != nil {
		return stage.Stage{}, err
	}
	x.progress.total(units)
	s := x.newStage()
	defer func() {
		if err != nil {
			s.Close()
		}
	}()
	r := &reader{x: x, store: s.Store, rivals: s.Rivals, seed: maphash.MakeSeed(), origins: origins}
	results, err := r.read(ctx, units)
	if err != nil {
		return stage.Stage{}, err
	}
	if err := x.countSources(results); err != nil {
		return stage.Stage{}, err
	}
	if x.summary.Rejects, err = x.record.Causes(x.options.Mask); err != nil {
		return stage.Stage{}, err
	}
	for _, result := range results {
		s.Pieces = append(s.Pieces, result.pieces...)
	}
	var correcting int
	if s.Pieces, correcting, err = copies.Resolve(ctx, s, x.leave); err != nil {
		return stage.Stage{}, err
	}
	x.countIdle(correcting)
	return s, nil
}

// countIdle counts the corrections that stayed and correct nothing, given the number of those that correct something. It counts
// none if only a part of the logs is read, since the rest may hold what they correct.
func (x *execution) countIdle(correcting int) {
	if x.plan.Part || x.options.MaxUnits > 0 {
		return
	}
	x.summary.Idle -= correcting + x.superseded
	for i, source := range x.plan.Sources {
		if source.Corrects {
			x.summary.Idle += x.summary.Sources[i].Examples
		}
	}
}

// leave records that an example leaves because another one holds all of it or corrects it.
func (x *execution) leave(p stage.Piece, item sdk.Item, by copies.Instead) {
	event := record.Event{ID: item.ID, Step: x.sources[p.Source].block.Address(), Unit: p.Unit}
	if by.Corrects {
		x.summary.Corrected++
		event.Action, event.Reason = "corrected", fmt.Sprintf("example %s of %s takes its place", by.ID, x.sources[by.Source].block.Address())
	} else {
		x.summary.Copies++
		event.Action, event.Reason = "copy", "example "+by.ID+" holds it all"
	}
	if x.plan.Sources[p.Source].Corrects {
		x.superseded++
	}
	x.record.Event(event)
}

// filter redacts the tools and runs the filters. Those that redact run first, so that the sample also has what the others drop.
// The stage that filter starts from is not changed, so that several jobs can filter it.
func (x *execution) filter(ctx context.Context, from stage.Stage) (stage.Stage, error) {
	if err := x.redactTools(ctx); err != nil {
		return stage.Stage{}, err
	}
	redactors := x.redactors()
	redacted, err := x.through(ctx, redactors, from)
	if err != nil {
		return stage.Stage{}, err
	}
	if err := x.findSampled(redacted); err != nil {
		return stage.Stage{}, err
	}
	return x.through(ctx, x.filters[len(redactors):], redacted)
}

// through sends a stage through some filters.
func (x *execution) through(ctx context.Context, filters []*step, current stage.Stage) (_ stage.Stage, err error) {
	for _, h := range hops(filters) {
		x.progress.stage(h.label())
		if current, err = h.run(ctx, x, current); err != nil {
			return stage.Stage{}, err
		}
	}
	return current, nil
}
