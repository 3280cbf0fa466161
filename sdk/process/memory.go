//go:build unix

package process

import (
	"bufio"
	"bytes"
	"fmt"
)

// listMemory makes ps list the group and the resident memory of every process, without a header. Each column has an argument
// of its own: what follows an equals sign is the header, commas too.
var listMemory = []string{"-A", "-o", "pgid=", "-o", "rss="}

// memoryOf adds up, in bytes, what ps lists of a process group.
func memoryOf(group int, listed []byte) int64 {
	var sum int64
	lines := bufio.NewScanner(bytes.NewReader(listed))
	for lines.Scan() {
		var of int
		var kilobytes int64
		if _, err := fmt.Sscan(lines.Text(), &of, &kilobytes); err == nil && of == group {
			sum += kilobytes << 10
		}
	}
	return sum
}
