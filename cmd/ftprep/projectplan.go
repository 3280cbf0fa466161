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

// openEach plans the pipeline with each of several experiments and opens the steps of each plan, or those of a variant of it. It
// shows each problem once. Experiments share the plugins that were started.
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
	if err := p.complain(ctx, plan.Together(experiments, found)); err != nil { // faults of plugins are reported once the pipeline is right
		return nil, err
	}
	return jobs, errors.Join(faults...)
}

// plan plans the pipeline and shows what is wrong with it. If there are errors, the plugins of the steps that are right are started
// as well, so that their complaints are shown with the rest.
func (p *project) plan(ctx context.Context, settings plan.Settings) (*plan.Plan, error) {
	planned, diagnostics := plan.New(ctx, p.pipeline, p.host, settings)
	if diagnostics.HasErrors() && planned != nil {
		_, more, _ := run.Open(ctx, planned, p.host) // faults of plugins are reported once the pipeline is right
		diagnostics = plan.Together([]string{settings.Experiment}, []hcl.Diagnostics{append(diagnostics, more...)})
	}
	if err := p.complain(ctx, diagnostics); err != nil {
		return nil, err
	}
	return planned, nil
}

// complain prints diagnostics and keeps them as warnings; if there are errors among them, it returns an error. After an
// interrupt it prints none, because they say nothing about the pipeline.
func (p *project) complain(ctx context.Context, diagnostics hcl.Diagnostics) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	p.warnings = append(p.warnings, diagnostics...)
	return p.app.complain(p.pipeline, diagnostics)
}
