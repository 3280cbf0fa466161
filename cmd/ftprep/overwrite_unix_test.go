//go:build unix

package main

import (
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// A pipeline is replaced as a whole: a program that has the earlier file open still reads all of it, so the file was never half
// written. It keeps its mode, and a link to it stays a link.
func TestAFileOfTheUsersIsReplacedWhole(t *testing.T) {
	const before = "output \"unified\" \"all\" {   path = \"all.jsonl\"   }\n"
	for _, verb := range [][]string{{"fmt"}, {"init", "--force", "--sample"}} {
		t.Run(verb[0], func(t *testing.T) {
			t.Chdir(t.TempDir())
			require.NoError(t, os.Mkdir("mine", 0o755))
			file := filepath.Join("mine", "robot.hcl")
			require.NoError(t, os.WriteFile(file, []byte(before), 0o640))
			require.NoError(t, os.Symlink(file, "pipeline.hcl"))
			earlier, err := os.Open(file)
			require.NoError(t, err)
			defer earlier.Close()

			require.Zero(t, execute(t.Context(), verb, io.Discard, io.Discard))

			left, err := io.ReadAll(earlier)
			require.NoError(t, err)
			require.Equal(t, before, string(left))
			info, err := os.Lstat("pipeline.hcl")
			require.NoError(t, err)
			require.Equal(t, os.ModeSymlink, info.Mode().Type())
			info, err = os.Stat(file)
			require.NoError(t, err)
			require.Equal(t, os.FileMode(0o640), info.Mode().Perm())
			after, err := os.ReadFile(file)
			require.NoError(t, err)
			require.NotEqual(t, before, string(after))
			parts, err := filepath.Glob("mine/.*")
			require.NoError(t, err)
			require.Empty(t, parts)
		})
	}
}

// Nothing of a file that cannot be replaced is lost, and nothing is left beside it.
func TestAFileThatCannotBeReplacedStays(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.MkdirAll("pipeline.hcl/inside", 0o755))
	require.NotZero(t, execute(t.Context(), []string{"init", "--force", "--sample"}, io.Discard, io.Discard))
	require.DirExists(t, "pipeline.hcl/inside")
	parts, err := filepath.Glob(".ftprep-part*")
	require.NoError(t, err)
	require.Empty(t, parts)
}
