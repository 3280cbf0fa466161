package tokens

import (
	"hash/maphash"
	"sync/atomic"
)

// Most words of a text were seen before, so a tokenizer remembers how many tokens they are. The memory is a table with a
// fixed number of slots; a word takes the place of another one with the same slot. So it needs no lock, no list of what
// is old, and at most some megabytes.
type memory struct {
	seed  maphash.Seed
	slots []atomic.Pointer[remembered]
}

type remembered struct {
	word   string
	tokens int
}

const (
	memorySlots       = 1 << 16
	longestRemembered = 64 // bytes; longer words seldom come back
)

func newMemory() memory {
	return memory{seed: maphash.MakeSeed(), slots: make([]atomic.Pointer[remembered], memorySlots)}
}

// recall gives a word's slot, and what it holds if that is about this word.
func (m *memory) recall(word string) (*atomic.Pointer[remembered], *remembered) {
	slot := &m.slots[maphash.String(m.seed, word)%memorySlots]
	if known := slot.Load(); known != nil && known.word == word {
		return slot, known
	}
	return slot, nil
}
