package process

import (
	"errors"
	"fmt"
	"time"
)

// Limits bound a plugin's process; zero values bound nothing.
type Limits struct {
	Memory int64         // in bytes: of the process and those that it started, without what they share with files
	Time   time.Duration // that the process may run
}

// errNoMemory says that this system does not tell how much memory processes take.
var errNoMemory = errors.New("this system does not tell how much memory a process takes")

// limit ends a process that exceeds a limit.
func (c *child) limit() {
	limits := c.command.Limits
	var late, samples <-chan time.Time // nil: never
	if limits.Time > 0 {
		timer := time.NewTimer(limits.Time)
		defer timer.Stop()
		late = timer.C
	}
	if limits.Memory > 0 {
		ticker := time.NewTicker(sampleTime)
		defer ticker.Stop()
		samples = ticker.C
	}
	memory := &groupMemory{group: c.cmd.Process.Pid}
	for {
		select {
		case <-c.exited:
			return
		case <-late:
			c.end(fmt.Sprintf("worked for longer than %s, the timeout in its plugin block, and was ended", limits.Time))
			return
		case <-samples:
			used, err := memory.used()
			if err == nil && used > limits.Memory {
				c.end(fmt.Sprintf("took %d MiB of memory, more than the %d MiB in its plugin block, and was ended", used>>20, limits.Memory>>20))
				return
			}
		}
	}
}

// end ends the process by a verdict.
func (c *child) end(verdict string) {
	c.mu.Lock()
	c.verdict = verdict
	c.mu.Unlock()
	c.group.kill()
}

// check reports a limit that cannot be kept here.
func (l Limits) check() error {
	if l.Memory == 0 {
		return nil
	}
	if _, err := new(groupMemory).used(); err != nil {
		return fmt.Errorf("its memory cannot be limited: %w; remove memory from the plugin block", err)
	}
	return nil
}
