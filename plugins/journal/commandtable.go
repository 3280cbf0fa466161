package journal

import "errors"

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
		switch {
		case failedResult(r.cell(c.result)), failed(why):
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

// columns tells by their headers, else by what stands in them, what a table's columns hold.
func (f *commandFinder) columns(t block) columns {
	c := columns{-1, -1, -1, -1}
	for i, header := range t.header {
		switch r := roleOf(header); {
		case r&antipattern != 0:
			return columns{-1, -1, -1, -1}
		case c.call < 0 && r&command != 0 && f.holdsCode(t, i):
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

func (f *commandFinder) holdsCode(t block, column int) bool {
	for _, r := range t.rows {
		if len(inlineCodes(r.cell(column))) > 0 {
			return true
		}
	}
	return false
}

func (f *commandFinder) holdsCalls(t block, column int) bool {
	for _, r := range t.rows {
		for _, code := range inlineCodes(r.cell(column)) {
			if call, err := f.tools.parse(code); (err == nil || errors.Is(err, errAmbiguous)) && f.tools.knows(call.Tool) {
				return true
			}
		}
	}
	return false
}
