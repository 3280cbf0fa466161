package tokens

// Cut keeps the beginning of a text, at most head tokens, and its end, at most tail tokens; omitted says how many tokens are
// between. A text of at most head+tail tokens comes back whole as first. A part is cut between words, or inside a word of
// more than 64 bytes, but never inside a character or a control token. Cut at the next such place, it would be too long.
func (t *Tokenizer) Cut(text string, head, tail int) (first, last string, omitted int) {
	total := t.Count(text)
	head, tail = min(max(head, 0), total), min(max(tail, 0), total)
	if total <= head+tail {
		return text, "", 0
	}
	places := t.places(text)
	n := t.fit(len(places)-1, head, func(n int) string { return text[:places[n]] })
	first = text[:places[n]]
	places = places[n:]
	n = t.fit(len(places)-1, tail, func(n int) string { return text[places[len(places)-1-n]:] })
	last = text[places[len(places)-1-n]:]
	return first, last, max(total-t.Count(first)-t.Count(last), 1)
}

// places returns the offsets where a text may be cut, including its beginning and end. The words are roughly those of every
// model; whether a part fits is for Count to say.
func (t *Tokenizer) places(text string) []int {
	places, at := []int{0}, 0
	for section, control := range t.added.sections(text) {
		if control {
			at += len(section)
			places = append(places, at)
			continue
		}
		for len(section) > 0 {
			n := cl100kWord(section, 3)
			if n > longest {
				places = places[:len(places)-1]
				for i := range section[:n] {
					places = append(places, at+i) // of every character
				}
			}
			at += n
			places = append(places, at)
			section = section[n:]
		}
	}
	return places
}

// fit returns how many of the steps a part can take and have at most limit tokens, such that with one more step it would have
// too many. part(n) returns the part with n steps. The search starts with about a step for each token and doubles, so that it
// counts not much more of a long text than is kept.
func (t *Tokenizer) fit(steps, limit int, part func(n int) string) int {
	fits := func(n int) bool { return t.Count(part(n)) <= limit }
	low, high := 0, min(limit+1, steps)
	for fits(high) {
		if high == steps {
			return steps
		}
		low, high = high, min(2*high, steps)
	}
	for high-low > 1 { // low fits, high does not
		if middle := low + (high-low)/2; fits(middle) {
			low = middle
		} else {
			high = middle
		}
	}
	return low
}
