//go:build unix

package host

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/ftprep/ftprep/sdk/process"
)

// GuardArgument is the first argument with which the host runs this program again to guard a plugin.
const GuardArgument = "guard-plugin"

// guarded puts a guard around a plugin, which may not end with the host by itself. The guard leads the process group that
// the plugin is in and ends it when the host is gone.
func guarded(command process.Command) process.Command {
	self, err := os.Executable()
	if err != nil {
		return command // a plugin made with the SDK ends by itself when its standard input does
	}
	command.Args = append([]string{GuardArgument, cmp.Or(command.End, lastTime).String(), command.Path}, command.Args...)
	command.Path = self
	return command
}

// lastTime is how long a plugin may run after its standard input has ended, unless the host lives and gives it longer. When
// the host is gone, the plugin has to be gone within a second.
const lastTime = 500 * time.Millisecond

// Guard runs a plugin and returns its exit code, or 128 plus the signal that ended it. The arguments are how long the plugin
// may take to end, and its command line.
//
// The host holds the other end of Guard's standard input: when that ends, the host is gone or wants the plugin to end. Guard
// then ends the plugin's standard input and, after the time to end, kills the plugin and itself. If the host is gone, or
// dies meanwhile, that takes no longer than lastTime.
func Guard(arguments []string) int {
	signal.Ignore(syscall.SIGINT)
	host, words := os.Getppid(), arguments[1:]
	command := exec.Command(words[0], words[1:]...)
	command.Stdout, command.Stderr = os.Stdout, os.Stderr
	stdin, err := command.StdinPipe() // held open: the plugin sees its end when the guard is gone
	if err != nil {
		return complain(words[0], err)
	}
	end, err := time.ParseDuration(arguments[0])
	if err == nil {
		err = command.Start()
	}
	if err != nil {
		return complain(words[0], err)
	}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		_ = stdin.Close()
		waitForEnd(host, end)
		process.RemoveSockets()
		_ = syscall.Kill(0, syscall.SIGKILL) // the whole group, and so the guard as well
	}()
	_ = command.Wait()
	process.RemoveSockets()
	if status, ok := command.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal())
	}
	return command.ProcessState.ExitCode()
}

// waitForEnd waits as long as a plugin may take to end: lastTime, or limit if that is longer and the host lives. It looks
// after the host every lastTime.
func waitForEnd(host int, limit time.Duration) {
	time.Sleep(lastTime)
	for waited := lastTime; waited < limit && os.Getppid() == host; waited += lastTime {
		time.Sleep(min(limit-waited, lastTime))
	}
}

func complain(path string, err error) int {
	fmt.Fprintf(os.Stderr, "cannot start %s: %v%s\n", filepath.Base(path), err, remedy(path, err))
	return 126
}

// remedy says what to do about a file that exists and cannot be started, since the system's error does not name the cause.
func remedy(path string, err error) string {
	_, missing := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrPermission):
		return "; run chmod +x on it, or give the program that runs it as the command of the plugin block, and the file in args"
	case errors.Is(err, syscall.ENOEXEC):
		return "; it was built for another system, or is a script without a first line such as #!/usr/bin/env python3"
	case errors.Is(err, fs.ErrNotExist) && missing == nil:
		return "; the file exists, but the interpreter that its first line names does not"
	}
	return ""
}
