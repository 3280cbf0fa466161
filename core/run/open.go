package run

import (
	"context"
	"errors"

	"github.com/hashicorp/hcl/v2"

	"github.com/ftprep/ftprep/core/host"
	"github.com/ftprep/ftprep/core/plan"
	"github.com/ftprep/ftprep/sdk"
)

// A Job is a plan whose steps are open: their plugins run and have taken their options.
type Job struct {
	plan    *plan.Plan
	sources []*step
	filters []*step
	outputs []*outputStep
}

// step is an opened step.
type step struct {
	block  *plan.Block
	plugin *host.Plugin
	handle sdk.Handle
}

// outputStep is an opened output.
type outputStep struct {
	step
	output *plan.Output
}

// Open opens the steps of a plan. The diagnostics are what the plugins say about their options; the error is about the
// plugins themselves.
func Open(ctx context.Context, p *plan.Plan, h *host.Host) (*Job, hcl.Diagnostics, error) {
	o := &opener{ctx: ctx, plan: p, host: h}
	job := &Job{plan: p}
	for _, source := range p.Sources {
		selection, err := sdk.NewSelection(source.Tools, source.Keep)
		o.complain(&source.Block, err)
		job.sources = append(job.sources, o.open(&source.Block, sdk.Setup{Paths: source.Paths, Selection: selection.Between(source.Since, source.Before)}))
	}
	for _, filter := range p.Filters {
		job.filters = append(job.filters, o.open(&filter.Block, sdk.Setup{}))
	}
	for _, output := range p.Outputs {
		opened := o.open(&output.Block, sdk.Setup{Paths: []string{output.Path}})
		job.outputs = append(job.outputs, &outputStep{step: *opened, output: output})
	}
	return job, o.diagnostics, errors.Join(o.faults...)
}

// opener gathers what goes wrong, so that the user sees all of it at once.
type opener struct {
	ctx         context.Context
	plan        *plan.Plan
	host        *host.Host
	diagnostics hcl.Diagnostics
	faults      []error
}

func (o *opener) complain(block *plan.Block, err error) {
	if err != nil {
		o.diagnostics = append(o.diagnostics, block.Diagnostics(err)...)
	}
}

func (o *opener) open(block *plan.Block, setup sdk.Setup) *step {
	opened := &step{block: block}
	plugin, err := o.host.Running(block.Plugin)
	if err != nil {
		o.faults = append(o.faults, err)
		return opened
	}
	setup.Block, setup.Tools = block.Address(), o.plan.Tools
	opened.plugin = plugin
	opened.handle, err = plugin.Client().Open(o.ctx, block.Kind, block.Type, setup, block.Options)
	var optionError *sdk.OptionError
	if errors.As(err, &optionError) {
		o.complain(block, err)
	} else if err != nil {
		o.faults = append(o.faults, plugin.Explain(err))
	}
	return opened
}
