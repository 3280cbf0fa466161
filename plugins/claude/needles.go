package claude

import (
	"bytes"
	"strings"
)

// newIndex returns a function that returns the position of the first occurrence of one of several texts, or -1. Where
// occurrences overlap, it may return that of a later one. Every text has at least two bytes.
func newIndex(texts []string) func(text []byte) int {
	if len(texts) == 1 {
		if rarest := rarestByte(texts[0]); strings.IndexByte(common, texts[0][rarest]) >= seldom {
			return letter{[]byte(texts[0]), rarest}.index
		}
	}
	return newPairs(texts).index
}

// common holds the bytes that names of tools consist of, roughly from the most to the least frequent in transcripts. Each of
// those from index seldom on is less than one byte in five hundred.
const (
	common = "etaoinsrlcdupmhgfb_yTSCAIRE0LDwN1vPFMOkB2xU3-VG45W67H98jqzKXYQZJ"
	seldom = 21
)

func rarestByte(text string) (rarest int) {
	for i := range text {
		if strings.IndexByte(common, text[i]) > strings.IndexByte(common, text[rarest]) {
			rarest = i
		}
	}
	return rarest
}

// letter finds a text by its rarest byte, because processors search fast for a single byte.
type letter struct {
	text   []byte
	rarest int
}

func (l letter) index(text []byte) int {
	for at := l.rarest; at < len(text); at++ {
		next := bytes.IndexByte(text[at:], l.text[l.rarest])
		if next < 0 {
			break
		}
		at += next
		if bytes.HasPrefix(text[at-l.rarest:], l.text) {
			return at - l.rarest
		}
	}
	return -1
}

// pairs finds texts by looking only at a pair of bytes in every step: wherever a text is, one of these places falls on a
// pair of its bytes. For the name of a server with its tools, only about every eleventh place has to be looked at.
type pairs struct {
	step    int              // between places: the number of pairs in the shortest text
	guesses [1 << 16]uint8   // by pair of bytes: its index in guessed plus 1; 0 for most pairs, which are in no text
	guessed [][]partialMatch // where a pair may be: in several texts, or twice in one
}

// partialMatch is the pair of bytes at an offset of a text.
type partialMatch struct {
	text   []byte
	offset int
}

func newPairs(texts []string) *pairs {
	p := &pairs{step: len(texts[0]) - 1}
	for _, text := range texts {
		p.step = min(p.step, len(text)-1)
	}
	for _, text := range texts {
		for offset := range p.step {
			p.add(partialMatch{[]byte(text), offset})
		}
	}
	return p
}

func (p *pairs) add(match partialMatch) {
	guess := &p.guesses[pairAt(match.text, uint(match.offset))]
	if *guess == 0 {
		if len(p.guessed) < 255 { // all further pairs share the last entry
			p.guessed = append(p.guessed, nil)
		}
		*guess = uint8(len(p.guessed))
	}
	p.guessed[*guess-1] = append(p.guessed[*guess-1], match)
}

func (p *pairs) index(text []byte) int {
	for at := 0; at < len(text)-1; at += batch * p.step {
		at = p.nextCandidate(text, at)
		if found := p.check(text, at, min(at+batch*p.step, len(text)-1)); found >= 0 {
			return found
		}
	}
	return -1
}

// batch is the number of places that are looked at in one go.
const batch = 4

// nextCandidate starts at a place and returns the first one from which the places looked at in one go include a pair of a text,
// or the one after which too few places are left. The slices have the same length and the place is unsigned, so that the
// compiler can omit most bounds checks.
func (p *pairs) nextCandidate(text []byte, from int) int {
	at, end := uint(from), uint(max(0, len(text)-(batch-1)*p.step))
	if end == 0 {
		return from
	}
	a, b, c, d := text[:end], text[p.step:][:end], text[2*p.step:][:end], text[3*p.step:][:end]
	for step := uint(batch * p.step); at+1 < end; at += step {
		if p.guesses[pairAt(a, at)]|p.guesses[pairAt(b, at)]|p.guesses[pairAt(c, at)]|p.guesses[pairAt(d, at)] != 0 {
			break
		}
	}
	return int(at)
}

// check compares the texts at the places from at up to end and returns where one of them begins, or -1.
func (p *pairs) check(text []byte, at, end int) int {
	for ; at < end; at += p.step {
		guess := p.guesses[pairAt(text, uint(at))]
		if guess == 0 {
			continue
		}
		for _, match := range p.guessed[guess-1] {
			start := at - match.offset
			if start >= 0 && text[start] == match.text[0] && bytes.HasPrefix(text[start:], match.text) { // the first byte rules out most
				return start
			}
		}
	}
	return -1
}

// pairAt combines the two bytes itself, because slicing the text for [binary.LittleEndian] takes longer.
func pairAt(text []byte, at uint) uint16 { return uint16(text[at]) | uint16(text[at+1])<<8 }
