//go:build unix

package process

import (
	"bufio"
	"bytes"
	"fmt"
)

// listMemory holds the arguments with which ps lists the group and the resident memory of every process, without a
// header. Each column needs an argument of its own, because everything after an equals sign is the header, even commas.
var listMemory = []string{"-A", "-o", "pgid=", "-o", "rss="}

// memoryOf returns the memory of a process group, in bytes, from what ps has listed.
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
