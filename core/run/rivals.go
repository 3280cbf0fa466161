package run

import (
	"maps"
	"slices"

	"github.com/ftprep/ftprep/core/plan"
)

// rivals are examples that hold the same as better ones and stay all the same, because some output takes them and not the
// better ones. An output that takes both leaves the rival out.
type rivals struct {
	sources []*plan.Source
	groups  []plan.Group      // of the sources, and of rivals
	better  map[rival][][]int // lists of groups of sources: examples of all groups of one list hold together what the rival does
}

// rival names an example; sources that read the same logs may give one of the same id.
type rival struct {
	source int
	id     string
}

func newRivals(p *plan.Plan) *rivals {
	return &rivals{sources: p.Sources, groups: p.Groups, better: map[rival][][]int{}}
}

func (r *rivals) clone() *rivals {
	return &rivals{sources: r.sources, groups: slices.Clip(r.groups), better: maps.Clone(r.better)}
}

func (r *rivals) group(source int) int { return r.sources[source].Group }

// groupOf is the group of an example: that of its source, less the outputs that leave it out.
func (r *rivals) groupOf(source int, id string) int {
	own := r.group(source)
	if r.better[rival{source, id}] == nil {
		return own
	}
	takes := slices.DeleteFunc(slices.Clone(r.groups[own].Outputs), func(output string) bool { return r.betterIn(source, id, output) })
	known := slices.IndexFunc(r.groups, func(g plan.Group) bool { return slices.Equal(g.Outputs, takes) })
	if known < 0 {
		known = len(r.groups)
		r.groups = append(r.groups, plan.Group{Outputs: takes})
	}
	return known
}

// covers reports whether a group goes into every output that another goes into.
func (r *rivals) covers(group, other int) bool {
	return r.groups[group].Covers(r.groups[other])
}

// add makes an example a rival of what sources of some groups have, together.
func (r *rivals) add(source int, id string, groups []int) {
	at := rival{source, id}
	r.better[at] = append(slices.Clip(r.better[at]), groups)
}

// betterIn reports whether an output takes what is better than an example, which it leaves out then.
func (r *rivals) betterIn(source int, id, output string) bool {
	takes := func(group int) bool { return slices.Contains(r.groups[group].Outputs, output) }
	for _, groups := range r.better[rival{source, id}] {
		if !slices.ContainsFunc(groups, func(group int) bool { return !takes(group) }) {
			return true
		}
	}
	return false
}
