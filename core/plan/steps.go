package plan

import (
	"slices"
	"strings"

	"github.com/ftprep/ftprep/core/load"
	"github.com/ftprep/ftprep/sdk"
)

// chosenPlugin returns the plugin that a block names, if any; ok is false if the name cannot be evaluated.
func (p *planner) chosenPlugin(block *load.Block) (name string, ok bool) {
	attr := block.Attribute("plugin")
	if attr == nil {
		return "", true
	}
	return attribute[string](p.scope, attr, sdk.OptionString)
}

// step finds the step that a block uses and the plugin that offers it. If the step is nil, a problem was reported.
func (p *planner) step(block *load.Block) (*sdk.Step, string) {
	chosen, ok := p.chosenPlugin(block)
	if !ok {
		return nil, ""
	}
	var step *sdk.Step
	var from []string
	for _, plugin := range p.offers.plugins {
		found := plugin.Offers.Step(block.Kind, block.Type)
		if found != nil && (chosen == "" || chosen == plugin.Name) {
			step = found
			from = append(from, plugin.Name)
		}
	}
	switch {
	case len(from) == 1:
		return step, from[0]
	case len(from) > 1:
		p.problems.add(block.TypeRange, "Ambiguous step", "The plugins \"%s\" offer the %s %q. Choose one with plugin = %q.",
			strings.Join(from, `" and "`), block.Kind, block.Type, from[0])
	case chosen != "":
		p.reportChoice(block, chosen)
	case !p.offers.incomplete:
		types, there := p.offers.types(block.Kind, ""), " There are none."
		if len(types) > 0 {
			there = suggest(block.Type, types) + " There are: " + strings.Join(types, ", ") + "."
		}
		p.problems.add(block.TypeRange, "Unknown "+string(block.Kind), "No plugin offers the %s %q.%s "+
			"To use a step of another plugin, declare the plugin in a plugin block.%s", block.Kind, block.Type, there, p.offers.ofOtherKinds(block))
	}
	return nil, ""
}

// reportChoice says why the plugin that a block names does not serve it.
func (p *planner) reportChoice(block *load.Block, chosen string) {
	at := block.Attribute("plugin").Expr.Range()
	if names := p.offers.names(); !slices.Contains(names, chosen) {
		p.problems.add(at, "Unknown plugin", "There is no plugin %q.%s A plugin that is not built in needs a plugin block.",
			chosen, suggest(chosen, names))
		return
	}
	if types := p.offers.types(block.Kind, chosen); !p.offers.failed(chosen) {
		p.problems.add(at, "Unknown "+string(block.Kind), "The plugin %q does not offer the %s %q.%s",
			chosen, block.Kind, block.Type, suggest(block.Type, types))
	}
}
