package process

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"syscall"
	"time"
)

// sampleTime is how often the memory of a process with a limit is measured.
const sampleTime = 50 * time.Millisecond

// samplesPerScan is after how many samples new processes are looked for, which is the costly part. It is done at each of
// the first samplesPerScan samples, too, because the group's leader may only be about to start the plugin.
const samplesPerScan = int(time.Second / sampleTime)

// groupMemory measures the anonymous memory of a process group.
type groupMemory struct {
	group   int
	members []int // the processes found by the last scan
	samples int
}

// used returns the memory in bytes, without that of processes started since the last scan.
func (g *groupMemory) used() (int64, error) {
	if g.samples < samplesPerScan || g.samples%samplesPerScan == 0 {
		if err := g.scan(); err != nil {
			return 0, err
		}
	}
	g.samples++
	var sum int64
	for _, pid := range g.members {
		if g.has(pid) { // the number may belong to another process by now
			sum += anonymous(pid)
		}
	}
	return sum, nil
}

func (g *groupMemory) has(pid int) bool {
	group, err := syscall.Getpgid(pid)
	return err == nil && group == g.group
}

// scan looks for the processes of the group.
func (g *groupMemory) scan() error {
	folder, err := os.Open("/proc")
	if err != nil {
		return errNoMemory
	}
	defer folder.Close()
	names, err := folder.Readdirnames(-1)
	if err != nil {
		return errNoMemory
	}
	g.members = g.members[:0]
	numbers := 0
	for _, name := range names {
		pid, err := strconv.Atoi(name)
		if err != nil {
			continue
		}
		numbers++
		if g.has(pid) {
			g.members = append(g.members, pid)
		}
	}
	if numbers == 0 { // /proc is not mounted
		return errNoMemory
	}
	return nil
}

// anonymous returns the memory of a process in bytes, without what it shares with files, or 0 if the process is gone. The
// second and third field of statm count pages: those in memory, and those of them that belong to files
// (proc_pid_statm(5)).
func anonymous(pid int) int64 {
	data, _ := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	fields := bytes.Fields(data)
	if len(fields) < 3 {
		return 0
	}
	resident, _ := strconv.ParseInt(string(fields[1]), 10, 64)
	shared, _ := strconv.ParseInt(string(fields[2]), 10, 64)
	return (resident - shared) * int64(os.Getpagesize())
}
