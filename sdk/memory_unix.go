//go:build unix && !linux

package sdk

import (
	"bufio"
	"bytes"
	"fmt"
	"os/exec"
)

// groupMemory is the resident memory of a process group, in bytes.
func groupMemory(group int) (int64, error) {
	out, err := exec.Command("ps", "-A", "-o", "pgid=,rss=").Output()
	if err != nil {
		return 0, errNoMemory
	}
	var sum int64
	lines := bufio.NewScanner(bytes.NewReader(out))
	for lines.Scan() {
		var of int
		var kilobytes int64
		if _, err := fmt.Sscan(lines.Text(), &of, &kilobytes); err == nil && of == group {
			sum += kilobytes << 10
		}
	}
	return sum, nil
}
