package journal

import (
	"errors"
	"slices"
)

// table reads a table with a column of commands and one of what they are for.
func (f *commandFinder) table(s *section, t block) {
	c := f.columns(t)
	if c.call < 0 || c.purpose < 0 || s.within(unproven|antipattern) {
		return
	}
	for _, r := range t.rows {
		codes := append(inlineCodes(r.cell(c.sample)), inlineCodes(r.cell(c.call))...)
		if len(codes) == 0 {
			continue
		}
		why := known(r.cell(c.purpose))
		if failedResult(r.cell(c.result)) || failed(why) {
			f.ignore(r.line)
			continue
		}
		f.one(s, span{r.line, r.line}, codes, why)
	}
}

// failed reports whether a purpose begins by saying that the command does not work.
func failed(why string) bool {
	at := failure().FindStringIndex(why)
	return at != nil && at[0] == 0
}

type columns struct{ call, purpose, sample, result int }

// columns finds out what a table's columns hold by their headers, or else by what stands in them.
func (f *commandFinder) columns(t block) columns {
	c := columns{-1, -1, -1, -1}
	for i, header := range t.header {
		switch r := roleOf(header); {
		case r&antipattern != 0:
			return columns{-1, -1, -1, -1}
		case c.call < 0 && r&command != 0 && holdsCode(t, i):
			c.call = i
		case c.sample < 0 && r&example != 0:
			c.sample = i
		case c.purpose < 0 && r&purpose != 0:
			c.purpose = i
		case c.result < 0 && r&(result|impact) != 0:
			c.result = i
		}
	}
	for i := range t.header {
		if c.call < 0 && i != c.purpose && f.holdsCalls(t, i) {
			c.call = i
		}
	}
	if c.call == c.sample {
		c.sample = -1
	}
	if len(t.header) != 2 || c.call < 0 || c.purpose >= 0 {
		return c
	}
	if other := 1 - c.call; c.result != other && roleOf(t.header[other])&(problem|bad|result) == 0 {
		c.purpose = other
	}
	return c
}

func holdsCode(t block, column int) bool {
	return slices.ContainsFunc(t.rows, func(r row) bool { return len(inlineCodes(r.cell(column))) > 0 })
}

func (f *commandFinder) holdsCalls(t block, column int) bool {
	isCall := func(code string) bool {
		call, err := f.tools.parse(code)
		return (err == nil || errors.Is(err, errAmbiguous)) && f.tools.knows(call.Tool)
	}
	return slices.ContainsFunc(t.rows, func(r row) bool { return slices.ContainsFunc(inlineCodes(r.cell(column)), isCall) })
}
