package sdk

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// gcPercent lets garbage grow to three times what is in use before it is collected. A process holds a few frames of
// examples and makes garbage of all that pass: by default a fifth of a plugin's time would go into collecting it.
const gcPercent = 300

// pluginMemory is what a plugin may take with its garbage.
const pluginMemory = 96 << 20

// BoundGarbage says how much garbage this process may have, unless the environment says it: three times what is in use
// while both together stay below memory, in bytes, and half of it when that is a lot, such as a large index. A limit below
// what is in use would have the collector run all the time.
func BoundGarbage(memory int64) {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	debug.SetGCPercent(gcPercent)
	limit := memory
	debug.SetMemoryLimit(limit)
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	afterCollection(func() {
		metrics.Read(live)
		if now := memoryLimit(memory, int64(live[0].Value.Uint64())); now != limit { // to set it stops the world
			limit = now
			debug.SetMemoryLimit(limit)
		}
	})
}

func memoryLimit(memory, live int64) int64 { return max(memory, live+live/2) }

// afterCollection calls do after each garbage collection: something that nobody refers to is cleaned up by each.
func afterCollection(do func()) {
	type nobodys struct{ _ [16]byte } // large enough to be an allocation of its own
	runtime.AddCleanup(&nobodys{}, func(struct{}) {
		do()
		afterCollection(do)
	}, struct{}{})
}
