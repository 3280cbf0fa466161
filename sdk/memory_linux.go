package sdk

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
)

// groupMemory is the anonymous memory of a process group, in bytes.
func groupMemory(group int) (int64, error) {
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil || len(stats) == 0 {
		return 0, errNoMemory
	}
	var sum int64
	for _, stat := range stats {
		if processGroup(stat) == group {
			sum += anonymous(filepath.Join(filepath.Dir(stat), "status"))
		}
	}
	return sum, nil
}

// processGroup reads the fifth field of a stat file; the second, the name, is in parentheses and may hold anything.
func processGroup(stat string) int {
	data, _ := os.ReadFile(stat) // it may be gone
	fields := bytes.Fields(data[bytes.LastIndexByte(data, ')')+1:])
	if len(fields) < 3 {
		return -1
	}
	group, _ := strconv.Atoi(string(fields[2]))
	return group
}

// anonymous reads the RssAnon of a status file, in bytes.
func anonymous(status string) int64 {
	data, _ := os.ReadFile(status)
	_, rest, found := bytes.Cut(data, []byte("\nRssAnon:"))
	if !found {
		return 0
	}
	kilobytes, _ := strconv.ParseInt(string(bytes.Fields(rest)[0]), 10, 64)
	return kilobytes << 10
}
