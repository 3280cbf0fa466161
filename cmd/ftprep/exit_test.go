package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestInterruptionsAfterOutputsHaveChanged(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errInterrupted)
	for _, c := range []struct {
		changed bool
		code    int
		said    string
	}{
		{false, exitInterrupted, "ftprep: interrupted; no output has changed\n"},
		{true, exitRejects, "ftprep: too many\n"},
	} {
		var said bytes.Buffer
		a := &app{stderr: &said, outputsChanged: c.changed}
		require.Equal(t, c.code, a.exitCode(ctx, &codeError{code: exitRejects, err: errors.New("too many")}))
		require.Equal(t, c.said, said.String())
	}
}

// If an interruption keeps plugins from starting, nothing is said about them: the pipeline is not at fault.
func TestInterruptionsBeforeThePipelineIsPlanned(t *testing.T) {
	t.Chdir(t.TempDir())
	pipeline := "source \"journal\" \"notes\" { path = \".\" }\noutput \"unified\" \"all\" { path = \"/nowhere/all.jsonl\" }\n"
	require.NoError(t, os.WriteFile("pipeline.hcl", []byte(pipeline), 0o644))
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errInterrupted)
	for _, command := range []string{"plan", "run", "stats"} {
		var said bytes.Buffer
		require.Equal(t, exitInterrupted, execute(ctx, []string{command}, io.Discard, &said))
		require.Equal(t, "ftprep: interrupted; no output has changed\n", said.String())
	}
}

// A full disk and too many open files get a hint, whatever was attempted.
func TestWhatTheSystemRefusesHasAWayOut(t *testing.T) {
	for err, want := range map[error]string{
		syscall.ENOSPC: "the disk or your quota is full: free some space, or write somewhere else",
		syscall.EDQUOT: "the disk or your quota is full: free some space, or write somewhere else",
		syscall.EMFILE: "the limit on open files is too low: raise it, for example with ulimit -n 1024",
		syscall.EIO:    "",
	} {
		err = &fs.PathError{Op: "write", Path: "all.jsonl", Err: err}
		require.Equal(t, want, newFailure(fmt.Errorf("write the record of the run: %w", err), false).Hint)
	}
	own := &codeError{code: exitFailed, err: syscall.ENOSPC, hint: "the outputs were written"}
	require.Equal(t, "the outputs were written", newFailure(own, false).Hint)
}
