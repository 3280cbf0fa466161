package main

import (
	"context"
	"errors"
	"slices"

	"github.com/hashicorp/hcl/v2"

	"github.com/ftprep/ftprep/core/plan"
	"github.com/ftprep/ftprep/core/run"
)

// open plans the pipeline and opens its steps.
func (p *project) open(ctx context.Context, settings plan.Settings) (*run.Job, error) {
	jobs, err := p.openEach(ctx, settings, []string{settings.Experiment}, nil)
	if err != nil {
		return nil, err
	}
	return jobs[0], nil
}

// openEach plans the pipeline with each of several experiments and opens its steps, or those of a variant of each plan, and shows
// all that is wrong, once. Experiments share the plugins that were started.
func (p *project) openEach(ctx context.Context, settings plan.Settings, experiments []string, variant func(*plan.Plan) *plan.Plan) ([]*run.Job, error) {
	jobs := make([]*run.Job, len(experiments))
	found := make([]hcl.Diagnostics, len(experiments))
	var faults []error
	for i, name := range experiments {
		settings.Experiment = name
		planned, diagnostics := plan.New(ctx, p.pipeline, p.host, settings)
		found[i] = diagnostics
		if planned == nil {
			continue
		}
		if variant != nil {
			planned = variant(planned)
		}
		job, diagnostics, err := run.Open(ctx, planned, p.host)
		jobs[i], found[i] = job, append(found[i], diagnostics...)
		if err != nil && !slices.ContainsFunc(faults, func(other error) bool { return other.Error() == err.Error() }) {
			faults = append(faults, err)
		}
	}
	if err := p.complain(ctx, plan.Together(experiments, found)); err != nil { // a fault of a plugin is told when the pipeline is mended
		return nil, err
	}
	return jobs, errors.Join(faults...)
}

// plan plans the pipeline and shows what is wrong with it: where something is, also what the plugins of the rest find wrong.
func (p *project) plan(ctx context.Context, settings plan.Settings) (*plan.Plan, error) {
	planned, diagnostics := plan.New(ctx, p.pipeline, p.host, settings)
	if diagnostics.HasErrors() && planned != nil {
		_, more, _ := run.Open(ctx, planned, p.host) // a fault of a plugin is told when the pipeline is mended
		diagnostics = plan.Together([]string{settings.Experiment}, []hcl.Diagnostics{append(diagnostics, more...)})
	}
	if err := p.complain(ctx, diagnostics); err != nil {
		return nil, err
	}
	return planned, nil
}

// complain prints diagnostics and keeps them; they are warnings, where it returns no error. Those of a command that was
// interrupted say nothing of the pipeline.
func (p *project) complain(ctx context.Context, diagnostics hcl.Diagnostics) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	p.warnings = append(p.warnings, diagnostics...)
	return p.app.complain(p.pipeline, diagnostics)
}
