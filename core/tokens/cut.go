package tokens

// Cut keeps the beginning of a text, at most head tokens, and its end, at most tail tokens; omitted says how many tokens
// are between. A text of at most head+tail tokens comes back whole as first. A part ends between words, or inside one
// that is longer than 64 bytes, never inside a character or a control token, and the next such place would make it too
// long.
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

// places are the offsets where a text may be cut, its beginning and end among them. The words are roughly those of every
// model; Count has the last word.
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

// fit says how many steps a part of at most limit tokens can have, such that one more is too much. part(n) is the part
// with n steps. It starts with as many steps as tokens and doubles, so that of a long text it counts not much more than
// what is kept.
func (t *Tokenizer) fit(steps, limit int, part func(n int) string) int {
	fits, over := 0, min(limit+1, steps)
	for t.Count(part(over)) <= limit {
		if over == steps {
			return steps
		}
		fits, over = over, min(2*over, steps)
	}
	for over-fits > 1 {
		middle := fits + (over-fits)/2
		if t.Count(part(middle)) <= limit {
			fits = middle
		} else {
			over = middle
		}
	}
	return fits
}
