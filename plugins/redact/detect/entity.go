package detect

import (
	"cmp"
	"slices"
	"strings"
)

// entities are how HTML and XML write the signs that would end a text, with what they stand for.
var entities = []struct{ written, sign string }{
	{"&quot;", `"`}, {"&#34;", `"`}, {"&#x22;", `"`}, {"&#39;", "'"}, {"&#x27;", "'"}, {"&apos;", "'"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&amp;", "&"},
}

// quotes are those that stand around values.
var quotes = entities[:6]

// hasQuotes reports whether a text holds quotes as HTML writes them.
func hasQuotes(text string) bool {
	for at := 0; ; at++ {
		n := strings.IndexByte(text[at:], '&')
		if n < 0 {
			return false
		}
		if at += n; slices.ContainsFunc(quotes, func(e struct{ written, sign string }) bool { return strings.HasPrefix(text[at:], e.written) }) {
			return true
		}
	}
}

// findEscaped finds everything in a text of HTML as a browser shows it.
func (d *Detector) findEscaped(text string, decode bool) []Finding {
	plain, shifts := shown(text)
	found := d.search(plain, decode)
	for i, f := range found {
		found[i].Start, found[i].End = written(shifts, f.Start), written(shifts, f.End)
	}
	return found
}

// A shift is a place from which on a text that is shown stands further behind in the text as it was written.
type shift struct{ from, by int }

// shown is a text of HTML as a browser shows it.
func shown(text string) (string, []shift) {
	plain := make([]byte, 0, len(text))
	shifts := []shift{{0, 0}}
	for len(text) > 0 {
		n := strings.IndexByte(text, '&')
		if n < 0 {
			n = len(text)
		}
		plain, text = append(plain, text[:n]...), text[n:]
		if text == "" {
			break
		}
		sign, width := entityAt(text)
		plain, text = append(plain, sign), text[width:]
		if width > 1 {
			shifts = append(shifts, shift{len(plain), shifts[len(shifts)-1].by + width - 1})
		}
	}
	return string(plain), shifts
}

// written is where what is shown at a place was written.
func written(shifts []shift, at int) int {
	next, _ := slices.BinarySearchFunc(shifts, at+1, func(s shift, at int) int { return cmp.Compare(s.from, at) })
	return at + shifts[next-1].by
}

// entityAt is the sign that an ampersand, with which a text begins, stands for, and how many bytes write it.
func entityAt(text string) (sign byte, width int) {
	for _, e := range entities {
		if strings.HasPrefix(text, e.written) {
			return e.sign[0], len(e.written)
		}
	}
	return text[0], 1
}
