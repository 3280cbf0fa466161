package journal

import "strings"

// cutRemark splits off the comment at the end of a statement.
func cutRemark(text string) (code, remark string) {
	for _, at := range trailingMark().FindAllStringSubmatchIndex(text, -1) {
		head := text[:at[0]]
		if strings.Count(head, `"`)%2 == 0 && strings.Count(head, "(") <= strings.Count(head, ")") {
			return head, text[at[2]:at[3]]
		}
	}
	return text, ""
}

// statements returns the statements of a fence. Each is a line, or several lines while a parenthesis is open.
func statements(b block) []located {
	var all []located
	var more []string // the lines of the last statement after its first one
	finish := func() {
		if len(more) > 0 {
			last := &all[len(all)-1]
			last.text += "\n" + strings.Join(more, "\n")
			last.last += len(more)
			more = nil
		}
	}
	depth := 0
	for i, line := range strings.Split(b.code, "\n") {
		at := b.codeLine + i
		line = strings.TrimPrefix(line, ">>> ")
		if depth > 0 {
			more = append(more, line)
		} else {
			finish()
			all = append(all, located{span{at, at}, line})
		}
		if !strings.HasPrefix(strings.TrimSpace(line), "#") {
			depth = max(0, depth+strings.Count(line, "(")-strings.Count(line, ")"))
		}
	}
	finish()
	return all
}
