package stage

import (
	"maps"
	"slices"

	"github.com/ftprep/ftprep/core/plan"
)

// Rivals are copies or equals of better examples. They stay because some output takes them and not the better ones. An output
// that takes both leaves the rival out.
type Rivals struct {
	sources []*plan.Source
	groups  []plan.Group      // of the sources, and of rivals
	better  map[rival][][]int // lists of groups of sources: examples of the groups in one list together hold what the rival does
}

// rival identifies an example. Its id is not enough: sources that read the same logs may give examples with the same id.
type rival struct {
	source int
	id     string
}

// NewRivals returns no rivals yet; it takes from the plan which outputs the sources go into.
func NewRivals(p *plan.Plan) *Rivals {
	return &Rivals{sources: p.Sources, groups: p.Groups, better: map[rival][][]int{}}
}

// Groups returns the number of groups, which are numbered from 0.
func (r *Rivals) Groups() int { return len(r.groups) }

// None reports whether no example is a rival.
func (r *Rivals) None() bool { return len(r.better) == 0 }

// Clone returns a copy to which others can be added.
func (r *Rivals) Clone() *Rivals {
	return &Rivals{sources: r.sources, groups: slices.Clip(r.groups), better: maps.Clone(r.better)}
}

// Group returns the group of a source.
func (r *Rivals) Group(source int) int { return r.sources[source].Group }

// FindOrAddGroup returns the group of an example: that of its source's outputs without those that leave the example out.
// It adds the group if there is none.
func (r *Rivals) FindOrAddGroup(source int, id string) int {
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

// Add makes an example a rival of examples from sources of the given groups, which together hold what it does.
func (r *Rivals) Add(source int, id string, groups []int) {
	at := rival{source, id}
	r.better[at] = append(slices.Clip(r.better[at]), groups)
}

// BetterIn reports whether an output takes what is better than an example, and therefore leaves the example out.
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
