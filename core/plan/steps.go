package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ftprep/ftprep/core/load"
	"github.com/ftprep/ftprep/sdk"
)

// chosenPlugin is the plugin that a block names; ok is false where it names one and that cannot be evaluated.
func (p *planner) chosenPlugin(block *load.Block) (name string, ok bool) {
	attr := block.Attribute("plugin")
	if attr == nil {
		return "", true
	}
	return attribute[string](p.scope, attr, sdk.OptionString)
}

// step finds the step that a block uses and the plugin that offers it. When it is nil a problem was reported.
func (p *planner) step(block *load.Block) (*sdk.Step, string) {
	chosen, ok := p.chosenPlugin(block)
	if !ok {
		return nil, ""
	}
	var step *sdk.Step
	var from []string
	for _, plugin := range p.offers.plugins {
		found := offered(plugin.Offers, block.Kind, block.Type)
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
		types, there := p.offers.types(block.Kind, ""), " There is none at all."
		if len(types) > 0 {
			there = suggest(block.Type, types) + " There are: " + strings.Join(types, ", ") + "."
		}
		p.problems.add(block.TypeRange, "Unknown "+string(block.Kind), "No plugin offers the %s %q.%s "+
			"A step of another plugin needs a plugin block.%s", block.Kind, block.Type, there, p.offers.ofOtherKinds(block))
	}
	return nil, ""
}

// ofOtherKinds says which plugins offer steps of a block's type, but of another kind, or of one that there is not.
func (o *offers) ofOtherKinds(block *load.Block) string {
	text := ""
	for _, plugin := range o.plugins {
		for _, step := range plugin.Offers.Steps {
			if step.Type == block.Type && step.Kind != block.Kind {
				text += fmt.Sprintf(" The plugin %q offers the %s %q.", plugin.Name, step.Kind, step.Type)
			}
		}
	}
	if text != "" {
		text += " Kinds of steps are source, filter and output."
	}
	return text
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

// failed reports whether a plugin did not say what it offers.
func (o *offers) failed(name string) bool {
	return slices.ContainsFunc(o.plugins, func(p Plugin) bool { return p.Name == name && p.err != nil })
}

// names lists the plugins that a block can name.
func (o *offers) names() []string {
	var names []string
	for _, plugin := range o.plugins {
		names = append(names, plugin.Name)
	}
	for _, builtin := range o.builtins {
		names = appendNew(names, builtin.Name)
	}
	return names
}

// types lists the types of the steps of one kind that a plugin offers; without its name, those that any plugin offers.
func (o *offers) types(kind sdk.Kind, of string) []string {
	var types []string
	add := func(plugin sdk.Plugin, name string) {
		for _, step := range plugin.Steps {
			if step.Kind == kind && (of == "" || of == name) {
				types = appendNew(types, step.Type)
			}
		}
	}
	for _, plugin := range o.plugins {
		add(plugin.Offers, plugin.Name)
	}
	for _, builtin := range o.builtins {
		add(builtin, builtin.Name)
	}
	return types
}
