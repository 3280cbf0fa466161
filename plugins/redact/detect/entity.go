package detect

import (
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
	plain := make([]byte, 0, len(text))
	from := make([]int, 0, len(text)+1) // where each byte stands in the text
	for at := 0; at < len(text); {
		sign, width := entityAt(text[at:])
		plain, from = append(plain, sign), append(from, at)
		at += width
	}
	from = append(from, len(text))
	found := d.search(string(plain), decode)
	for i, f := range found {
		found[i].Start, found[i].End = from[f.Start], from[f.End]
	}
	return found
}

// entityAt is the sign with which a text begins, and how many bytes stand for it.
func entityAt(text string) (sign byte, width int) {
	if text[0] == '&' {
		for _, e := range entities {
			if strings.HasPrefix(text, e.written) {
				return e.sign[0], len(e.written)
			}
		}
	}
	return text[0], 1
}
