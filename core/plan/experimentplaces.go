package plan

import (
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"

	"github.com/ftprep/ftprep/core/load"
	"github.com/ftprep/ftprep/sdk"
)

// A place is where an output goes with an experiment, or without one.
type place struct {
	output string // and its experiment, as messages name them
	path   string
	at     hcl.Range // where problems are shown: the experiment block or, without one, the value of path
}

// checkExperiments reports outputs that would overwrite those of another experiment, or of the pipeline without one:
// each run would succeed, but lose what the run before it wrote.
func (p *planner) checkExperiments() {
	if len(p.file.Experiments) == 0 {
		return
	}
	names := []string{load.Base}
	for _, block := range p.file.Experiments {
		names = appendNew(names, block.Name)
	}
	var earlier []place
	for _, name := range names {
		places := p.placesIn(name)
		for _, this := range places {
			for _, other := range earlier {
				if outputsOverlap(this.path, other.path) {
					p.problems.add(this.at, "Outputs overlap", "%s and %s (line %d) would write to the same place. Give each experiment "+
						"its own paths, or leave the paths unchanged: they then go to a folder named after the experiment.", this.output, other.output, other.at.Start.Line)
				}
			}
		}
		earlier = append(earlier, places...)
	}
}

// placesIn finds where the outputs go with an experiment. Problems of the experiment are not reported here, but when it is
// planned.
func (p *planner) placesIn(name string) []place {
	settings := p.invocation
	settings.Experiment = name
	other := newPlanner(p.file, settings)
	var places []place
	for _, declared := range other.file.Outputs {
		attr := declared.Attribute("path")
		if attr == nil || !other.experiment.writes(declared.Address()) {
			continue
		}
		written, ok := attribute[string](other.scope, attr, sdk.OptionString)
		if !ok {
			continue
		}
		if path := other.outputPath(declared, written, attr.Expr.Range()); path != "" {
			places = append(places, other.experiment.place(declared.Address(), followLinks(path), attr.Expr.Range()))
		}
	}
	return places
}

// writes reports whether an experiment writes an output.
func (e *experiment) writes(output string) bool {
	return e.outputs == nil || slices.Contains(e.outputs, output)
}

// place returns the place of an output, given its path and where that is written.
func (e *experiment) place(output, path string, at hcl.Range) place {
	if e.name == "" {
		return place{output + " without an experiment", path, at}
	}
	return place{fmt.Sprintf("%s in the experiment %q", output, e.name), path, e.at}
}
