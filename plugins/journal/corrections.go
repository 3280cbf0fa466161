package journal

import (
	"cmp"
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

// codeLines has the first line of every fence that holds bad or good code and of every version of code that a correction has taken;
// it is true for the latter. Other recognisers leave both alone, except that [antipatterns] takes bad code of a fence that no
// correction has taken.
type codeLines map[int]bool

// noteFence notes that bad or good code begins on a line.
func (u codeLines) noteFence(line int) {
	taken := u[line]
	u[line] = taken
}

// has reports whether bad or good code begins on a line.
func (u codeLines) has(line int) bool { _, ok := u[line]; return ok }

// corrections finds bad code beside good code: marked inside one fence, in two fences under labels, headings or
// comments, in list items, in a diff, in the columns of a table.
func corrections(d *document) ([]finding, codeLines) {
	f := &correctionFinder{finder: finder{document: d}, used: codeLines{}}
	f.section(d.root)
	for _, s := range d.root.all() {
		tables(s.blocks, func(t block) { f.table(s, t) })
		f.exchanges(s, s.blocks)
	}
	return f.found, f.used
}

type correctionFinder struct {
	finder
	used codeLines
}

// section pairs the versions in a section with each other and with those of the sections below it whose headings name a
// side.
func (f *correctionFinder) section(s *section) {
	all := f.versions(s, s.blocks, s.title.role&(bad|good))
	for _, child := range s.sections {
		if r := sideOf(child.title.role); r != 0 && len(child.sections) == 0 {
			all = append(all, f.versions(child, child.blocks, r)...)
		} else {
			f.section(child)
		}
	}
	f.pair(s, all)
}

// sideOf returns the side that a role names; 0 if it could be either.
func sideOf(r role) role {
	if r&(bad|antipattern) != 0 && r&good == 0 {
		return bad
	}
	if r&good != 0 && r&(bad|problem|antipattern) == 0 {
		return good
	}
	return 0
}

// pair makes a correction of every group of versions of one side that is followed by a group of the other.
func (f *correctionFinder) pair(s *section, all []version) {
	groups := grouped(all)
	for i := 0; i < len(groups); i++ {
		if groups[i].role == 0 {
			continue
		}
		if i+1 == len(groups) || groups[i+1].role == 0 || groups[i].mixed != groups[i+1].mixed && !near(groups[i].span, groups[i+1].span) {
			f.oneSided(s, groups[i])
			continue
		}
		first, second := groups[i], groups[i+1]
		if first.role == good {
			first, second = second, first
		}
		f.correct(s, first, second)
		i++
	}
}

func near(a, b span) bool { return b.first-a.last < 12 }

// grouped joins neighbouring versions of one side.
func grouped(all []version) []version {
	var groups []version
	for _, one := range all {
		if n := len(groups); n > 0 && groups[n-1].role == one.role {
			last := &groups[n-1]
			last.last = max(last.last, one.last)
			last.code = joined("\n\n", last.code, one.code)
			last.reason = joined("\n", last.reason, one.reason)
			continue
		}
		groups = append(groups, one)
	}
	return groups
}

func (f *correctionFinder) correct(s *section, wrong, right version) {
	at := span{min(wrong.first, right.first), max(wrong.last, right.last)}
	switch {
	case !hasCode(wrong.code):
		f.reject(at, "the bad version contains no code")
	case !hasCode(right.code):
		f.reject(at, "the good version contains no code")
	case strings.TrimSpace(wrong.code) == strings.TrimSpace(right.code):
		f.reject(at, "bad and good code are identical")
	default:
		f.used[wrong.first], f.used[right.first] = true, true
		f.keep(s, at, sdk.Example{Correction: &sdk.CodeCorrection{
			Language: cmp.Or(wrong.lang, right.lang),
			BadCode:  tidyCode(wrong.code), BadReason: wrong.reason,
			GoodCode: tidyCode(right.code), GoodReason: right.reason,
		}})
	}
}

// tidyCode removes blank lines around code, and the indentation of a single line.
func tidyCode(code string) string {
	code = strings.Trim(code, "\n")
	if !strings.Contains(code, "\n") {
		code = strings.TrimSpace(code)
	}
	return code
}

// oneSided deals with code whose other side is missing: bad code with a reason is still something not to do.
func (f *correctionFinder) oneSided(s *section, one version) {
	if one.role == bad && one.mixed && one.reason != "" {
		return // [antipatterns] takes it
	}
	switch {
	case one.role == bad && (one.mixed || !s.within(good|solution)):
		f.reject(one.span, "bad code without a good version")
	case one.mixed:
		f.reject(one.span, "good code without a bad version")
	}
}

// table reads rows with a cell of bad code and one of good code.
func (f *correctionFinder) table(s *section, t block) {
	wrong, right, why := -1, -1, -1
	for i, header := range t.header {
		r := roleOf(header) | signRole(header)
		switch {
		case wrong < 0 && r&(bad|antipattern) != 0 && r&good == 0:
			wrong = i
		case right < 0 && r&(good|remedy) != 0:
			right = i
		case why < 0 && r&(cause|purpose|problem) != 0:
			why = i
		}
	}
	if wrong < 0 || right < 0 {
		return
	}
	for _, r := range t.rows {
		before, wasCode := inlineCode(r.cell(wrong))
		after, isCode := inlineCode(r.cell(right))
		if wasCode && isCode {
			at := span{r.line, r.line}
			f.correct(s, version{side: side{span: at, code: before, reason: r.cell(why)}}, version{side: side{span: at, code: after}})
		}
	}
}
