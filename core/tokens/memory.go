package tokens

import (
	"hash/maphash"
	"strings"
	"sync/atomic"
)

// memory remembers how many tokens words are, since most words of a text were seen before. It is two tables with a fixed
// number of slots; a word takes the place of another one with the same slot. So it needs no lock, no list of what is
// old, and at most some megabytes.
type memory struct {
	seed  maphash.Seed
	short [slots]atomic.Uint64 // a word of up to 7 bytes, its length and its tokens, in one number
	long  [slots]atomic.Pointer[remembered]
}

type remembered struct {
	word   string
	tokens int
}

const (
	slotBits = 16
	slots    = 1 << slotBits
	shorter  = 8  // bytes; words from here on go into the other table
	longest  = 64 // bytes; longer words seldom come back

	lengthAt = 56 // where the length is in a short word's number
	tokensAt = 60 // where its tokens are
)

func newMemory() *memory {
	return &memory{seed: maphash.MakeSeed()}
}

// count gives what is remembered of a word that is not empty, else asks the model.
func (m *memory) count(word string, model *bpe) int {
	switch {
	case len(word) < shorter:
		return m.countShort(word, model)
	case len(word) <= longest:
		return m.countLong(word, model)
	}
	return model.count(word)
}

func (m *memory) countShort(word string, model *bpe) int {
	key := uint64(len(word)) << lengthAt
	for i := range len(word) {
		key |= uint64(word[i]) << (8 * i)
	}
	slot := &m.short[key*golden>>(64-slotBits)]
	if known := slot.Load(); known<<(64-tokensAt) == key<<(64-tokensAt) {
		return int(known >> tokensAt)
	}
	tokens := model.count(word)
	slot.Store(key | uint64(tokens)<<tokensAt)
	return tokens
}

func (m *memory) countLong(word string, model *bpe) int {
	slot := &m.long[maphash.String(m.seed, word)%slots]
	if known := slot.Load(); known != nil && known.word == word {
		return known.tokens
	}
	tokens := model.count(word)
	slot.Store(&remembered{word: strings.Clone(word), tokens: tokens})
	return tokens
}
