package detect

import "strings"

// escapeByte begins what colours a terminal.
const escapeByte = 0x1b

// findColored finds everything in a text with escapes of a terminal, which may stand within a value: it searches the text
// as the terminal shows it.
func (d *Detector) findColored(text string, decode bool) []Finding {
	plain := make([]byte, 0, len(text))
	from := make([]int, 0, len(text)) // where each byte stands in the text
	for at := 0; at < len(text); at++ {
		if text[at] == escapeByte {
			if n := len(colored().FindString(text[at:])); n > 0 {
				at += n - 1
				continue
			}
		}
		plain, from = append(plain, text[at]), append(from, at)
	}
	found := d.search(string(plain), decode)
	for i, f := range found {
		found[i].Start, found[i].End = from[f.Start], from[f.End-1]+1
	}
	if len(d.block) > 0 { // the user's expressions may be about the escapes
		s := &search{d: d, text: text}
		s.blocks()
		found = settle(append(found, s.found...))
	}
	return found
}

var colored = newForm(`^\x1b(?:\[[0-9;?]*[A-Za-z]|\]8;[^\x07\x1b]*(?:\x07|\x1b\\))`)

// wrapped returns where a secret ends that reaches the end of a line. If the line is as wide as a terminal's, the rest of the
// secret may stand on the next ones.
func (s *search) wrapped(end int) int {
	for end < len(s.text) && s.text[end] == '\n' {
		width := end - 1 - strings.LastIndexByte(s.text[:end], '\n')
		rest := restOfWrapped().FindString(s.text[end+1 : min(len(s.text), end+1+width)])
		after := end + 1 + len(rest)
		if width < leastWidth || len(rest) < 8 || !random(rest) || after < len(s.text) && len(rest) < width && strings.IndexByte(" \t\r\n\"'`,;", s.text[after]) < 0 {
			break
		}
		end = after
	}
	return end
}

// leastWidth is how wide a line is that a terminal may have wrapped.
const leastWidth = 60

var restOfWrapped = newForm(`^[\w.+/-]+={0,2}`)
