//go:build unix

package process

import (
	"os"
	"os/exec"
	"syscall"
)

// isolate gives the process a group of its own: a Ctrl-C in the terminal reaches the host only, which ends its plugins
// in good order, and whatever a plugin starts can be ended with it.
func isolate(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

func adopt(*exec.Cmd) {}

// killAll ends the process and its group; when it is gone already there is nothing to report.
func killAll(cmd *exec.Cmd) { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }

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
