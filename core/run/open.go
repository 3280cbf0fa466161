package run

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/hashicorp/hcl/v2"
	"golang.org/x/sync/errgroup"

	"github.com/ftprep/ftprep/core/container"
	"github.com/ftprep/ftprep/core/host"
	"github.com/ftprep/ftprep/core/plan"
	"github.com/ftprep/ftprep/core/tokens"
	"github.com/ftprep/ftprep/sdk"
)

// A Job is a plan whose steps are open: their plugins run and have taken their options.
type Job struct {
	plan    *plan.Plan
	sources []*step
	filters []*step
	outputs []*outputStep

	tokenizers map[string]*tokens.Tokenizer // by name; outputs share them
}

// Plan returns the plan that the job executes.
func (j *Job) Plan() *plan.Plan { return j.plan }

// step is an opened step.
type step struct {
	block  *plan.Block
	plugin *host.Plugin
	handle sdk.Handle
}

// outputStep is an opened output.
type outputStep struct {
	step
	output    *plan.Output
	file      string            // path to write to; with shards, what their names are made of
	kind      container.Kind    // of the file, if the format gives rows
	tokenizer *tokens.Tokenizer // nil: nothing is counted
}

// Open starts the plugins of a plan and opens its steps. The diagnostics say what keeps plugins from starting and what they
// object to in their options; the error is about faults of the plugins themselves.
func Open(ctx context.Context, p *plan.Plan, h *host.Host) (*Job, hcl.Diagnostics, error) {
	job := &Job{plan: p, tokenizers: map[string]*tokens.Tokenizer{}}
	o := &opener{job: job, plugins: map[string]*host.Plugin{}, lost: map[*host.Plugin]bool{}}
	if o.start(ctx, h); o.diagnostics.HasErrors() {
		return nil, o.diagnostics, nil
	}
	for _, source := range p.Sources {
		job.sources = append(job.sources, o.open(ctx, &source.Block, sdk.Setup{Paths: source.Paths, Selection: source.Selection}))
	}
	for _, filter := range p.Filters {
		job.filters = append(job.filters, o.open(ctx, &filter.Block, sdk.Setup{}))
	}
	for _, output := range p.Outputs {
		job.outputs = append(job.outputs, o.openOutput(ctx, output))
	}
	return job, o.diagnostics, errors.Join(o.faults...)
}

// opener gathers what goes wrong, so that the user sees all of it at once.
type opener struct {
	job         *Job
	plugins     map[string]*host.Plugin // by name
	diagnostics hcl.Diagnostics
	faults      []error
	lost        map[*host.Plugin]bool // gone or silent: nothing more is asked of them
}

// start starts the plugins side by side.
func (o *opener) start(ctx context.Context, h *host.Host) {
	started, faults := make([]*host.Plugin, len(o.job.plan.Plugins)), make([]error, len(o.job.plan.Plugins))
	var group errgroup.Group
	for i, plugin := range o.job.plan.Plugins {
		group.Go(func() error {
			started[i], faults[i] = h.Start(ctx, plugin)
			return nil
		})
	}
	_ = group.Wait() // always nil: every fault is reported, not only the first
	for i := range started {
		plugin := &o.job.plan.Plugins[i]
		o.plugins[plugin.Name] = started[i]
		if faults[i] != nil {
			o.diagnostics = append(o.diagnostics, plugin.Unavailable(faults[i]))
		}
	}
}

func (o *opener) complain(block *plan.Block, err error) {
	if err != nil {
		o.diagnostics = append(o.diagnostics, block.Diagnostics(err)...)
	}
}

// openOutput opens an output: its format, its file and its tokenizer.
func (o *opener) openOutput(ctx context.Context, output *plan.Output) *outputStep {
	path := output.Path
	if output.Folder {
		path += string(filepath.Separator)
	}
	opened := o.open(ctx, &output.Block, sdk.Setup{Paths: []string{path}, MaxTokens: output.Shape.MaxTokens})
	step := &outputStep{step: *opened, output: output, file: o.file(output, opened.handle.File)}
	if opened.handle.Framing == sdk.FramingRows {
		var err error
		step.kind, err = container.KindOf(step.file)
		o.complain(&output.Block, optionError("path", err))
	}
	if name := output.Shape.Tokenizer; name != "" {
		var err error
		step.tokenizer, err = o.job.tokenizer(name)
		o.complain(&output.Block, optionError("tokenizer", err))
	}
	return step
}

// file returns the path of the file that an output writes: the output's path or, if that is a folder, that of the file in it
// that the format names.
func (o *opener) file(output *plan.Output, named string) string {
	if !output.Folder {
		if named != "" && filepath.Ext(output.Path) == "" {
			o.complain(&output.Block, &sdk.OptionError{Option: "path", Reason: fmt.Sprintf("%s has no file extension: add one or, if it is a folder, a slash at its end", filepath.Base(output.Path))})
		}
		return output.Path
	}
	name := cmp.Or(named, "data.jsonl")
	if !filepath.IsLocal(filepath.FromSlash(name)) {
		o.faults = append(o.faults, fmt.Errorf("%s: the plugin %q wants to write %q, which is outside the output's folder", output.Address(), output.Plugin, name))
	}
	return filepath.Join(output.Path, filepath.FromSlash(name))
}

// tokenizer returns the tokenizer of a name, which it opens once.
func (j *Job) tokenizer(name string) (*tokens.Tokenizer, error) {
	if opened := j.tokenizers[name]; opened != nil {
		return opened, nil
	}
	opened, err := tokens.Open(name)
	if err == nil {
		j.tokenizers[name] = opened
	}
	return opened, err
}

// optionError turns an error into one about an option; nil stays nil.
func optionError(option string, err error) error {
	if err == nil {
		return nil
	}
	return &sdk.OptionError{Option: option, Reason: err.Error()}
}

// open opens a step. If its plugin is lost, the step has no handle.
func (o *opener) open(ctx context.Context, block *plan.Block, setup sdk.Setup) *step {
	plugin := o.plugins[block.Plugin]
	opened := &step{block: block, plugin: plugin}
	setup.Block, setup.Tools = block.Address(), o.job.plan.Tools
	plugin.Conceal(block.Secrets()...)
	if o.lost[plugin] {
		return opened
	}
	var err error
	opened.handle, err = plugin.Client().Open(ctx, block.Step, setup, block.Options)
	var optionError *sdk.OptionError
	if errors.As(err, &optionError) {
		o.complain(block, err)
	} else if err != nil {
		err = plugin.Explain(err)
		o.lost[plugin] = errors.As(err, new(*host.Error))
		o.faults = append(o.faults, err)
	}
	return opened
}
