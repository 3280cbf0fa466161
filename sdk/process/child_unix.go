//go:build unix

package process

import (
	"os"
	"os/exec"
	"syscall"
)

// A group is the process group that a plugin's process leads, with everything that the process starts.
type group struct{ cmd *exec.Cmd }

// isolate gives a process that is not started yet a group of its own. So a Ctrl-C in the terminal reaches only the host,
// which ends its plugins in good order, and everything that a plugin has started can be ended with it.
func isolate(cmd *exec.Cmd) *group {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return &group{cmd}
}

func (*group) adopt() {}

// kill ends the process and its group. If they are gone already, there is nothing to report.
func (g *group) kill() { _ = syscall.Kill(-g.cmd.Process.Pid, syscall.SIGKILL) }

// killedBy returns the name of the signal that ended a process, or "". A guard that the host puts around a plugin reports
// the signal as exit code 128 plus its number, as shells do.
func killedBy(state *os.ProcessState) string {
	status, ok := state.Sys().(syscall.WaitStatus)
	if ok && status.Signaled() {
		return status.Signal().String()
	}
	if code := state.ExitCode(); code > 128 && code < 160 {
		return syscall.Signal(code - 128).String()
	}
	return ""
}
