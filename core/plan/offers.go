package plan

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/hashicorp/hcl/v2"

	"github.com/ftprep/ftprep/core/load"
	"github.com/ftprep/ftprep/sdk"
)

// offers are the plugins that the pipeline may use.
type offers struct {
	plugins    []Plugin
	builtins   []sdk.Plugin // as compiled in, less those that a plugin block replaces
	incomplete bool         // a plugin block is lost, or a plugin did not say what it offers, which is reported
}

// askPlugins asks every declared plugin, and every built-in one that a block needs, to describe itself, all at once.
func (p *planner) askPlugins(ctx context.Context, catalog Catalog) *offers {
	o := p.declared()
	o.incomplete = slices.ContainsFunc(p.file.Lost, func(h load.Header) bool { return suggest(h.Type, []string{"plugin"}) != "" })
	for _, builtin := range catalog.Builtins() {
		if o.has(builtin.Name) {
			continue
		}
		o.builtins = append(o.builtins, builtin)
		if at, ok := p.needs(builtin); ok {
			o.plugins = append(o.plugins, Plugin{Name: builtin.Name, Builtin: true, at: at})
		}
	}
	o.describe(ctx, catalog)
	for _, plugin := range o.plugins {
		if plugin.err != nil {
			o.incomplete = true
			p.problems.extend(hcl.Diagnostics{plugin.Unavailable(plugin.err)})
		}
	}
	return o
}

func (o *offers) has(name string) bool {
	return slices.ContainsFunc(o.plugins, func(p Plugin) bool { return p.Name == name })
}

// needs finds the first block that uses a step of a built-in plugin.
func (p *planner) needs(builtin sdk.Plugin) (hcl.Range, bool) {
	steps := p.file.Steps()
	if p.redacting {
		steps = append(steps, p.defaultRedactor())
	}
	for _, block := range steps {
		chosen, ok := p.chosenPlugin(block)
		if ok && (chosen == builtin.Name || chosen == "" && builtin.Step(block.Kind, block.Type) != nil) {
			return block.Range, true
		}
	}
	return hcl.Range{}, false
}

// describe asks the plugins side by side, because those that are not built in must be started.
func (o *offers) describe(ctx context.Context, catalog Catalog) {
	var asked sync.WaitGroup
	for i := range o.plugins {
		plugin := &o.plugins[i]
		asked.Go(func() {
			described, err := catalog.Describe(ctx, *plugin)
			if err == nil {
				err = checkDescription(described)
			}
			if plugin.err = err; err == nil {
				plugin.Offers = described
			}
		})
	}
	asked.Wait()
}

// checkDescription reports what is wrong with a plugin's description. A plugin that uses the Go SDK does not start with a
// wrong one; others may.
func checkDescription(plugin sdk.Plugin) error {
	if err := plugin.CheckDescription(); err != nil {
		return fmt.Errorf("plugin %q has an invalid description, which its author must fix:\n%w", plugin.Name, err)
	}
	return nil
}

// ofOtherKinds says which plugins offer steps of a block's type, but of another kind.
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
		text += " A step can only be used in a block of its kind: source, filter or output."
	}
	return text
}

// failed reports whether a plugin failed to say what it offers.
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

// types lists the types of the steps of one kind that a plugin offers; without a name, those that any plugin offers.
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
