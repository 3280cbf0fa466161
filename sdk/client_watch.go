package sdk

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"
)

// watchSteps is the number of steps in which a watchdog waits.
const watchSteps = 10

// A watchdog ends a stream if no message comes for too long while the host waits for one. It waits in steps, so that time
// in which the host itself is stopped, as by Ctrl-Z, does not count: a step that takes far too long is not counted.
type watchdog struct {
	silent func()
	stop   func() // stops watching and ends the stream

	mu    sync.Mutex
	timer *time.Timer
	step  time.Duration
	began time.Time // when the current step began
	left  int       // how many steps are left; 0 if the host does not wait
}

func (c *Client) watch(ctx context.Context) (context.Context, *watchdog) {
	ctx, cancel := context.WithCancelCause(ctx)
	w := &watchdog{step: c.idle / watchSteps, silent: func() { cancel(fmt.Errorf("%w for %s, the idle_timeout of its plugin block", ErrSilent, c.idle)) }}
	w.timer = time.AfterFunc(w.step, w.tick)
	w.stop = func() {
		w.endWait()
		cancel(nil)
	}
	return ctx, w
}

// beginWait starts the wait for a message.
func (w *watchdog) beginWait() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.left = watchSteps
	w.next()
}

// endWait ends the wait for a message.
func (w *watchdog) endWait() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.left = 0
	w.timer.Stop()
}

// tick is called when a step ends.
func (w *watchdog) tick() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.left == 0 {
		return
	}
	if time.Since(w.began) < 2*w.step {
		w.left--
	}
	if w.left == 0 {
		w.silent()
		return
	}
	w.next()
}

// next starts a step.
func (w *watchdog) next() {
	w.began = time.Now()
	w.timer.Reset(w.step)
}

// unopened stops watching a stream that could not be opened, and returns the reason.
func (w *watchdog) unopened(ctx context.Context, err error) error {
	defer w.stop() // deferred, because fromStatus would return the cancellation instead
	return fromStatus(ctx, err)
}

// await receives one message while the watchdog watches.
func await[R any](w *watchdog, recv func() (R, error)) (R, error) {
	w.beginWait()
	defer w.endWait()
	return recv()
}

// untilEnd passes the remaining messages of a stream to take. The plugin has as much time for all of them as for one
// message.
func untilEnd[R any](w *watchdog, recv func() (R, error), take func(R) error) error {
	w.beginWait()
	defer w.endWait()
	for {
		message, err := recv()
		if err == io.EOF {
			return nil
		}
		if err == nil {
			err = take(message)
		}
		if err != nil {
			return err
		}
	}
}
