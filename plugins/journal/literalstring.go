package journal

import (
	"strconv"
	"strings"
)

// str reads a string in either kind of quotes, single or triple; adjacent strings are one.
func (r *literalReader) str() (string, error) {
	var b strings.Builder
	for quote := r.peek(); quote == '"' || quote == '\''; quote = r.peek() {
		end := string(quote)
		if strings.HasPrefix(r.text[r.at:], strings.Repeat(end, 3)) {
			end = strings.Repeat(end, 3)
		}
		r.at += len(end)
		for !strings.HasPrefix(r.text[r.at:], end) {
			if r.at >= len(r.text) || r.text[r.at] == '\n' && len(end) == 1 {
				return "", errNotLiteral
			}
			if r.text[r.at] == '\\' && r.at+1 < len(r.text) {
				b.WriteString(r.escape())
				continue
			}
			b.WriteByte(r.text[r.at])
			r.at++
		}
		r.at += len(end)
	}
	return b.String(), nil
}

// escape reads what follows a backslash.
func (r *literalReader) escape() string {
	c, size := r.text[r.at+1], 2
	defer func() { r.at += size }()
	switch c {
	case 'n':
		return "\n"
	case 't':
		return "\t"
	case 'r':
		return "\r"
	case '\n':
		return ""
	case '\\', '\'', '"':
		return string(c)
	case 'x', 'u':
		digits := map[byte]int{'x': 2, 'u': 4}[c]
		if r.at+2+digits <= len(r.text) {
			if code, err := strconv.ParseUint(r.text[r.at+2:r.at+2+digits], 16, 32); err == nil {
				size += digits
				return string(rune(code))
			}
		}
	}
	return `\` + string(c)
}
