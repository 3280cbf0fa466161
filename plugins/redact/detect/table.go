package detect

import "strings"

// A name may stand at the head of a column and its values below, or in the list of columns into which SQL inserts rows.

// column looks at the cells below the name text[start:end], if that is the head of a column: its line is made of names that a
// sign parts, and the next lines have as many of these signs. A row of one table is no head of another.
func (s *search) column(start, end int, cell func(start, end int)) {
	sign := s.parting(start, end)
	if sign == "" {
		return
	}
	head, next := s.lineStart(start), s.lineEnd(end)
	if head < s.tabled && head != s.tableHead || next-head >= longestRow || !s.isHead(head, next, sign) {
		return
	}
	nth, signs := strings.Count(s.text[head:start], sign), strings.Count(s.text[head:next], sign)
	if head > 0 && strings.Count(s.text[s.lineStart(head-1):head], sign) == signs {
		return // a row of something
	}
	for next < len(s.text) {
		row := next + 1
		next = s.lineEnd(row)
		if strings.Trim(s.text[row:next], "-+|: =\r") == "" {
			continue // a rule
		}
		if strings.Count(s.text[row:next], sign) != signs || next-row >= longestRow {
			next = row // the table ends before it
			break
		}
		cell(s.trim(s.cell(row, next, nth, sign)))
	}
	s.tableHead, s.tabled = head, max(s.tabled, next)
}

// cell returns where the cell of a row is that has so many signs before it.
func (s *search) cell(row, end, signs int, sign string) (int, int) {
	rest := s.text[row:end]
	for range signs {
		_, rest, _ = strings.Cut(rest, sign)
	}
	value, _, _ := strings.Cut(rest, sign)
	start := end - len(rest)
	return start, start + len(value)
}

// longestRow is how many bytes a row of a table can have.
const longestRow = 4 << 10

// parting returns the sign between a name in the head of a table and its neighbour, or an empty string if there is none.
func (s *search) parting(start, end int) string {
	for end < len(s.text) && strings.IndexByte("\"'`* ", s.text[end]) >= 0 {
		end++
	}
	if end < len(s.text) && strings.IndexByte(",;|\t", s.text[end]) >= 0 {
		return s.text[end : end+1]
	}
	for start > 0 && strings.IndexByte("\"'`* ", s.text[start-1]) >= 0 {
		start--
	}
	if start > 0 && (end == len(s.text) || s.text[end] == '\n' || s.text[end] == '\r') && strings.IndexByte(",;|\t", s.text[start-1]) >= 0 {
		return s.text[start-1 : start]
	}
	return ""
}

// A judgement says whether a line is the head of a table whose columns a sign parts. A line of many names is judged once.
type judgement struct {
	line int
	sign string
	head bool
}

func (s *search) isHead(line, end int, sign string) bool {
	if s.judged.line != line || s.judged.sign != sign {
		s.judged = judgement{line, sign, headings(s.text[line:end], sign)}
	}
	return s.judged.head
}

// headings reports whether a line is made of two names or more, perhaps after its number.
func headings(line, sign string) bool {
	names := 0
	for _, cell := range strings.Split(strings.TrimLeft(line, " \t0123456789→>+-"), sign) {
		if cell = strings.Trim(cell, "\"'`* \r"); !heading().MatchString(cell) {
			return false
		} else if cell != "" {
			names++
		}
	}
	return names > 1
}

var heading = newForm(`^(?:[A-Za-z_#][\w .#/-]{0,40})?$`)

// inserted looks at the values of the column that text[start:end] names, if it stands in the list of columns into which SQL
// inserts rows.
func (s *search) inserted(start, end int, cell func(start, end int)) {
	at := s.rows(end)
	open := strings.LastIndexByte(s.text[max(0, start-longestList):start], '(')
	if at < 0 || open < 0 {
		return
	}
	nth := strings.Count(s.text[max(0, start-longestList)+open:start], ",")
	for at < len(s.text) && s.text[at] == '(' {
		at = s.insertedRow(at, nth, cell)
		for at < len(s.text) && strings.IndexByte("), \t\r\n", s.text[at]) >= 0 {
			at++
		}
	}
}

// insertedRow looks at the nth value, from 0, of a row that begins at a place, and returns where the row ends.
func (s *search) insertedRow(at, nth int, cell func(start, end int)) int {
	for n := 0; at < len(s.text) && s.text[at] != ')'; n++ {
		from := at + 1
		at = s.valueEnd(from)
		if n == nth {
			cell(s.trim(from, at))
		}
	}
	return at
}

// longestList is how many bytes the names of columns can have.
const longestList = 400

// rows returns where the rows begin after a list of columns, or a number below 0 if there are none.
func (s *search) rows(at int) int {
	const blanks, word = " \t\r\n", "values"
	rest := s.text[at:min(len(s.text), at+longestList)]
	if next := strings.TrimLeft(rest, "\"`] "); next == "" || next[0] != ',' && next[0] != ')' {
		return -1
	}
	closing := strings.IndexAny(rest, "()=;")
	if closing < 0 || rest[closing] != ')' {
		return -1
	}
	rest = strings.TrimLeft(rest[closing+1:], blanks)
	if !hasFold(rest, word) {
		return -1
	}
	rest = strings.TrimLeft(rest[len(word):], blanks)
	return min(len(s.text), at+longestList) - len(rest)
}

// valueEnd returns where a value of SQL ends: at a comma or a bracket that is not between quotes.
func (s *search) valueEnd(at int) int {
	for quoted := false; at < len(s.text); at++ {
		switch c := s.text[at]; {
		case c == '\'':
			quoted = !quoted
		case !quoted && (c == ',' || c == ')'):
			return at
		}
	}
	return at
}

// lineStart returns where the line at a place begins, but goes back no farther than a row can be long.
func (s *search) lineStart(at int) int {
	from := max(0, at-longestRow)
	return from + strings.LastIndexByte(s.text[from:at], '\n') + 1
}

// lineEnd returns where the line at a place ends, but goes no farther than a row can be long.
func (s *search) lineEnd(at int) int {
	rest := s.text[at:min(len(s.text), at+longestRow)]
	if n := strings.IndexByte(rest, '\n'); n >= 0 {
		return at + n
	}
	return at + len(rest)
}

// trim takes blanks and quotes off a cell.
func (s *search) trim(start, end int) (int, int) {
	const around = "\"'`* \t\r\n"
	for start < end && strings.IndexByte(around, s.text[start]) >= 0 {
		start++
	}
	for end > start && strings.IndexByte(around, s.text[end-1]) >= 0 {
		end--
	}
	return start, end
}
