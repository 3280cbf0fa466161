package sdk

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"
)

// watchSteps is in how many steps a watchdog waits.
const watchSteps = 10

// watchdog ends a stream on which nothing comes for too long while the host waits. It waits in steps, so that no time counts in
// which the host itself was stopped, as by Ctrl-Z: then a step takes far longer than it should.
type watchdog struct {
	silent func()
	stop   func() // stops watching, and ends the stream

	mu    sync.Mutex
	timer *time.Timer
	step  time.Duration
	began time.Time // the step at hand
	left  int       // steps; 0: the host does not wait
}

func (c *Client) watch(ctx context.Context) (context.Context, *watchdog) {
	ctx, cancel := context.WithCancelCause(ctx)
	w := &watchdog{step: c.idle / watchSteps, silent: func() { cancel(fmt.Errorf("%w for %s, the idle_timeout of its plugin block", ErrSilent, c.idle)) }}
	w.timer = time.AfterFunc(w.step, w.tick)
	w.stop = func() {
		w.rest()
		cancel(nil)
	}
	return ctx, w
}

// begin begins to wait.
func (w *watchdog) begin() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.left = watchSteps
	w.next()
}

// rest waits no more.
func (w *watchdog) rest() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.left = 0
	w.timer.Stop()
}

// tick ends a step.
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

// next begins a step.
func (w *watchdog) next() {
	w.began = time.Now()
	w.timer.Reset(w.step)
}

// unopened stops watching a stream that could not be opened, and explains why.
func (w *watchdog) unopened(ctx context.Context, err error) error {
	defer w.stop() // after it nothing but that would be told
	return fromStatus(ctx, err)
}

// await receives one message under the watchdog's eye.
func await[R any](w *watchdog, recv func() (R, error)) (R, error) {
	w.begin()
	defer w.rest()
	return recv()
}

// untilEnd hands over what is left of a stream. For all of it the plugin has as long as for one message.
func untilEnd[R any](w *watchdog, recv func() (R, error), take func(R) error) error {
	w.begin()
	defer w.rest()
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
