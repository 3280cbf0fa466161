package sdk

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

// sampleTime is how often the memory of a process with a limit is looked at.
const sampleTime = 50 * time.Millisecond

// errNoMemory says that this system does not tell how much memory processes take.
var errNoMemory = errors.New("this system does not tell how much memory a process takes")

// limit ends a process that exceeds a limit.
func (c *child) limit() {
	limits := c.command.Limits
	if limits == (Limits{}) {
		return
	}
	began := time.Now()
	ticker := time.NewTicker(sampleTime)
	defer ticker.Stop()
	for {
		select {
		case <-c.exited:
			return
		case <-ticker.C:
			if verdict := limits.exceeded(c.cmd.Process.Pid, time.Since(began)); verdict != "" {
				c.mu.Lock()
				c.verdict = verdict
				c.mu.Unlock()
				killAll(c.cmd)
				return
			}
		}
	}
}

// exceeded says which limit a process exceeds.
func (l Limits) exceeded(pid int, age time.Duration) string {
	if l.Time > 0 && age > l.Time {
		return fmt.Sprintf("worked for longer than %s, the timeout in its plugin block, and was ended", l.Time)
	}
	if l.Memory == 0 {
		return ""
	}
	used, err := groupMemory(pid)
	if err == nil && used > l.Memory {
		return fmt.Sprintf("took %d MiB of memory, more than the %d MiB in its plugin block, and was ended", used>>20, l.Memory>>20)
	}
	return ""
}

// check reports a limit that cannot be kept here.
func (l Limits) check() error {
	if l.Memory == 0 {
		return nil
	}
	if _, err := groupMemory(0); err != nil {
		return fmt.Errorf("its memory cannot be limited: %w; remove memory from the plugin block", err)
	}
	return nil
}
