package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/core/host"
)

// TestReattach runs a pipeline with a plugin that somebody else has started; the runs leave it alive.
func TestReattach(t *testing.T) {
	folder := t.TempDir()
	ftprep, plugin := linkSelf(t, folder, "ftprep"), linkSelf(t, folder, "ftprep-plugin-faulty")
	pipeline := "plugin \"faulty\" { idle_timeout = \"1ns\" }\nsource \"faulty\" \"x\" { path = \"pipeline.hcl\" }\noutput \"unified\" \"all\" { path = \"out.jsonl\" }\n"
	require.NoError(t, os.WriteFile(filepath.Join(folder, "pipeline.hcl"), []byte(pipeline), 0o644))
	debugged := exec.Command(plugin, "serve", "127.0.0.1:0")
	said, err := debugged.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, debugged.Start())
	defer func() {
		require.NoError(t, debugged.Process.Kill())
		_ = debugged.Wait()
	}()
	variable, err := bufio.NewReader(said).ReadString('\n')
	require.NoError(t, err)

	run := func() string {
		command := exec.Command(ftprep, "run", "--no-cache", folder)
		command.Env = append(os.Environ(), strings.TrimSpace(variable))
		out, err := command.CombinedOutput()
		require.NoError(t, err, "%s", out)
		return string(out)
	}
	for range 2 { // it outlives a run
		require.Regexp(t, `plugin "faulty": attached to the process at 127\.0\.0\.1:\d+ \(FTPREP_REATTACH\)`, run())
	}
	require.NoFileExists(t, filepath.Join(folder, ".ftprep.lock.hcl"), "nothing was started")
	rows, err := os.ReadFile(filepath.Join(folder, "out.jsonl"))
	require.NoError(t, err)
	require.Equal(t, 3, strings.Count(string(rows), "\n"))

	variable = "FTPREP_REATTACH=faulty=unix:" + filepath.Join(folder, "nowhere")
	command := exec.Command(ftprep, "run", folder)
	command.Env = append(os.Environ(), variable)
	out, err := command.CombinedOutput()
	require.Error(t, err)
	require.Equal(t, exitPlugin, command.ProcessState.ExitCode())
	require.Contains(t, string(out), "is the plugin running there?")
}

// TestAPluginThatWaitsLeavesNothingBehind ends a plugin that waits for a host, in the two ways in which people end one.
func TestAPluginThatWaitsLeavesNothingBehind(t *testing.T) {
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		t.Run(signal.String(), func(t *testing.T) {
			folder, scratch := t.TempDir(), t.TempDir()
			waiting := exec.Command(linkSelf(t, folder, "ftprep-plugin-faulty"), "serve")
			waiting.Env = append(os.Environ(), "TMPDIR="+scratch)
			said, err := waiting.StdoutPipe()
			require.NoError(t, err)
			require.NoError(t, waiting.Start())
			variable, err := bufio.NewReader(said).ReadString('\n')
			require.NoError(t, err)
			require.Contains(t, variable, "FTPREP_REATTACH=faulty=unix:"+scratch)
			require.NoError(t, waiting.Process.Signal(signal))
			require.NoError(t, waiting.Wait())
			left, err := os.ReadDir(scratch)
			require.NoError(t, err)
			require.Empty(t, left, "the folder of its socket")
		})
	}
}

// TestAPluginThatIsStartedByHandSparesTheFolderOfItsSocket starts a plugin with the variables that a host sets, as somebody who
// debugs it may do, and with a folder for its socket that holds other files.
func TestAPluginThatIsStartedByHandSparesTheFolderOfItsSocket(t *testing.T) {
	for _, guarded := range []bool{false, true} {
		t.Run(fmt.Sprint(guarded), func(t *testing.T) {
			folder, home := t.TempDir(), t.TempDir()
			words := []string{linkSelf(t, folder, "ftprep-plugin-faulty")}
			if guarded {
				words = append([]string{linkSelf(t, folder, "ftprep"), host.GuardArgument, "500ms"}, words...)
			}
			mine := filepath.Join(home, "mine.txt")
			require.NoError(t, os.WriteFile(mine, nil, 0o600))
			started := exec.Command(words[0], words[1:]...) // its standard input ends at once
			started.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
			started.Env = append(os.Environ(), "FTPREP_PLUGIN=a4f1c7de09", "PLUGIN_UNIX_SOCKET_DIR="+home)
			_ = started.Run()
			require.FileExists(t, mine)
		})
	}
}
