package process

import (
	"os"
	"os/exec"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

// A group is a process with everything that it starts. They are in a job object that ends them when its last handle is
// closed. The host never closes the handle, so that happens when the host is gone, however it ended.
type group struct {
	cmd *exec.Cmd
	job windows.Handle // 0 if there is none; the plugin still sees the end of its standard input
}

// isolate keeps a Ctrl-C in the console away from a process that is not started yet: the host ends its plugins in good
// order.
func isolate(cmd *exec.Cmd) *group {
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: windows.CREATE_NEW_PROCESS_GROUP}
	job, err := windows.CreateJobObject(nil, nil)
	if err != nil {
		return &group{cmd: cmd}
	}
	info := windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION{}
	info.BasicLimitInformation.LimitFlags = windows.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE
	_, err = windows.SetInformationJobObject(job, windows.JobObjectExtendedLimitInformation,
		uintptr(unsafe.Pointer(&info)), uint32(unsafe.Sizeof(info)))
	if err != nil {
		_ = windows.CloseHandle(job)
		return &group{cmd: cmd}
	}
	return &group{cmd: cmd, job: job}
}

// adopt puts the process, which has just started, into the job.
func (g *group) adopt() {
	if g.job == 0 {
		return
	}
	process, err := windows.OpenProcess(windows.PROCESS_SET_QUOTA|windows.PROCESS_TERMINATE, false, uint32(g.cmd.Process.Pid))
	if err != nil {
		return
	}
	defer windows.CloseHandle(process)
	_ = windows.AssignProcessToJobObject(g.job, process)
}

// kill ends the process and what it has started. If they are gone already, there is nothing to report.
func (g *group) kill() {
	_ = g.cmd.Process.Kill()
	if g.job != 0 {
		_ = windows.TerminateJobObject(g.job, 1)
	}
}

func killedBy(*os.ProcessState) string { return "" }
