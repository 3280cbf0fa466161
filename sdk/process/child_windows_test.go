package process

import (
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestWhatAProcessStartsEndsWithIt: all processes hold a pipe, which ends only when the last of them does.
func TestWhatAProcessStartsEndsWithIt(t *testing.T) {
	ours, theirs, err := os.Pipe()
	require.NoError(t, err)
	defer ours.Close()
	parent := exec.Command("cmd", "/c", "cmd /c pause & pause")
	parent.Stdout = theirs
	stdin, err := parent.StdinPipe()
	require.NoError(t, err)
	defer stdin.Close()
	led := isolate(parent)
	require.NoError(t, parent.Start())
	led.adopt()
	require.NoError(t, theirs.Close())
	_, err = ours.Read(make([]byte, 1)) // a process runs
	require.NoError(t, err)

	led.kill()
	_ = parent.Wait()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for buffer := make([]byte, 99); err == nil; {
			_, err = ours.Read(buffer)
		}
	}()
	select {
	case <-ended:
	case <-time.After(20 * time.Second):
		t.Fatal("what the process started goes on")
	}
}
