package plan

import (
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/ftprep/ftprep/core/load"
	"github.com/ftprep/ftprep/sdk"
)

// An experiment is what an experiment block changes. It is empty when none is chosen.
type experiment struct {
	name      string
	variables map[string]given
	filters   []string // nil: those of the pipeline
	outputs   []string // nil: all
	at        hcl.Range
}

// chooseExperiment checks every experiment and returns the chosen one and the scope with its variables.
func (p *planner) chooseExperiment(commandLine map[string]given) (*experiment, *scope) {
	chosen := &experiment{}
	wanted := p.invocation.Experiment
	var names []string
	for _, block := range p.file.Experiments {
		experiment := p.readExperiment(block)
		if block.Name == wanted {
			chosen = experiment
		}
		p.experimentFilters = append(p.experimentFilters, experiment.filters...)
		names = append(names, block.Name)
	}
	if wanted != "" && wanted != load.Base && chosen.name == "" && !isLost(p.file.Lost, []string{wanted}) {
		p.problems.add(nowhere, "Unknown experiment", "The pipeline has no experiment %q.%s It has: %s.",
			wanted, suggest(wanted, names), strings.Join(append([]string{load.Base}, names...), ", "))
	}
	if chosen.variables == nil {
		return chosen, p.base
	}
	return chosen, p.newScope(p.variables(commandLine, chosen.variables))
}

// readExperiment evaluates an experiment block in the scope without an experiment, so that it can build on those values.
func (p *planner) readExperiment(block *load.Experiment) *experiment {
	e := &experiment{name: block.Name, at: block.Range}
	if block.Filters != nil {
		e.filters = p.base.addressList(block.Filters, "filter")
	}
	if block.Outputs != nil {
		e.outputs = p.base.addressList(block.Outputs, "output")
		if listed, ok := attribute[[]string](p.base, block.Outputs, sdk.OptionList); ok && len(listed) == 0 {
			p.problems.add(block.Outputs.Expr.Range(), "Empty list", "The experiment %q would write nothing. Omit outputs to write all of them.", block.Name)
		}
	}
	if block.Variables == nil {
		return e
	}
	value, ok := p.base.evaluate(block.Variables.Expr)
	if !ok {
		return e
	}
	if value.IsNull() || !isMap(value.Type()) {
		p.problems.add(block.Variables.Expr.Range(), "Wrong type", `The argument "variables" must be a map, such as { out = "data-%s" }.`, block.Name)
		return e
	}
	e.variables = map[string]given{}
	for name, value := range value.AsValueMap() {
		if p.checkDeclared(name, block.Variables.Expr.Range(), "The experiment") {
			e.variables[name] = given{value: value, at: block.Variables.Expr.Range(), origin: "the experiment"}
		}
	}
	return e
}
