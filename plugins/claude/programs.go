package claude

// follow continues the turn that a record hangs on if that is not the last one: a session that was resumed while it still ran
// is written by two programs, each of which continues as if it were alone. The first turn of the second program looks as if
// the human had gone back on that of the first one. Other turns are never continued, because the links break too often.
func (c *conversation) follow(r *record) {
	at, uuid := c.lineage.ancestor(r.parent)
	if c.current == nil || uuid == "" || at < 0 || at < c.lineage.cut {
		return
	}
	t := c.turnOf(c.records[at])
	goesOn := t != nil && (t.apart || t.rewound && r.kind == answer) // an interrupted call may be reported late
	if !goesOn || t == c.current || c.lineage.aside(r.parent, uuid) {
		return
	}
	t.rewound, t.apart, c.current.apart = false, true, true
	c.current = t
}

// apart reports whether the record at a position belongs to a turn that one of two programs wrote.
func (c *conversation) apart(at int) bool {
	if at < 0 {
		return false
	}
	t := c.turnOf(c.records[at])
	return t != nil && t.apart
}

// turnOf returns the turn that a record belongs to: for a result, that of its call; nil if that turn was forgotten.
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
