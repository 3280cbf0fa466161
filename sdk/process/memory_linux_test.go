package process

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// inGroup starts a shell that leads a process group.
func inGroup(t testing.TB, script string) (*exec.Cmd, func(string)) {
	shell := exec.Command("sh", "-c", script)
	led := isolate(shell)
	stdin, err := shell.StdinPipe()
	require.NoError(t, err)
	require.NoError(t, shell.Start())
	t.Cleanup(func() {
		led.kill()
		_ = shell.Wait()
	})
	return shell, func(line string) {
		_, err := fmt.Fprintln(stdin, line)
		require.NoError(t, err)
	}
}

func TestTheMemoryOfAGroup(t *testing.T) {
	shell, tell := inGroup(t, "read line; sleep 60 & wait")
	memory := &groupMemory{group: shell.Process.Pid}
	first, err := memory.used()
	require.NoError(t, err)
	require.Equal(t, []int{shell.Process.Pid}, memory.members)
	own := anonymous(os.Getpid())
	require.Greater(t, own, int64(1<<20))

	memory.members = append(memory.members, os.Getpid()) // as if it had got the number of a member that is gone
	again, err := memory.used()
	require.NoError(t, err)
	require.Less(t, again, first+own)

	tell("go on")
	require.Eventually(t, func() bool {
		_, err := memory.used()
		return err == nil && len(memory.members) == 2
	}, 20*time.Second, time.Millisecond, "what it starts is found")
	(&group{shell}).kill()
	_ = shell.Wait()
	require.Eventually(t, func() bool {
		used, err := memory.used()
		return err == nil && used == 0
	}, 20*time.Second, time.Millisecond)
}

func TestAProcessThatTakesTooMuch(t *testing.T) {
	command := mute(t)
	command.Limits.Memory = 1
	_, err := Start(t.Context(), command)
	require.ErrorContains(t, err, "MiB of memory, more than the 0 MiB in its plugin block, and was ended")
}

// TestProcessesAreNotLookedForEachTime, except at first.
func TestProcessesAreNotLookedForEachTime(t *testing.T) {
	shell, _ := inGroup(t, "read line")
	memory := &groupMemory{group: shell.Process.Pid}
	scans := 0
	for range 3 * samplesPerScan {
		memory.members = nil
		_, err := memory.used()
		require.NoError(t, err)
		if memory.members != nil {
			scans++
		}
	}
	require.Equal(t, samplesPerScan+2, scans)
}

// TestTheMemoryOfAGroupAsPsListsIt: ps, with the options that POSIX defines, is used on systems without /proc.
func TestTheMemoryOfAGroupAsPsListsIt(t *testing.T) {
	require.Equal(t, int64(12<<10), memoryOf(70, []byte("    7   500\n   70     5\n  700   500\n   70     7\n\n")))
	out, err := exec.Command("ps", listMemory...).Output()
	if errors.Is(err, exec.ErrNotFound) {
		t.Skip(err)
	}
	require.NoError(t, err)
	require.Greater(t, memoryOf(syscall.Getpgrp(), out), int64(1<<20))
}

// BenchmarkGroupMemory measures what a sample of a plugin's memory costs, including a share of the search for processes.
func BenchmarkGroupMemory(b *testing.B) {
	shell, _ := inGroup(b, "read line")
	memory := &groupMemory{group: shell.Process.Pid}
	b.ReportAllocs()
	for b.Loop() {
		_, err := memory.used()
		require.NoError(b, err)
	}
}
