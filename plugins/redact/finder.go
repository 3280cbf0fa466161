package redact

import (
	"hash/maphash"
	"sync/atomic"

	"github.com/ftprep/ftprep/plugins/redact/detect"
)

// A finder finds what a detector does, and remembers long texts that hold nothing, for logs and outputs repeat themselves:
// an earlier turn is the context of the next, a result stands in the messages of a row and beside its call, and an example
// in several outputs. It is safe for several goroutines, and forgets what has been overwritten.
type finder struct {
	detector *detect.Detector
	clean    [remembered]atomic.Uint64 // hashes of texts with their names; a chance of 2^-50 to take one for another
}

const (
	remembered  = 1 << 14
	leastLength = 256 // bytes of a text that is worth remembering
)

var hashSeed = maphash.MakeSeed()

func newFinder(o detect.Options) *finder {
	detector, err := detect.New(o)
	if err != nil {
		panic("redact: " + err.Error()) // the options were checked
	}
	return &finder{detector: detector}
}

// find finds everything in a text.
func (f *finder) find(text string) []detect.Finding { return f.findValue("", text) }

// findValue finds everything in the value of a field whose name may say what it is.
func (f *finder) findValue(name, value string) []detect.Finding {
	if len(value) < leastLength {
		return f.detector.FindValue(name, value)
	}
	hash := maphash.String(hashSeed, value)
	if name != "" {
		hash ^= maphash.String(hashSeed, name)
	}
	slot := &f.clean[hash%remembered]
	if slot.Load() == hash {
		return nil
	}
	found := f.detector.FindValue(name, value)
	if len(found) == 0 {
		slot.Store(hash)
	}
	return found
}
