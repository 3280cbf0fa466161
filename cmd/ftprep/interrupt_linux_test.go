package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const deafPipeline = `
plugin "faulty" {}
source "faulty" "x" {
  path     = "logs"
  fault    = "deaf"
  pid_file = "%s"
}
source "journal" "notes" { path = "logs" }
output "unified" "all" { path = "out/all.jsonl" }
output "unified" "new" { path = "new/folder/all.jsonl" }
`

// TestInterrupt interrupts a run whose plugin reacts to nothing: the exit code says so, the outputs are as before, and no plugin is
// left, nor a folder that the run made unless the run was killed.
func TestInterrupt(t *testing.T) {
	for name, signals := range map[string][]os.Signal{
		"once":       {os.Interrupt},
		"twice":      {os.Interrupt, os.Interrupt},
		"terminated": {syscall.SIGTERM},
		"hung up":    {syscall.SIGHUP},
	} {
		t.Run(name, func(t *testing.T) {
			if slices.ContainsFunc(signals, signal.Ignored) {
				t.Skip("these tests outlive their terminal, and so does what they start")
			}
			t.Parallel()
			folder := deafProject(t)
			first := startDeaf(t, folder)
			for _, signal := range signals {
				_ = first.Process.Signal(signal) // it may be gone before the second
			}
			_ = first.Wait()
			require.Equal(t, exitInterrupted, first.ProcessState.ExitCode())
			require.Eventually(t, func() bool { return len(running(t, folder)) == 0 }, time.Second, 5*time.Millisecond)
			require.Equal(t, map[string]string{"all.jsonl": "earlier\n"}, outputs(t, folder))
			if len(signals) == 1 {
				require.NoDirExists(t, filepath.Join(folder, "new"))
			}
		})
	}
}

// TestNohup starts a run that has to outlive its terminal.
func TestNohup(t *testing.T) {
	folder := deafProject(t)
	run := command(folder)
	run.Path, run.Args = "/bin/sh", append([]string{"sh", "-c", `trap "" HUP; exec "$@"`, "sh"}, run.Args...)
	awaitDeaf(t, folder, run)
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", run.Process.Pid))
	require.NoError(t, err)
	require.Regexp(t, `(?m)^SigIgn:\s[0-9a-f]*[13579bdf]$`, string(status), "the end of a terminal is signal 1")
	require.NoError(t, run.Process.Signal(os.Interrupt))
	_ = run.Wait()
	require.Equal(t, exitInterrupted, run.ProcessState.ExitCode())
}

// TestTwoRuns starts a run while another one is at work: the second says that it waits.
func TestTwoRuns(t *testing.T) {
	folder := deafProject(t)
	first := startDeaf(t, folder)
	second := command(folder)
	var said safeBuffer
	second.Stderr = &said
	require.NoError(t, second.Start())
	require.Eventually(t, func() bool { return bytes.Contains(said.bytes(), []byte("waiting for another run")) }, 5*time.Second, 5*time.Millisecond)
	for _, run := range []*exec.Cmd{second, first} {
		require.NoError(t, run.Process.Signal(os.Interrupt))
		_ = run.Wait()
		require.Equal(t, exitInterrupted, run.ProcessState.ExitCode())
	}
}

// deafProject creates a folder with a pipeline whose source never ends, and an earlier output.
func deafProject(t *testing.T) string {
	folder := t.TempDir()
	linkSelf(t, folder, "ftprep")
	linkSelf(t, folder, "ftprep-plugin-faulty")
	pipeline := bytes.ReplaceAll([]byte(deafPipeline), []byte("%s"), []byte(filepath.Join(folder, "pid")))
	for name, content := range map[string]string{
		"logs/a.md": "# a\n", "out/all.jsonl": "earlier\n", "pipeline.hcl": string(pipeline),
	} {
		path := filepath.Join(folder, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(content), 0o644))
	}
	return folder
}

func command(folder string) *exec.Cmd {
	command := exec.Command(filepath.Join(folder, "ftprep"), "run", folder)
	command.Env = append(os.Environ(), "PATH="+folder+":"+os.Getenv("PATH"))
	return command
}

// startDeaf starts a run and waits until its plugin is at work.
func startDeaf(t *testing.T, folder string) *exec.Cmd {
	run := command(folder)
	awaitDeaf(t, folder, run)
	return run
}

// awaitDeaf starts a run in a folder and waits until its plugin is at work.
func awaitDeaf(t *testing.T, folder string, run *exec.Cmd) {
	require.NoError(t, run.Start())
	require.Eventually(t, func() bool {
		_, err := os.Stat(filepath.Join(folder, "pid"))
		return err == nil
	}, 5*time.Second, 5*time.Millisecond)
}

// safeBuffer can be written by one goroutine while another reads it.
type safeBuffer struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.Write(p)
}

func (b *safeBuffer) bytes() []byte {
	b.mu.Lock()
	defer b.mu.Unlock()
	return bytes.Clone(b.buffer.Bytes())
}
