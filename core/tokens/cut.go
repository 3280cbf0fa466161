package tokens

import "unicode/utf8"

// Cut keeps the beginning of a text, at most head tokens, and its end, at most tail tokens, as whole characters; omitted
// says how many tokens lie between. A text of at most head+tail tokens comes back whole as first. Each part is as long as
// it can be: with the next character it would be more tokens.
func (t *Tokenizer) Cut(text string, head, tail int) (first, last string, omitted int) {
	total := t.Count(text)
	head, tail = min(max(head, 0), total), min(max(tail, 0), total)
	if total <= head+tail {
		return text, "", 0
	}
	first = text[:t.fit(len(text), head, func(n int) string { return text[:wholeBefore(text, n)] })]
	rest := text[len(first):]
	last = rest[len(rest)-t.fit(len(rest), tail, func(n int) string { return rest[wholeAfter(rest, len(rest)-n):] }):]
	return first, last, max(total-t.Count(first)-t.Count(last), 1)
}

// fit gives the length of a part of at most limit tokens that the next character would make too long. part(n) is the
// part with about n bytes. The search doubles a length until it is too much, so that it never counts much more of a long
// text than it keeps.
func (t *Tokenizer) fit(length, limit int, part func(bytes int) string) int {
	fits, over := 0, min(4*limit+utf8.UTFMax, length)
	for t.Count(part(over)) <= limit {
		if over == length {
			return length
		}
		fits, over = over, min(2*over, length)
	}
	for over-fits > 1 {
		middle := fits + (over-fits)/2
		if t.Count(part(middle)) <= limit {
			fits = middle
		} else {
			over = middle
		}
	}
	return len(part(fits))
}

// wholeBefore is the last boundary of characters at or before n.
func wholeBefore(text string, n int) int {
	for n > 0 && n < len(text) && !utf8.RuneStart(text[n]) {
		n--
	}
	return n
}

// wholeAfter is the first boundary of characters at or after n.
func wholeAfter(text string, n int) int {
	for n < len(text) && !utf8.RuneStart(text[n]) {
		n++
	}
	return n
}
