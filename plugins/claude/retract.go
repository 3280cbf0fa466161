package claude

// retract notes that the program took answers back because another model was asked to give them instead.
func (c *conversation) retract(uuids []string) {
	for _, uuid := range uuids {
		if c.retracted == nil {
			c.retracted = map[string]bool{}
		}
		c.retracted[uuid] = uuid != ""
	}
}

// forget leaves out what was copied from the conversation that this one was forked from.
func (c *conversation) forget() {
	for _, t := range c.turns {
		t.forgotten = true
		for range t.records {
			c.ignore("record of the conversation that was forked")
		}
	}
	c.turns, c.current, c.steps = nil, nil, map[stepKey]*step{}
}
