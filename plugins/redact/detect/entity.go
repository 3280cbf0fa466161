package detect

import (
	"cmp"
	"slices"
	"strings"
)

// entities are those of HTML and XML for signs that would end a text, each with its sign.
var entities = []struct{ written, sign string }{
	{"&quot;", `"`}, {"&#34;", `"`}, {"&#x22;", `"`}, {"&#39;", "'"}, {"&#x27;", "'"}, {"&apos;", "'"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&amp;", "&"},
}

// quotes are the entities of quotes, which stand around values.
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

// A shift says that, from a place of the shown text on, the written text is ahead by so many bytes.
type shift struct{ from, by int }

// shown returns a text of HTML as a browser shows it, and how its places differ from those of the written text.
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

// written returns the place in the written text that corresponds to a place in the shown one.
func written(shifts []shift, at int) int {
	next, _ := slices.BinarySearchFunc(shifts, at+1, func(s shift, at int) int { return cmp.Compare(s.from, at) })
	return at + shifts[next-1].by
}

// entityAt returns the sign for which the entity at the beginning of a text stands, and the entity's length. An ampersand
// that begins no entity stands for itself.
func entityAt(text string) (sign byte, width int) {
	for _, e := range entities {
		if strings.HasPrefix(text, e.written) {
			return e.sign[0], len(e.written)
		}
	}
	return text[0], 1
}
