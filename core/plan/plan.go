// Package plan turns a pipeline and what plugins offer into a [Plan], or into diagnostics.
//
// The flow of [New]: variables and locals become a scope in which expressions are evaluated; plugins describe their
// steps; every block is checked against the options of its step; then paths, filters and outputs are put together. All
// problems are gathered and come back at once, sorted by position. What follows from a problem that is already
// reported is not reported again.
package plan

import (
	"context"
	"slices"

	"github.com/hashicorp/hcl/v2"

	"github.com/ftprep/ftprep/core/load"
	"github.com/ftprep/ftprep/core/shape"
	"github.com/ftprep/ftprep/sdk"
)

// A Plan is a pipeline that can be run: steps found, options evaluated and checked, paths absolute.
type Plan struct {
	Filename   string       // of the pipeline, as the user named it
	Dir        string       // of the pipeline, absolute
	Experiment string       // empty: none
	Tools      *sdk.Toolset // what the tools block declares; nil without one
	Plugins    []Plugin     // those that the steps below need
	Sources    []*Source
	Part       bool      // the pipeline has other sources, which are not read
	Filters    []*Filter // in the order in which they run
	Outputs    []*Output
	Groups     []Group // the sources by the outputs that they go into; see [Source.Group]

	idle    []*Filter // those that never run, because no list names them
	offered []Plugin  // all that were asked what they offer
}

// A Group is the sources that go into the same outputs, whether or not these are written this time.
type Group struct {
	Outputs []string // addresses
}

// Covers reports whether every output that takes the other group takes this one.
func (g Group) Covers(other Group) bool {
	return !slices.ContainsFunc(other.Outputs, func(output string) bool { return !slices.Contains(g.Outputs, output) })
}

// A Source is a source block and the options that the host owns.
type Source struct {
	Block
	Paths     []string       // existing, absolute
	Selection *sdk.Selection // the tools, keep, since and until options; nil: everything
	MaxUnits  int            // 0: all
	System    string         // the system prompt of its examples; empty: their own
	Corrects  bool           // its examples take the place of those that they correct
	Group     int            // index among the plan's groups

	written []string // the paths as written: a pattern may match more next time
}

// A Filter is a filter block.
type Filter struct{ Block }

// Redacts reports whether it is a redact filter: these come before all others.
func (f *Filter) Redacts() bool { return f.Type == redactType }

// An Output is an output block and the options that the host owns.
type Output struct {
	Block
	Path      string     // absolute
	Folder    bool       // the path is a folder, in which the format names the file
	Sources   []string   // addresses; nil: all
	Types     []sdk.Type // nil: all
	Shape     shape.Options
	ShardSize int64 // bytes of rows in a file; 0: any
}

// New plans a pipeline. With an error among the diagnostics the plan cannot be run: it is nil, or holds only the blocks that
// have no problem, so that their plugins can be asked what they find wrong.
func New(ctx context.Context, pipeline *load.Pipeline, catalog Catalog, settings Settings) (*Plan, hcl.Diagnostics) {
	p := newPlanner(pipeline, settings)
	if !pipeline.Intact {
		return nil, p.problems.sorted()
	}
	plan := p.plan(ctx, catalog)
	diags := p.problems.sorted()
	if diags.HasErrors() {
		plan.keepSound()
	}
	return plan, diags
}

// keepSound removes the blocks that have a problem.
func (p *Plan) keepSound() {
	p.Sources = slices.DeleteFunc(p.Sources, func(s *Source) bool { return !s.sound })
	p.Filters = slices.DeleteFunc(p.Filters, func(f *Filter) bool { return !f.sound })
	p.idle = slices.DeleteFunc(p.idle, func(f *Filter) bool { return !f.sound })
	p.Outputs = slices.DeleteFunc(p.Outputs, func(o *Output) bool { return !o.sound })
	p.Plugins = used(p.Plugins, p.blocks())
}

// A planner plans a pipeline once.
type planner struct {
	file       *load.Pipeline
	invocation Settings // what the command line and the environment add
	problems   *problems
	locate     *locator
	base       *scope // without an experiment
	scope      *scope // with the chosen one
	experiment *experiment
	offers     *offers

	experimentFilters []string // the filters that experiments list
	redacting         bool
}

// newPlanner returns a planner for a pipeline. If the file is intact, the variables, the locals and the experiments are
// evaluated.
func newPlanner(pipeline *load.Pipeline, settings Settings) *planner {
	p := &planner{
		file: pipeline, invocation: settings, problems: &problems{list: slices.Clone(pipeline.Problems)},
		locate: newLocator(pipeline.Dir, settings.Environ),
	}
	if !pipeline.Intact {
		return p
	}
	given := p.commandLine()
	p.base = p.newScope(p.variables(given, nil))
	p.experiment, p.scope = p.chooseExperiment(given)
	return p
}

func (p *planner) plan(ctx context.Context, catalog Catalog) *Plan {
	p.redacting = p.redact()
	p.offers = p.askPlugins(ctx, catalog)
	all, sound := p.planOutputs()
	outputs := p.chooseOutputs(all)
	sources := p.planSources(outputs, sound)
	p.checkExperiments()
	outputs = withSources(outputs, sources)
	plan := &Plan{
		Filename:   p.file.Filename,
		Dir:        p.file.Dir,
		Experiment: p.experiment.name,
		Tools:      p.toolset(),
		Sources:    sources,
		Part:       len(sources) < len(p.file.Sources),
		Outputs:    outputs,
		Groups:     groupSources(sources, all),
		offered:    p.offers.plugins,
	}
	plan.Filters, plan.idle = p.planFilters()
	p.checkPlaces(sources, all)
	plan.Plugins = used(plan.offered, plan.blocks())
	return plan
}

// Redacts reports whether some filter redacts; if so, the first one does.
func (p *Plan) Redacts() bool { return len(p.Filters) > 0 && p.Filters[0].Redacts() }

// WithoutOutputs returns the plan without its outputs and the plugins that only they need.
func (p *Plan) WithoutOutputs() *Plan {
	rest := *p
	rest.Outputs = nil
	rest.Plugins = used(p.Plugins, rest.blocks())
	return &rest
}

// WithIdle returns the plan with the filters that never run appended to the others, and the plugins that they need, so that
// everything in a pipeline can be checked.
func (p *Plan) WithIdle() *Plan {
	all := *p
	all.Filters = slices.Concat(p.Filters, p.idle)
	all.Plugins = used(p.offered, all.blocks())
	return &all
}

func (p *Plan) blocks() []*Block {
	var blocks []*Block
	for _, source := range p.Sources {
		blocks = append(blocks, &source.Block)
	}
	for _, filter := range p.Filters {
		blocks = append(blocks, &filter.Block)
	}
	for _, output := range p.Outputs {
		blocks = append(blocks, &output.Block)
	}
	return blocks
}
