package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/core/cache"
	"github.com/ftprep/ftprep/core/record"
)

const cachedPipeline = `
source "journal" "notes" { path = "%[1]s" }
source "claude" "sessions" { path = "%[1]s" }
output "unified" "all" { path = "out/all.jsonl" }
output "chatml" "text" { path = "out/all.txt" }
`

// cachedProject creates a folder with a pipeline over logs.
func cachedProject(t *testing.T, logs string) string {
	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "pipeline.hcl"), fmt.Appendf(nil, cachedPipeline, logs), 0o644))
	return folder
}

// manyLogs creates a folder of logs that make many units.
func manyLogs(t *testing.T) string {
	logs := t.TempDir()
	for seed := range uint64(5) {
		writeLogs(t, filepath.Join(logs, fmt.Sprint(seed)), seed)
	}
	return logs
}

// cachedRun returns the command of a run with a cache of its own.
func cachedRun(ftprep, folder, kept string, flags ...string) *exec.Cmd {
	command := exec.Command(ftprep, append([]string{"run", folder}, flags...)...)
	command.Env = append(os.Environ(), cacheVariable+"="+kept)
	return command
}

// TestKilledWhileCaching kills a run twenty times, at any moment, and damages what it has cached: the next run writes what an
// undisturbed one does.
func TestKilledWhileCaching(t *testing.T) {
	t.Parallel()
	logs, kept := manyLogs(t), t.TempDir()
	folder, ftprep := cachedProject(t, logs), linkSelf(t, t.TempDir(), "ftprep")
	began := time.Now()
	out, err := cachedRun(ftprep, folder, kept, "--no-cache").CombinedOutput()
	require.NoError(t, err, "%s", out)
	whole := time.Since(began)
	want := outputs(t, folder)
	require.NotEmpty(t, want["all.jsonl"])
	require.Empty(t, entries(t, kept))

	units, served := filepath.Join(kept, "units"), 0
	for i := range 20 {
		if i%3 == 0 {
			_, err := cache.Clear(units)
			require.NoError(t, err)
		}
		killed := cachedRun(ftprep, folder, kept)
		require.NoError(t, killed.Start())
		time.Sleep(rand.N(whole)) // the moment of the kill, not a wait for anything
		require.NoError(t, killed.Process.Kill())
		_ = killed.Wait() // it was killed, or had just finished
		damage(t, units, i)
		out, err := cachedRun(ftprep, folder, kept).CombinedOutput()
		require.NoError(t, err, "after kill %d: %s", i, out)
		require.Equal(t, want, outputs(t, folder), "after kill %d", i)
		served += bytes.Count(out, []byte("from the cache"))
	}
	require.Positive(t, served)
}

// damage does to some entries of a cache what disks and people do to files.
func damage(t *testing.T, folder string, seed int) {
	found, err := filepath.Glob(filepath.Join(folder, "*.unit"))
	require.NoError(t, err)
	for i, path := range found {
		content, err := os.ReadFile(path)
		require.NoError(t, err)
		middle := len(content) / 2
		switch (i + seed) % 7 {
		case 0:
			content = content[:middle]
		case 1:
			if len(content) > 0 { // it may be empty by now
				content[middle] ^= 0xff
			}
		case 2:
			content = nil
		case 3:
			if content, err = os.ReadFile(found[(i+1)%len(found)]); err != nil || len(found) == 1 {
				content = nil
			}
		default:
			continue
		}
		require.NoError(t, os.WriteFile(path, content, 0o600))
	}
}

// TestRunsAtOnceShareACache has two pipelines read the same logs at once: both write what a single run does, and a third
// finds every unit in the cache.
func TestRunsAtOnceShareACache(t *testing.T) {
	t.Parallel()
	logs, kept, ftprep := manyLogs(t), t.TempDir(), linkSelf(t, t.TempDir(), "ftprep")
	alone := cachedProject(t, logs)
	out, err := cachedRun(ftprep, alone, kept, "--no-cache").CombinedOutput()
	require.NoError(t, err, "%s", out)
	for range 3 {
		_, err := cache.Clear(filepath.Join(kept, "units"))
		require.NoError(t, err)
		folders := []string{cachedProject(t, logs), cachedProject(t, logs)}
		var runs []*exec.Cmd
		for _, folder := range folders {
			started := cachedRun(ftprep, folder, kept)
			require.NoError(t, started.Start())
			runs = append(runs, started)
		}
		for i, started := range runs {
			require.NoError(t, started.Wait())
			require.Equal(t, outputs(t, alone), outputs(t, folders[i]))
		}
	}
	var summary record.Summary
	out, err = cachedRun(ftprep, alone, kept, "--json").Output()
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(out, &summary))
	for _, source := range summary.Sources {
		require.Equal(t, source.Units, source.Cached, source.Source)
	}
}
