package process

import (
	"errors"
	"fmt"
	"time"
)

// Limits bounds what a plugin's process may use. A zero value means no limit.
type Limits struct {
	Memory int64         // of the process and those that it has started, in bytes; on Linux without memory shared with files
	Time   time.Duration // how long the process may run
}

// errNoMemory says that the memory of processes cannot be measured on this system.
var errNoMemory = errors.New("this system does not tell how much memory a process uses")

// limit ends the process when it exceeds a limit, and returns when the process has ended.
func (c *child) limit() {
	limits := c.command.Limits
	var late, samples <-chan time.Time // they stay nil if there is no limit
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
			c.end(fmt.Sprintf("ran for longer than %s, the timeout in its plugin block, and was ended", limits.Time))
			return
		case <-samples:
			used, err := memory.used()
			if err == nil && used > limits.Memory {
				c.end(fmt.Sprintf("used %d MiB of memory, more than the %d MiB in its plugin block, and was ended", used>>20, limits.Memory>>20))
				return
			}
		}
	}
}

// end ends the process and keeps the reason.
func (c *child) end(reason string) {
	c.mu.Lock()
	c.endReason = reason
	c.mu.Unlock()
	c.group.kill()
}

// check returns an error if a limit cannot be enforced on this system.
func (l Limits) check() error {
	if l.Memory == 0 {
		return nil
	}
	if _, err := new(groupMemory).used(); err != nil {
		return fmt.Errorf("its memory cannot be limited: %w; remove memory from the plugin block", err)
	}
	return nil
}
