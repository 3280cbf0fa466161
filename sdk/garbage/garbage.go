// Package garbage tunes the garbage collector for processes that make a lot of garbage: plugins and their host.
package garbage

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// percent is the value for GOGC: garbage may grow to three times what is in use before it is collected. A plugin, and the
// host, hold a few frames of examples and make garbage of all that pass. With the default, a fifth of their time would go
// into collecting it.
const percent = 300

// leastLimit is how much memory, in bytes, a process may take with its garbage while little is in use.
const leastLimit = 96 << 20

// Bound limits how much garbage this process may have, unless GOGC or GOMEMLIMIT is set. While little memory is in use,
// garbage may be several times as much; if a lot is in use, such as a large index, half as much. The limit is never below
// what is in use, for then the collector would run all the time.
func Bound() {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	debug.SetGCPercent(percent)
	limit := int64(leastLimit)
	debug.SetMemoryLimit(limit)
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	afterCollection(func() {
		metrics.Read(live)
		if now := memoryLimit(live[0].Value.Uint64()); now != limit { // setting it stops the world
			limit = now
			debug.SetMemoryLimit(limit)
		}
	})
}

func memoryLimit(live uint64) int64 { return int64(max(leastLimit, live+live/2)) }

// afterCollection calls do after each garbage collection, by the cleanup of an object that nobody refers to.
func afterCollection(do func()) {
	type nobodys struct{ _ [16]byte } // so large that it gets an allocation of its own
	runtime.AddCleanup(&nobodys{}, func(struct{}) {
		do()
		afterCollection(do)
	}, struct{}{})
}
