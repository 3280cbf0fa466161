package journal

import "strings"

// A side is one version of code: how not to write it, or how to.
type side struct {
	span
	role   role // bad or good
	reason string
	code   string
}

var (
	commentLine   = newForm(`^\s*(?:#+|//+|--|;+|/\*+|\*|<!--|%|rem )\s*(.*?)\s*(?:\*/|-->)?\s*$`)
	trailingMark  = newForm(`\s(?:#|//|--)\s*(\S.*)$`)
	markSeparator = newForm(`\s*:(?:\s|$)|\s+[-–—>=]+\s+|\s*[–—]\s*|\s*[(!]`)
	sharpMarks    = set("BAD GOOD WRONG RIGHT CORRECT INCORRECT BROKEN FIXED WORKAROUND")
)

// markOf reads a comment that says which side the code belongs to, and why.
func markOf(comment string) (role, string) {
	comment = strings.Trim(strings.TrimSpace(comment), "=-* ")
	if r := signRole(comment) & (bad | good); r != 0 {
		rest := trimSymbols(comment)
		if inner, reason := markOf(rest); inner == r {
			return r, reason
		}
		return r, rest
	}
	head, reason := comment, ""
	if at := markSeparator().FindStringIndex(comment); at != nil {
		head, reason = comment[:at[0]], strings.TrimLeft(comment[at[0]:], ":-–—>=!,. ")
	}
	if first, _, more := strings.Cut(head, " "); sharpMarks[strings.TrimRight(first, ":")] {
		if more {
			reason = strings.TrimSpace(comment[len(first):])
		}
		return sideNamed(first), bare(reason)
	}
	if r := sideNamed(head); r != 0 && words(head) <= 3 {
		return r, bare(reason)
	}
	if words(head) <= 3 && words(comment) <= 4 {
		return sideNamed(strings.Trim(parentheses().FindString(comment), "()")), ""
	}
	return 0, ""
}

// sideNamed returns the side that a label names; 0 if it could be either.
func sideNamed(label string) role {
	if r := roleOf(label) & (bad | good); r != bad|good {
		return r
	}
	return 0
}

// bare removes the parentheses around a remark and a colon at its end.
func bare(s string) string {
	s = strings.TrimRight(strings.TrimSpace(s), ":")
	if strings.HasPrefix(s, "(") && strings.HasSuffix(s, ")") {
		return strings.TrimSpace(s[1 : len(s)-1])
	}
	return s
}

// maxOpening is the greatest length, in bytes, of code above the sides that is repeated in each of them.
const maxOpening = 4 << 10

// sides divides the code of a fence at its marks. What stands before the first mark belongs to every side.
func sides(b block) []side {
	var all []side
	lines := [][]string{nil} // of what stands before the first mark, and of each side
	for i, line := range strings.Split(b.code, "\n") {
		at := b.codeLine + i
		if r, reason, code, ok := markLine(line); ok {
			all = append(all, side{span: span{at, at}, role: r, reason: reason})
			lines = append(lines, []string{code})
			continue
		}
		lines[len(all)] = append(lines[len(all)], line)
		if len(all) > 0 {
			all[len(all)-1].last = at
		}
	}
	if len(all) == 0 {
		return trailingSides(b)
	}
	opening := strings.Trim(strings.Join(lines[0], "\n"), "\n")
	for i := range all {
		all[i].code = strings.TrimRight(strings.Trim(strings.Join(lines[i+1], "\n"), "\n"), " \n")
		if hasCode(opening) && len(opening) <= maxOpening && hasCode(all[i].code) {
			all[i].code = opening + "\n\n" + all[i].code
		}
	}
	return all
}

// markLine reads a line that opens a side: a comment, or a mark followed by the code.
func markLine(line string) (r role, reason, code string, ok bool) {
	if at := commentLine().FindStringSubmatch(line); at != nil {
		r, reason = markOf(at[1])
		return r, reason, "", r != 0
	}
	trimmed := strings.TrimSpace(line)
	if r := signRole(trimmed) & (bad | good); r != 0 {
		return r, "", trimSymbols(trimmed), true
	}
	head, rest, found := strings.Cut(trimmed, ":")
	if found && sharpMarks[strings.ToUpper(head)] && len(head) > 2 {
		return roleOf(head) & (bad | good), "", strings.TrimSpace(rest), true
	}
	return 0, "", "", false
}

// hasCode reports whether some line is more than a comment.
func hasCode(code string) bool {
	for line := range strings.SplitSeq(code, "\n") {
		line = strings.TrimSpace(line)
		if strings.Trim(line, "(){}[];,") != "" && line != "..." && !commentLine().MatchString(line) {
			return true
		}
	}
	return false
}
