package detect

import (
	"iter"
	"math/bits"
)

// byteSet is a set of bytes.
type byteSet [256 / 64]uint64

// anyByte has all bytes.
var anyByte = byteSet{^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0)}

func (s *byteSet) has(c byte) bool { return s[c>>6]&(1<<(c&63)) != 0 }

func (s *byteSet) add(c byte) { s[c>>6] |= 1 << (c & 63) }

func (s *byteSet) addAll(other byteSet) {
	for i, word := range other {
		s[i] |= word
	}
}

// addHigh adds the bytes of which characters beyond ASCII are made.
func (s *byteSet) addHigh() { s[2], s[3] = ^uint64(0), ^uint64(0) }

func (s byteSet) size() int {
	return bits.OnesCount64(s[0]) + bits.OnesCount64(s[1]) + bits.OnesCount64(s[2]) + bits.OnesCount64(s[3])
}

// all iterates over the set in order.
func (s byteSet) all() iter.Seq[byte] {
	return func(yield func(byte) bool) {
		for i, word := range s {
			for ; word != 0; word &= word - 1 {
				if !yield(byte(i*64 + bits.TrailingZeros64(word))) {
					return
				}
			}
		}
	}
}
