package journal

import "strings"

// table tells a story for each row of a table whose columns are a problem and its cause or fix.
func (f *chainFinder) table(s *section, t block) {
	if story, ok := sideways(t); ok {
		f.tell(s, story, true)
		return
	}
	columns := make([]role, len(t.header))
	seen := role(0)
	for i, header := range t.header {
		columns[i] = roleOf(header) & (problem | cause | solution)
		if r := roleOf(header); r&command != 0 && r&chainParts == 0 || forbids(header) {
			return // the reason to use a command or not to do something is no cause
		}
		seen |= columns[i]
	}
	if seen&problem == 0 || seen&(cause|solution) == 0 {
		return
	}
	for _, r := range t.rows {
		one := story{span: span{r.line, r.line}}
		for i, c := range columns {
			if text := known(r.cell(i)); text != "" && c != 0 {
				one.parts = append(one.parts, part{span: one.span, role: c, texts: []located{{one.span, text}}})
			}
		}
		f.tell(s, one, false)
	}
}

// sideways reads a table that tells one story: its first column names the parts.
func sideways(t block) (story, bool) {
	one := story{span: t.span}
	for _, r := range append([]row{{t.first, t.header}}, t.rows...) {
		if c := roleOf(r.cell(0)) & chainParts; c != 0 && len(r.cells) == 2 && known(r.cell(1)) != "" {
			at := span{r.line, r.line}
			one.parts = append(one.parts, part{span: at, role: c, texts: []located{{at, r.cell(1)}}})
		}
	}
	return one, one.has(problem) && one.has(cause|solution) && roleOf(strings.Join(t.header, " "))&problem == 0
}
