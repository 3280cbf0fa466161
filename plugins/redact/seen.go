package redact

import (
	"hash/maphash"
	"sync/atomic"
)

// seen remembers long texts in which nothing was found. Outputs repeat themselves: a result stands in the messages of a
// row and beside its call, and the same example in several outputs. It forgets what has been overwritten.
type seen struct {
	slots [seenSlots]atomic.Uint64 // hashes
}

const (
	seenSlots = 1 << 14
	leastSeen = 256 // bytes of a text that is worth it
)

var seenSeed = maphash.MakeSeed()

// clean reports whether nothing was found in the text before.
func (s *seen) clean(text string) bool {
	if s == nil || len(text) < leastSeen {
		return false
	}
	hash := maphash.String(seenSeed, text)
	return s.slots[hash%seenSlots].Load() == hash
}

func (s *seen) add(text string) {
	if s != nil && len(text) >= leastSeen {
		hash := maphash.String(seenSeed, text)
		s.slots[hash%seenSlots].Store(hash)
	}
}
