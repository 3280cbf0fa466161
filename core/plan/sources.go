package plan

import (
	"slices"
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

// sourceOptions returns the options of source blocks that the host owns. The paths of a source that is not read need not
// exist.
func sourceOptions(read bool) []sdk.Option {
	path := sdk.Option{Name: "path", Type: sdk.OptionPaths, Required: true, Doc: "The files and folders to read; globs and ~ are expanded."}
	if !read {
		path.Type = sdk.OptionList
	}
	return []sdk.Option{
		path,
		{Name: "tools", Type: sdk.OptionList, Doc: "Globs of tool names, such as mcp__game__*: read only turns that call such a tool, and of their calls only those that match."},
		{Name: "keep", Type: sdk.OptionString, OneOf: []string{"calls", "turn"}, Default: "calls", Doc: "What to keep of a turn that tools chooses: its matching calls, or the whole turn."},
		{Name: "since", Type: sdk.OptionString, Doc: `Read only examples that began then or later: a day such as "2026-11-01", "today" or "yesterday", how long ago, such as "7d", "2w" or "36h", or an instant such as "2026-11-01T18:30:00Z". Days are in UTC. Examples without a time are left out.`},
		{Name: "until", Type: sdk.OptionString, Doc: "Read only examples that began before then, written like since. A day is included whole."},
		{Name: "system", Type: sdk.OptionString, Doc: "The system prompt of the source's examples, such as file(\"system.md\"). An output's system takes precedence."},
		{Name: "max_units", Type: sdk.OptionInt, Min: new(float64), Doc: "How many units to read at most, from the first on. 0: all."},
		{Name: "corrects", Type: sdk.OptionBool, Doc: "Whether its examples are corrections: each takes the place of the example with the same id, or of the same turn, from another source."},
	}
}

// planSources checks every source block and returns the sources that are read: all, or those that the command line chooses.
// soundOutputs says whether all outputs that it names exist.
func (p *planner) planSources(outputs []*Output, soundOutputs bool) []*Source {
	var sources []*Source
	for _, declared := range p.file.Sources {
		address := declared.Address()
		read := chosen(p.invocation.Sources, address) && p.needed(outputs, address)
		before := p.problems.errors()
		block, body := p.block(declared, sourceOptions(read))
		source := &Source{Block: block}
		p.systemPrompt(body, &source.System)
		body.read("max_units", &source.MaxUnits)
		body.read("corrects", &source.Corrects)
		source.Selection = p.selection(block, body)
		if read {
			if body.read("path", &source.Paths) {
				source.written, _ = attribute[[]string](p.scope, declared.Attribute("path"), sdk.OptionList)
			}
			source.sound = source.sound && p.problems.errors() == before
			sources = append(sources, source)
		}
	}
	switch soundSources := p.checkChoice("source", p.invocation.Sources, addressesOf(p.file.Sources)); {
	case len(p.file.Sources) == 0 && len(p.file.Lost) == 0:
		p.problems.add(p.wholeFile(), "No source", "A pipeline needs at least one source block.")
	case len(outputs) == 0 && len(p.invocation.Outputs) > 0 && p.experiment.outputs != nil && soundOutputs:
		written := strings.Join(withoutKind("output", p.experiment.outputs), ", ")
		p.problems.add(nowhere, "Nothing to write", "The experiment %q writes none of the chosen outputs. It writes: %s.", p.experiment.name, written)
	case len(sources) == 0 && len(p.file.Sources) > 0 && soundSources && soundOutputs:
		p.problems.add(nowhere, "Nothing to read", "None of the chosen outputs reads a chosen source.")
	}
	return sources
}

// selection reads which of its examples a source block selects, and what of them.
func (p *planner) selection(block Block, body body) *sdk.Selection {
	var tools []string
	var keep string
	body.read("tools", &tools)
	body.read("keep", &keep)
	selection, err := sdk.NewSelection(tools, keep)
	if err != nil {
		block.complain(p.problems, err)
	}
	return selection.Between(p.period(body))
}

// needed reports whether a source goes into one of the outputs that the command line chooses. If it chooses none, every
// source is needed.
func (p *planner) needed(outputs []*Output, address string) bool {
	return len(p.invocation.Outputs) == 0 || slices.ContainsFunc(outputs, func(o *Output) bool { return o.reads(address) })
}

func (o *Output) reads(address string) bool {
	return o.Sources == nil || slices.Contains(o.Sources, address)
}

// groupSources gives each source its group and returns the groups.
func groupSources(sources []*Source, outputs []*Output) []Group {
	var groups []Group
	for _, source := range sources {
		var group Group
		for _, output := range outputs {
			if output.reads(source.Address()) {
				group.Outputs = append(group.Outputs, output.Address())
			}
		}
		same := func(g Group) bool { return slices.Equal(g.Outputs, group.Outputs) }
		if source.Group = slices.IndexFunc(groups, same); source.Group < 0 {
			source.Group = len(groups)
			groups = append(groups, group)
		}
	}
	return groups
}
