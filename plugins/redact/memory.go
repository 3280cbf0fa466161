package redact

import (
	"hash/maphash"
	"sync/atomic"
)

// A memory remembers texts by their hashes. It forgets what has been overwritten, and takes one text for another with a
// chance of 2^-50. It is safe for several goroutines.
type memory [1 << 14]atomic.Uint64

// leastLength is how many bytes a text must have to be worth remembering.
const leastLength = 256

var hashSeed = maphash.MakeSeed()

// of returns the entry of a value with its name.
func (m *memory) of(name, value string) entry {
	if len(value) < leastLength {
		return entry{}
	}
	hash := maphash.String(hashSeed, value)
	if name != "" {
		hash ^= maphash.String(hashSeed, name)
	}
	return entry{slot: &m[hash%uint64(len(m))], hash: hash}
}

// An entry is where one text is remembered; the zero value remembers nothing.
type entry struct {
	slot *atomic.Uint64
	hash uint64
}

// known reports whether the text was put there and has not been overwritten.
func (e entry) known() bool { return e.slot != nil && e.slot.Load() == e.hash }

func (e entry) put() {
	if e.slot != nil {
		e.slot.Store(e.hash)
	}
}
