//go:build unix && !linux

package process

import (
	"os/exec"
	"time"
)

// sampleTime is how often the memory of a process with a limit is measured. Each time ps is run for it.
const sampleTime = time.Second

// groupMemory measures the resident memory of a process group.
type groupMemory struct{ group int }

// used returns the memory in bytes.
func (g *groupMemory) used() (int64, error) {
	out, err := exec.Command("ps", listMemory...).Output()
	if err != nil {
		return 0, errNoMemory
	}
	return memoryOf(g.group, out), nil
}
