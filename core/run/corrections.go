package run

import "slices"

// parted tells the corrections among some twins from the others; see [plan.Source.Corrects].
func (c *copies) parted(twins []*twin) (corrections, others []*twin) {
	for _, t := range twins {
		if c.rivals.sources[t.source].Corrects {
			corrections = append(corrections, t)
		} else {
			others = append(others, t)
		}
	}
	return corrections, others
}

// correct has each of some corrections take the place of the example that it corrects, whatever either of them says. For an
// output that gets no corrections the example stays, as their rival.
func (c *copies) correct(others, stayers, corrections []*twin, fates fates) {
	for _, correction := range corrections {
		wrong := corrected(correction, others, stayers, fates)
		switch group := c.rivals.group(correction.source); {
		case wrong == nil:
		case c.rivals.covers(group, c.rivals.group(wrong.source)):
			fates.set(wrong, fate{corrected: correction})
		default:
			c.rivals.add(wrong.source, wrong.id, []int{group})
		}
	}
}

// corrected finds what a correction corrects: of those that stay the one of its id, or that has the one of its id as a copy. Where
// the log says something else by now, no example has the id any more, and it is the best of the same turn.
func corrected(correction *twin, others, stayers []*twin, fates fates) *twin {
	named := func(id string) func(*twin) bool { return func(t *twin) bool { return t.id == id } }
	id := correction.id
	if i := slices.IndexFunc(others, named(id)); i >= 0 {
		if of := fates[others[i].piece][others[i].item].copyOf; of != "" {
			id = of
		}
	}
	if i := slices.IndexFunc(stayers, named(id)); i >= 0 {
		return stayers[i]
	}
	if len(stayers) > 0 {
		return stayers[0]
	}
	return nil
}
