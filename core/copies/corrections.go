package copies

import (
	"slices"
)

// correctionNames returns the hashes of the openings of all corrections, and of the ids of those without one.
func (c *comparison) correctionNames() map[uint64]bool {
	names := map[uint64]bool{}
	for _, p := range c.Pieces {
		if c.Rivals.Corrects(p.Source) {
			for _, name := range p.Openings {
				names[name] = true
			}
		}
	}
	return names
}

// separate separates the corrections among twins from the others.
func (c *comparison) separate(twins []*twin) (corrections, others []*twin) {
	for _, t := range twins {
		if c.Rivals.Corrects(t.source) {
			corrections = append(corrections, t)
		} else {
			others = append(others, t)
		}
	}
	return corrections, others
}

// latest replaces corrections by later ones of the same id, since somebody thought better of it, and returns those that stay.
func (c *comparison) latest(corrections []*twin, fates fates) (latest []*twin) {
	for i, t := range corrections {
		for _, later := range corrections[i+1:] {
			if later.id == t.id {
				c.replace(t, later, fates)
			}
		}
		if !fates.of(t).leaves() {
			latest = append(latest, t)
		}
	}
	return latest
}

// correct puts each correction in the place of what it corrects, whatever either of them says. If no example has its id, because
// the log says something else by now, it corrects the best example of the same turn that no other correction names.
func (c *comparison) correct(others, stayers, corrections []*twin, fates fates) {
	remaining := slices.Clone(stayers) // that no correction names
	var unmatched []*twin              // corrections that name no example
	for _, correction := range corrections {
		wrong := named(correction.id, others, stayers, fates)
		if len(wrong) == 0 {
			unmatched = append(unmatched, correction)
			continue
		}
		c.replaceAll(wrong, correction, fates)
		remaining = slices.DeleteFunc(remaining, func(t *twin) bool { return slices.Contains(wrong, t) })
	}
	var best []*twin // several if some outputs do not take the first one
	for _, t := range remaining {
		if len(c.covering(t.source, best)) == 0 {
			best = append(best, t)
		}
	}
	for _, correction := range unmatched {
		c.replaceAll(best, correction, fates)
	}
}

// replaceAll puts a correction in the place of examples, and notes that it corrects something if there are any.
func (c *comparison) replaceAll(wrong []*twin, correction *twin, fates fates) {
	for _, t := range wrong {
		c.replace(t, correction, fates)
		c.correcting[correction.Position] = true
	}
}

// named returns, of the twins that stay, those with the id and those of which the twin with the id is a copy.
func named(id string, others, stayers []*twin, fates fates) (all []*twin) {
	ids := []string{id}
	for _, t := range others {
		if t.id == id {
			ids = append(ids, fates.of(t).by.ID)
		}
	}
	for _, t := range stayers {
		if slices.Contains(ids, t.id) {
			all = append(all, t)
		}
	}
	return all
}

// replace puts a correction in the place of an example. If an output takes the example but not the correction, the example
// stays as the correction's rival.
func (c *comparison) replace(t, correction *twin, fates fates) {
	group := c.Rivals.Group(correction.source)
	if c.Rivals.Covers(group, c.Rivals.Group(t.source)) {
		fates.set(t, fate{by: Instead{correction.id, correction.source, true}})
	} else {
		c.Rivals.Add(t.source, t.id, []int{group})
	}
}
