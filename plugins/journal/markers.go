package journal

import (
	"regexp"
	"strings"
)

// A side is one version of code: how not to write it, or how to.
type side struct {
	span
	role   role // bad or good
	reason string
	code   string
}

var (
	commentLine   = regexp.MustCompile(`^\s*(?:#+|//+|--|;+|/\*+|\*|<!--|%|rem )\s*(.*?)\s*(?:\*/|-->)?\s*$`)
	trailingMark  = regexp.MustCompile(`\s(?:#|//|--)\s*(\S.*)$`)
	markSeparator = regexp.MustCompile(`\s*:(?:\s|$)|\s+[-–—>=]+\s+|\s*[–—]\s*|\s*[(!]`)
	sharpMarks    = set("BAD GOOD WRONG RIGHT CORRECT INCORRECT BROKEN FIXED WORKAROUND")
)

// markOf reads a comment that says which side the code below it is on, and why.
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
	if at := markSeparator.FindStringIndex(comment); at != nil {
		head, reason = comment[:at[0]], strings.TrimLeft(comment[at[0]:], ":-–—>=!,. ")
	}
	first, _, _ := strings.Cut(head, " ")
	if sharpMarks[strings.TrimRight(first, ":")] {
		r := roleOf(first) & (bad | good)
		if head != first {
			reason = strings.TrimSpace(comment[len(first):])
		}
		return r, bare(reason)
	}
	if words(head) > 3 {
		return 0, ""
	}
	if r := roleOf(head) & (bad | good); r == bad || r == good {
		return r, bare(reason)
	}
	if inner := parentheses.FindString(comment); inner != "" {
		if r := roleOf(strings.Trim(inner, "()")) & (bad | good); (r == bad || r == good) && words(comment) <= 4 {
			return r, ""
		}
	}
	return 0, ""
}

// bare removes the parentheses around a remark and a colon at its end.
func bare(s string) string {
	s = strings.TrimRight(strings.TrimSpace(s), ":")
	if strings.HasPrefix(s, "(") && strings.HasSuffix(s, ")") {
		return strings.TrimSpace(s[1 : len(s)-1])
	}
	return s
}

// sides takes the code of a fence apart at its marks. What stands before the first mark belongs to both sides.
func sides(b block) []side {
	var all []side
	var shared []string
	for i, line := range strings.Split(b.code, "\n") {
		at := b.first + 1 + i
		if r, reason, code, ok := markLine(line); ok {
			all = append(all, side{span: span{at, at}, role: r, reason: reason, code: code})
			continue
		}
		if len(all) == 0 {
			shared = append(shared, line)
			continue
		}
		last := &all[len(all)-1]
		last.code, last.last = last.code+"\n"+line, at
	}
	if len(all) == 0 {
		return trailingSides(b)
	}
	opening := strings.Trim(strings.Join(shared, "\n"), "\n")
	for i := range all {
		all[i].code = strings.Trim(all[i].code, "\n")
		all[i].code = strings.TrimRight(all[i].code, " \n")
		if hasCode(opening) {
			all[i].code = opening + "\n\n" + all[i].code
		}
	}
	return all
}

// markLine reads a line that opens a side: a comment, or a mark with the code behind it.
func markLine(line string) (r role, reason, code string, ok bool) {
	if at := commentLine.FindStringSubmatch(line); at != nil {
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

// trailingSides reads code whose lines are marked at their ends; lines without a mark belong to both sides.
func trailingSides(b block) []side {
	lines := map[role][]string{}
	reasons := map[role][]string{}
	marked := map[role]bool{}
	for line := range strings.SplitSeq(b.code, "\n") {
		r, reason := role(0), ""
		if at := trailingMark.FindStringSubmatchIndex(line); at != nil {
			if r, reason = markOf(line[at[2]:at[3]]); r != 0 {
				line = strings.TrimRight(line[:at[0]], " ")
			}
		}
		for _, one := range []role{bad, good} {
			if r == 0 || r == one {
				lines[one] = append(lines[one], line)
			}
		}
		if r != 0 {
			marked[r] = true
			reasons[r] = append(reasons[r], reason)
		}
	}
	if !marked[bad] || !marked[good] {
		return nil
	}
	var all []side
	for _, one := range []role{bad, good} {
		all = append(all, side{
			span: b.span, role: one, reason: joined("; ", reasons[one]...),
			code: strings.Trim(strings.Join(lines[one], "\n"), "\n"),
		})
	}
	return all
}

// diffSides reads a diff.
func diffSides(b block) []side {
	var before, after []string
	removed, added := false, false
	for line := range strings.SplitSeq(b.code, "\n") {
		switch {
		case strings.HasPrefix(line, "---"), strings.HasPrefix(line, "+++"), strings.HasPrefix(line, "@@"),
			strings.HasPrefix(line, "diff "), strings.HasPrefix(line, "index "):
		case strings.HasPrefix(line, "-"):
			before, removed = append(before, line[1:]), true
		case strings.HasPrefix(line, "+"):
			after, added = append(after, line[1:]), true
		default:
			line = strings.TrimPrefix(line, " ")
			before, after = append(before, line), append(after, line)
		}
	}
	if !removed || !added {
		return nil
	}
	return []side{
		{span: b.span, role: bad, code: strings.Join(before, "\n")},
		{span: b.span, role: good, code: strings.Join(after, "\n")},
	}
}

// hasCode reports whether some line is more than a comment.
func hasCode(code string) bool {
	for line := range strings.SplitSeq(code, "\n") {
		line = strings.TrimSpace(line)
		if line != "" && line != "..." && !commentLine.MatchString(line) {
			return true
		}
	}
	return false
}
