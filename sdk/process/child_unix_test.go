//go:build unix

package process

import (
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestKilledBy: a shell that runs a plugin, or a guard, reports a signal by its exit code.
func TestKilledBy(t *testing.T) {
	for script, signal := range map[string]string{
		"exit 0": "", "exit 3": "", "exit 128": "", "exit 129": "hangup", "exit 137": "killed", "exit 160": "", "exit 255": "", "kill -9 $$": "killed",
	} {
		shell := exec.Command("sh", "-c", script)
		_ = shell.Run()
		require.Equal(t, signal, killedBy(shell.ProcessState), script)
	}
}
