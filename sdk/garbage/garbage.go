// Package garbage bounds the garbage of a process that makes a lot of it: of plugins and of their host.
package garbage

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// percent lets garbage grow to three times what is in use before it is collected. A plugin, and the host, hold a
// few frames of examples and make garbage of all that pass: by default a fifth of their time would go into collecting it.
const percent = 300

// leastLimit is, in bytes, what a process may take with its garbage while little is in use.
const leastLimit = 96 << 20

// Bound says how much garbage this process may have, unless the environment says it: much of what is in use while
// that is little, and half of it when it is a lot, such as a large index. A limit below what is in use would have the
// collector run all the time.
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
		if now := memoryLimit(live[0].Value.Uint64()); now != limit { // to set it stops the world
			limit = now
			debug.SetMemoryLimit(limit)
		}
	})
}

func memoryLimit(live uint64) int64 { return int64(max(leastLimit, live+live/2)) }

// afterCollection calls do after each garbage collection: something that nobody refers to is cleaned up by each.
func afterCollection(do func()) {
	type nobodys struct{ _ [16]byte } // large enough to be an allocation of its own
	runtime.AddCleanup(&nobodys{}, func(struct{}) {
		do()
		afterCollection(do)
	}, struct{}{})
}
