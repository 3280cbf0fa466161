package claude

import (
	"bytes"
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
	guess := &p.guesses[pairAt(match.text, uint(match.offset))]
	if *guess == 0 {
		if len(p.guessed) < 255 { // the last one is for all that are too many to be told apart
			p.guessed = append(p.guessed, nil)
		}
		*guess = uint8(len(p.guessed))
	}
	p.guessed[*guess-1] = append(p.guessed[*guess-1], match)
}

func (p *pairs) index(text []byte) int {
	for at := 0; at < len(text)-1; at += together * p.step {
		at = p.suspect(text, at)
		if found := p.check(text, at, min(at+together*p.step, len(text)-1)); found >= 0 {
			return found
		}
	}
	return -1
}

// together is how many places are looked at together.
const together = 4

// suspect goes from one place on to the next one where a look at the places together finds a pair of a text, or to where
// too few places are left. The slices have one length and the place no sign, so that hardly a bound need be checked.
func (p *pairs) suspect(text []byte, from int) int {
	at, end := uint(from), uint(max(0, len(text)-(together-1)*p.step))
	if end == 0 {
		return from
	}
	a, b, c, d := text[:end], text[p.step:][:end], text[2*p.step:][:end], text[3*p.step:][:end]
	for step := uint(together * p.step); at+1 < end; at += step {
		if p.guesses[pairAt(a, at)]|p.guesses[pairAt(b, at)]|p.guesses[pairAt(c, at)]|p.guesses[pairAt(d, at)] != 0 {
			break
		}
	}
	return int(at)
}

// check looks closer at the places from one on to before another.
func (p *pairs) check(text []byte, at, end int) int {
	for ; at < end; at += p.step {
		guess := p.guesses[pairAt(text, uint(at))]
		if guess == 0 {
			continue
		}
		for _, match := range p.guessed[guess-1] {
			start := at - match.offset
			if start >= 0 && text[start] == match.text[0] && bytes.HasPrefix(text[start:], match.text) { // one byte mostly tells
				return start
			}
		}
	}
	return -1
}

// pairAt puts the bytes together by itself: to cut the text for [binary.LittleEndian] takes longer.
func pairAt(text []byte, at uint) uint16 { return uint16(text[at]) | uint16(text[at+1])<<8 }
