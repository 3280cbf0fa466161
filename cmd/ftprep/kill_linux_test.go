package main

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const killPipeline = `
plugin "faulty" {}
source "faulty" "x" {
  path     = "logs"
  fault    = "slow"
  examples = 15
}
source "journal" "notes" { path = "logs" }
filter "dedup" "exact" {}
output "unified" "all" { path = "out/all.jsonl" }
output "chatml" "text" { path = "out/all.txt" }
`

// TestKilledHost kills a working host twenty times, at any moment: no plugin outlives it, built in or not, and no output
// is half-written. The next run finishes.
func TestKilledHost(t *testing.T) {
	folder := t.TempDir()
	ftprep := linkSelf(t, folder, "ftprep")
	linkSelf(t, folder, "ftprep-plugin-faulty")
	require.NoError(t, os.Mkdir(filepath.Join(folder, "logs"), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "logs", "a.md"), []byte("# a\n"), 0o644))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "pipeline.hcl"), []byte(killPipeline), 0o644))
	sockets, err := os.MkdirTemp("", "s") // the path of a socket has to be short
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(sockets)) })
	start := func() *exec.Cmd {
		command := exec.Command(ftprep, "run", "--no-cache", folder)
		command.Env = append(os.Environ(), "PATH="+folder+":"+os.Getenv("PATH"), "TMPDIR="+sockets)
		command.Dir = folder
		return command
	}
	began := time.Now()
	out, err := start().CombinedOutput()
	require.NoError(t, err, "%s", out)
	whole := time.Since(began)
	want := outputs(t, folder)
	require.NotEmpty(t, want["all.jsonl"])

	var longest time.Duration
	defer func() { t.Logf("the last plugin was gone %.2f s after the host", longest.Seconds()) }()
	for i := range 20 {
		require.NoError(t, os.RemoveAll(filepath.Join(folder, "out")))
		command := start()
		require.NoError(t, command.Start())
		time.Sleep(rand.N(whole)) // the moment of the kill, not a wait for anything
		require.NoError(t, command.Process.Kill())
		killed := time.Now()
		_ = command.Wait() // it was killed, or had just finished
		require.Eventually(t, func() bool { return len(running(t, folder)) == 0 }, 5*time.Second, 5*time.Millisecond,
			"kill %d left processes: %v", i, running(t, folder))
		longest = max(longest, time.Since(killed))
		for name, content := range outputs(t, folder) {
			require.Equal(t, want[name], content, "kill %d left a wrong %s", i, name)
		}
	}
	working := start() // its plugins have sockets, and remove them when they end
	require.NoError(t, os.RemoveAll(filepath.Join(folder, ".ftprep", "runs")))
	require.NoError(t, os.RemoveAll(sockets))
	require.NoError(t, os.Mkdir(sockets, 0o700))
	require.NoError(t, working.Start())
	require.Eventually(t, func() bool {
		runs, _ := filepath.Glob(filepath.Join(folder, ".ftprep", "runs", "*"))
		return len(runs) > 0
	}, 10*time.Second, time.Millisecond)
	require.NoError(t, working.Process.Kill())
	_ = working.Wait()
	require.Eventually(t, func() bool { return len(entries(t, sockets)) == 0 }, 5*time.Second, 5*time.Millisecond)

	out, err = start().CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.Equal(t, want, outputs(t, folder))
	require.Len(t, entries(t, filepath.Join(folder, "out")), len(want), "what killed runs have left is swept away")
}

// TestUndescribedPlugin starts a plugin to be tested that does not describe itself: it is ended.
func TestUndescribedPlugin(t *testing.T) {
	folder := t.TempDir()
	words := []string{linkSelf(t, folder, "ftprep-plugin-wild"), "undescribed"}
	a := &app{stdout: io.Discard, stderr: io.Discard, environ: os.Environ()}
	_, err := a.startTested(words, slog.New(slog.DiscardHandler))(t.Context())
	require.EqualError(t, err, fmt.Sprintf("plugin %q: describe: it has no words for itself", words[0]))
	require.Empty(t, running(t, folder))
}

func entries(t *testing.T, folder string) []os.DirEntry {
	found, err := os.ReadDir(folder)
	require.NoError(t, err)
	return found
}

// linkSelf makes this test binary callable under another name, by which TestMain decides what to run.
func linkSelf(t *testing.T, folder, name string) string {
	self, err := os.Executable()
	require.NoError(t, err)
	path := filepath.Join(folder, name)
	if os.Link(self, path) != nil { // another file system
		data, err := os.ReadFile(self)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(path, data, 0o755))
	}
	return path
}

// outputs returns the contents of the outputs in a folder, by name.
func outputs(t *testing.T, folder string) map[string]string {
	all := map[string]string{}
	for _, name := range []string{"all.jsonl", "all.txt"} {
		data, err := os.ReadFile(filepath.Join(folder, "out", name))
		if err == nil {
			all[name] = string(data)
		} else {
			require.ErrorIs(t, err, os.ErrNotExist)
		}
	}
	return all
}

// running returns the processes that were started from a folder.
func running(t *testing.T, folder string) []string {
	files, err := filepath.Glob("/proc/[0-9]*/cmdline")
	require.NoError(t, err)
	var found []string
	for _, file := range files {
		line, err := os.ReadFile(file)
		if err == nil && bytes.Contains(line, []byte(folder)) {
			found = append(found, fmt.Sprintf("%s: %q", file, line))
		}
	}
	return found
}
