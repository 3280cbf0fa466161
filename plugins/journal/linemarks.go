package journal

import (
	"slices"
	"strings"
)

// trailingSides reads code whose lines are marked at their ends; lines without a mark belong to both sides. If only one side
// is marked, one of its marks has to be a sign, because words such as "works" may mean anything.
func trailingSides(b block) []side {
	all := []side{{span: b.span, role: bad}, {span: b.span, role: good}}
	codes, reasons := make([]strings.Builder, len(all)), make([][]string, len(all))
	marked, anySign := role(0), false
	for line := range strings.SplitSeq(b.code, "\n") {
		code, r, reason, signed := cutMark(line)
		marked, anySign = marked|r, anySign || signed
		for i := range all {
			if r == 0 || r == all[i].role {
				codes[i].WriteString(code + "\n")
			}
			if r == all[i].role {
				reasons[i] = append(reasons[i], reason)
			}
		}
	}
	if marked != bad|good && !anySign {
		return nil
	}
	for i := range all {
		all[i].code = strings.Trim(codes[i].String(), "\n")
		all[i].reason = joined("; ", reasons[i]...)
	}
	return slices.DeleteFunc(all, func(one side) bool { return marked&one.role == 0 })
}

// cutMark splits off the mark at the end of a line; signed reports whether that is a sign.
func cutMark(line string) (code string, r role, reason string, signed bool) {
	if !strings.ContainsAny(line, "#/-") {
		return line, 0, "", false
	}
	at := trailingMark().FindStringSubmatchIndex(line)
	if at == nil {
		return line, 0, "", false
	}
	remark := line[at[2]:at[3]]
	if r, reason = markOf(remark); r == 0 {
		return line, 0, "", false
	}
	return strings.TrimRight(line[:at[0]], " "), r, reason, signRole(remark) != 0
}

// diffSides reads a diff. It returns nil unless the diff both removes and adds lines.
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
