//go:build unix

package host

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk/process"
)

// TestAGuardGivesAPluginTheTimeToEnd that the host gives it: plugins in other languages may take longer than lastTime, and a
// check of a plugin allows that.
func TestAGuardGivesAPluginTheTimeToEnd(t *testing.T) {
	self, err := os.Executable()
	require.NoError(t, err)
	for _, c := range []struct{ end, script, want string }{
		{"500ms", "cat; sleep 60", "signal: killed"},
		{"1m", "cat; sleep 1; exit 7", "exit status 7"},
	} {
		guard := exec.Command(self, GuardArgument, c.end, "sh", "-c", c.script) // with an empty standard input
		guard.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}                 // the guard kills all of its group
		require.EqualError(t, guard.Run(), c.want, c.script)
	}
	require.Equal(t, []string{GuardArgument, "500ms", "x", "a"}, guarded(process.Command{Path: "x", Args: []string{"a"}}).Args)
	require.Equal(t, []string{GuardArgument, "6s", "x"}, guarded(process.Command{Path: "x", End: 6 * time.Second}).Args)
}

// TestAGuardDoesNotOutliveItsHost, however much time to end a host that has died meanwhile gave the plugin.
func TestAGuardDoesNotOutliveItsHost(t *testing.T) {
	self, err := os.Executable()
	require.NoError(t, err)
	const plugin = "cat; echo asked to end; sleep 10; echo still there"
	host := exec.Command("sh", "-c", `"$@" </dev/null & read line; sleep 1`, "host", self, GuardArgument, "1m", "sh", "-c", plugin)
	host.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // the guard kills all of its group
	stdin, err := host.StdinPipe()
	require.NoError(t, err)
	stdout, err := host.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, host.Start())
	says := bufio.NewReader(stdout)
	line, err := says.ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "asked to end\n", line)
	require.NoError(t, stdin.Close()) // the host ends a second later
	rest, err := io.ReadAll(says)
	require.NoError(t, err)
	require.Empty(t, string(rest))
	_ = host.Wait() // the guard may have been quicker
}
