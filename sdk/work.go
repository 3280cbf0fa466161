package sdk

import (
	"context"
	"runtime/debug"
	"sync"
	"time"
)

// freeDelay is how long a plugin waits after the last call before it returns unused memory to the system. By then its part
// of the run is probably over, and another plugin begins to need as much.
const freeDelay = 50 * time.Millisecond

// work counts the calls in flight.
type work struct {
	mu        sync.Mutex
	n         int
	none      chan struct{} // closed when no call is in flight; nil if nobody waits
	idleTimer *time.Timer   // runs while no call is in flight
}

// begin counts the beginning of a call; the returned function counts its end.
func (w *work) begin() (end func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.n++
	if w.idleTimer != nil {
		w.idleTimer.Stop()
	}
	return w.end
}

func (w *work) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.n--; w.n > 0 {
		return
	}
	if w.none != nil {
		close(w.none)
		w.none = nil
	}
	w.idleTimer = time.AfterFunc(freeDelay, debug.FreeOSMemory)
}

// wait waits until no call is in flight.
func (w *work) wait(ctx context.Context) error {
	w.mu.Lock()
	if w.n == 0 {
		w.mu.Unlock()
		return nil
	}
	if w.none == nil {
		w.none = make(chan struct{})
	}
	none := w.none
	w.mu.Unlock()
	select {
	case <-none:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
