package claude

// follow goes on with the turn that a record hangs on, where that is another than the last: a session that was resumed while it
// still ran is written by two programs, each of which goes on as if it were alone. To the one that came first, the other
// seems to have gone back on it. Other turns are never gone on with: the links break too often.
func (c *conversation) follow(r *record) {
	at, uuid := c.lineage.ancestor(r.parent)
	if c.current == nil || uuid == "" || at < 0 || at < c.lineage.cut {
		return
	}
	t := c.turnOf(c.records[at])
	goesOn := t != nil && (t.apart || t.rewound && r.kind == answer) // the news that a call was interrupted may come late
	if !goesOn || t == c.current || c.lineage.aside(r.parent, uuid) {
		return
	}
	t.rewound, t.apart, c.current.apart = false, true, true
	c.current = t
}

// apart reports whether what stands at a position belongs to a turn in one of two programs.
func (c *conversation) apart(at int) bool {
	if at < 0 {
		return false
	}
	t := c.turnOf(c.records[at])
	return t != nil && t.apart
}

// turnOf is the turn that a record belongs to, a result to that of its call; none where that was forgotten.
func (c *conversation) turnOf(r *record) *turn {
	t := r.turn
	for _, result := range r.results {
		if call := c.calls[result.call]; call != nil && call.step != nil {
			t = call.step.turn
			break
		}
	}
	if t != nil && t.forgotten {
		return nil
	}
	return t
}
