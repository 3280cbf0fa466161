//go:build unix

package host

import (
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk/process"
)

// TestAGuardGivesAPluginTheTimeToEnd that the host gives it: plugins in other languages may take longer than a guard waits by
// itself, which a check of them allows.
func TestAGuardGivesAPluginTheTimeToEnd(t *testing.T) {
	self, err := os.Executable()
	require.NoError(t, err)
	for _, c := range []struct{ end, script, want string }{
		{"500ms", "cat; sleep 60", "signal: killed"},
		{"1m", "cat; sleep 1; exit 7", "exit status 7"},
	} {
		guard := exec.Command(self, GuardArgument, c.end, "sh", "-c", c.script) // its standard input ends at once
		guard.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}                 // it ends all of its group
		require.EqualError(t, guard.Run(), c.want, c.script)
	}
	require.Equal(t, []string{GuardArgument, "500ms", "x", "a"}, guarded(process.Command{Path: "x", Args: []string{"a"}}).Args)
	require.Equal(t, []string{GuardArgument, "6s", "x"}, guarded(process.Command{Path: "x", End: 6 * time.Second}).Args)
}
