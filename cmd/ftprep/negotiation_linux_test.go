package main

import (
	"bufio"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestANewerHost starts a plugin as a future host would that also speaks a newer version of the protocol: the plugin chooses the
// version that both speak. The reverse, a newer plugin, is among the faults.
func TestANewerHost(t *testing.T) {
	for offered, chosen := range map[string]string{"1": "1", "1,2": "1", "3,2,1": "1", "2,3": "1"} {
		plugin := exec.Command(linkSelf(t, t.TempDir(), "ftprep-plugin-faulty"), "work")
		plugin.Env = append(os.Environ(), "FTPREP_PLUGIN=a4f1c7de09", "PLUGIN_PROTOCOL_VERSIONS="+offered,
			"PLUGIN_MIN_PORT=10000", "PLUGIN_MAX_PORT=25000", "PLUGIN_UNIX_SOCKET_DIR="+t.TempDir())
		stdin, err := plugin.StdinPipe()
		require.NoError(t, err)
		stdout, err := plugin.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, plugin.Start())
		line, err := bufio.NewReader(stdout).ReadString('\n')
		require.NoError(t, err)
		require.NoError(t, stdin.Close())
		_ = plugin.Wait() // it ends with its standard input
		words := strings.Split(line, "|")
		require.Equal(t, []string{"1", chosen, "unix"}, words[:3], "offered %s; where there is none, the host refuses it", offered)
	}
}
