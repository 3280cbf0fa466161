package stage

import (
	"maps"
	"slices"

	"github.com/ftprep/ftprep/core/plan"
)

// Rivals are copies, or equals, of better examples that stay because some output takes them and not the better ones. An output
// that takes both leaves the rival out.
type Rivals struct {
	sources []*plan.Source
	groups  []plan.Group      // of the sources, and of rivals
	better  map[rival][][]int // lists of groups of sources: examples of all groups of one list hold together what the rival does
}

// rival names an example; sources that read the same logs may give one of the same id.
type rival struct {
	source int
	id     string
}

// NewRivals knows which outputs the sources of a plan go into. No example is a rival yet.
func NewRivals(p *plan.Plan) *Rivals {
	return &Rivals{sources: p.Sources, groups: p.Groups, better: map[rival][][]int{}}
}

// Groups is how many groups there are; they are named by numbers from 0.
func (r *Rivals) Groups() int { return len(r.groups) }

// None reports whether no example is a rival.
func (r *Rivals) None() bool { return len(r.better) == 0 }

// Clone copies the rivals, for others to be added.
func (r *Rivals) Clone() *Rivals {
	return &Rivals{sources: r.sources, groups: slices.Clip(r.groups), better: maps.Clone(r.better)}
}

// Group is the group of a source.
func (r *Rivals) Group(source int) int { return r.sources[source].Group }

// GroupOf is the group of an example: that of its source, less the outputs that leave it out.
func (r *Rivals) GroupOf(source int, id string) int {
	own := r.Group(source)
	if r.better[rival{source, id}] == nil {
		return own
	}
	takes := slices.DeleteFunc(slices.Clone(r.groups[own].Outputs), func(output string) bool { return r.BetterIn(source, id, output) })
	known := slices.IndexFunc(r.groups, func(g plan.Group) bool { return slices.Equal(g.Outputs, takes) })
	if known < 0 {
		known = len(r.groups)
		r.groups = append(r.groups, plan.Group{Outputs: takes})
	}
	return known
}

// Covers reports whether a group goes into every output that another goes into.
func (r *Rivals) Covers(group, other int) bool {
	return r.groups[group].Covers(r.groups[other])
}

// Add makes an example a rival of what sources of some groups have, together.
func (r *Rivals) Add(source int, id string, groups []int) {
	at := rival{source, id}
	r.better[at] = append(slices.Clip(r.better[at]), groups)
}

// BetterIn reports whether an output takes what is better than an example, which it leaves out then.
func (r *Rivals) BetterIn(source int, id, output string) bool {
	takes := func(group int) bool { return slices.Contains(r.groups[group].Outputs, output) }
	for _, groups := range r.better[rival{source, id}] {
		if !slices.ContainsFunc(groups, func(group int) bool { return !takes(group) }) {
			return true
		}
	}
	return false
}

// Corrects reports whether examples of a source are corrections; see [plan.Source.Corrects].
func (r *Rivals) Corrects(source int) bool { return r.sources[source].Corrects }

// Corrected reports whether examples of a source may be corrected.
func (r *Rivals) Corrected(source int) bool {
	return !r.Corrects(source) && slices.ContainsFunc(r.sources, func(s *plan.Source) bool { return s.Corrects })
}
