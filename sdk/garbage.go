package sdk

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// gcPercent lets garbage grow to three times what is in use before it is collected. A plugin, and the host, hold a
// few frames of examples and make garbage of all that pass: by default a fifth of their time would go into collecting it.
const gcPercent = 300

// gcMemory is, in bytes, what a process may take with its garbage while little is in use.
const gcMemory = 96 << 20

// BoundGarbage says how much garbage this process may have, unless the environment says it: much of what is in use while
// that is little, and half of it when it is a lot, such as a large index. A limit below what is in use would have the
// collector run all the time.
func BoundGarbage() {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	debug.SetGCPercent(gcPercent)
	limit := int64(gcMemory)
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

func memoryLimit(live uint64) int64 { return int64(max(gcMemory, live+live/2)) }

// afterCollection calls do after each garbage collection: something that nobody refers to is cleaned up by each.
func afterCollection(do func()) {
	type nobodys struct{ _ [16]byte } // large enough to be an allocation of its own
	runtime.AddCleanup(&nobodys{}, func(struct{}) {
		do()
		afterCollection(do)
	}, struct{}{})
}
