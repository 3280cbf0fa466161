//go:build unix

package process

import (
	"os"
	"os/exec"
	"syscall"
)

// A group is the process group that a process leads, with whatever it starts.
type group struct{ cmd *exec.Cmd }

// isolate gives the process, which is not started yet, a group of its own: a Ctrl-C in the terminal reaches the host only, which
// ends its plugins in good order, and whatever a plugin starts can be ended with it.
func isolate(cmd *exec.Cmd) *group {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return &group{cmd}
}

func (*group) adopt() {}

// kill ends the process and its group; when it is gone already there is nothing to report.
func (g *group) kill() { _ = syscall.Kill(-g.cmd.Process.Pid, syscall.SIGKILL) }

// killedBy names the signal that ended a process; a guard reports it as 128 plus its number, as shells do.
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
