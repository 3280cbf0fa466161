package claude

import (
	"bytes"
	"encoding/binary"
	"strings"
)

// newIndex makes a function that finds one of several texts of two bytes and more: where it is, or -1. Of what lies far
// apart it finds the first.
func newIndex(texts []string) func(text []byte) int {
	if len(texts) == 1 {
		if rarest := rarestByte(texts[0]); strings.IndexByte(common, texts[0][rarest]) >= seldom {
			return letter{[]byte(texts[0]), rarest}.index
		}
	}
	return newPairs(texts).index
}

// common are the bytes of transcripts that names of tools hold, the most frequent first, roughly. Those from seldom on are
// less than one in five hundred.
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

// letter finds a text by its rarest byte, for which the processor has a fast search.
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

// pairs finds texts in steps: wherever one is, one of the places looked at falls on a pair of its bytes. Of the name of a
// server with its tools every eleventh place or so has to be looked at.
type pairs struct {
	step    int              // between places: the number of pairs in the shortest text
	guesses [1 << 16]uint8   // by pair: which of the guessed, from 1; most are none
	guessed [][]partialMatch // a pair may be in several texts, or twice in one
}

// partialMatch is a pair of a text, by its offset.
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
	guess := &p.guesses[pairAt(match.text, match.offset)]
	if *guess == 0 {
		if len(p.guessed) < 255 { // the last one is for all that are too many to be told apart
			p.guessed = append(p.guessed, nil)
		}
		*guess = uint8(len(p.guessed))
	}
	p.guessed[*guess-1] = append(p.guessed[*guess-1], match)
}

func (p *pairs) index(text []byte) int {
	at := 0
	if whole := len(text) - 3*p.step; whole > 1 {
		// Four places at a time. Four slices of one length need fewer checks of bounds than one.
		a, b, c, d := text[:whole], text[p.step:][:whole], text[2*p.step:][:whole], text[3*p.step:][:whole]
		for ; at < whole-1; at += 4 * p.step {
			if p.guesses[pairAt(a, at)]|p.guesses[pairAt(b, at)]|p.guesses[pairAt(c, at)]|p.guesses[pairAt(d, at)] == 0 {
				continue
			}
			if found := p.check(text, at, at+4*p.step); found >= 0 {
				return found
			}
		}
	}
	return p.check(text, at, len(text)-1)
}

// check looks closer at the places from one on to before another.
func (p *pairs) check(text []byte, at, end int) int {
	for ; at < end; at += p.step {
		guess := p.guesses[pairAt(text, at)]
		if guess == 0 {
			continue
		}
		for _, match := range p.guessed[guess-1] {
			if start := at - match.offset; start >= 0 && bytes.HasPrefix(text[start:], match.text) {
				return start
			}
		}
	}
	return -1
}

func pairAt(text []byte, at int) uint16 { return binary.LittleEndian.Uint16(text[at:]) }
