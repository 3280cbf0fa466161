//go:build unix && !linux

package process

import (
	"bufio"
	"bytes"
	"fmt"
	"os/exec"
	"time"
)

// sampleTime is how often the memory of a process with a limit is looked at: each time another process is started for it.
const sampleTime = time.Second

// groupMemory measures the resident memory of a process group.
type groupMemory struct{ group int }

// used is the memory in bytes.
func (g *groupMemory) used() (int64, error) {
	out, err := exec.Command("ps", "-A", "-o", "pgid=,rss=").Output()
	if err != nil {
		return 0, errNoMemory
	}
	var sum int64
	lines := bufio.NewScanner(bytes.NewReader(out))
	for lines.Scan() {
		var of int
		var kilobytes int64
		if _, err := fmt.Sscan(lines.Text(), &of, &kilobytes); err == nil && of == g.group {
			sum += kilobytes << 10
		}
	}
	return sum, nil
}
