package journal

import "strings"

// table reads a table with a column of things not to do.
func (f *antipatternFinder) table(s *section, t block) {
	what, why, instead := antipatternColumns(t.header)
	if what < 0 || why < 0 && instead < 0 {
		return
	}
	for _, r := range t.rows {
		f.row(s, r.line, t.header[what], r.cell(what), r.cell(why), r.cell(instead))
	}
}

// antipatternColumns finds the columns that say what not to do, why not, and what to do instead; -1 stands for none.
func antipatternColumns(headers []string) (what, why, instead int) {
	what, why, instead = -1, -1, -1
	for i, header := range headers {
		switch r := roleOf(header) | signRole(header); {
		case what < 0 && (r&antipattern != 0 || forbids(header)):
			what = i
		case why < 0 && (r&cause != 0 || what >= 0 && r&(problem|impact) != 0):
			why = i
		case instead < 0 && r&(remedy|solution) != 0:
			instead = i
		}
	}
	return what, why, instead
}

// row reads one row of a table; header is that of the column with what not to do.
func (f *antipatternFinder) row(s *section, line int, header, what, why, instead string) {
	_, wasCode := inlineCode(what)
	_, isCode := inlineCode(instead)
	if wasCode && isCode {
		return // bad and good code: a correction
	}
	reason := known(why)
	if better := known(instead); better != "" {
		reason = joined("\n\n", reason, "Instead: "+better)
	}
	at := span{line, line}
	if reason == "" {
		f.reject(at, "neither a reason nor an alternative is given")
		return
	}
	pattern := tidyPattern(what)
	if forbids(header) && words(header) > 1 {
		pattern = header + ": " + pattern
	}
	f.forbid(s, at, pattern, reason, "")
}

// code takes bad code that stands without a good version, if its mark says what is bad about it.
func (f *antipatternFinder) code(s *section, blocks []block) {
	for _, b := range blocks {
		if b.kind == fence {
			f.fence(s, b)
		}
		for _, it := range b.items {
			f.code(s, it.blocks)
		}
		f.code(s, b.blocks)
	}
}

func (f *antipatternFinder) fence(s *section, b block) {
	all := sides(b)
	for i, one := range all {
		alone := (i == 0 || all[i-1].role == bad) && (i+1 == len(all) || all[i+1].role == bad)
		if one.role == bad && alone && !f.used[one.first] && words(one.reason) > 1 && hasCode(one.code) {
			pattern := one.reason + "\n\n```" + b.lang + "\n" + strings.Trim(one.code, "\n") + "\n```"
			f.forbid(s, one.span, pattern, remark(one.code), "")
		}
	}
}

// remark returns the first comment at the end of a line of code.
func remark(code string) string {
	for line := range strings.SplitSeq(code, "\n") {
		if at := trailingMark().FindStringSubmatch(line); at != nil && !commentLine().MatchString(line) {
			return at[1]
		}
	}
	return ""
}
