package process

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if os.Getenv("FTPREP_TEST_MUTE") != "" { // a plugin that never shakes hands
		_, _ = io.Copy(io.Discard, os.Stdin)
		return
	}
	if os.Getenv("FTPREP_TEST_GRUMPY") != "" { // a plugin that says why it does not start
		fmt.Fprintln(os.Stderr, "not today")
		os.Exit(3)
	}
	if manner := os.Getenv("FTPREP_TEST_BARE"); manner != "" {
		serveBare(manner)
		return
	}
	goleak.VerifyTestMain(m)
}

// mute is a plugin that never shakes hands.
func mute(t *testing.T) Command {
	path, err := os.Executable()
	require.NoError(t, err)
	return Command{Name: "mute", Path: path, Env: []string{"FTPREP_TEST_MUTE=1"}, Log: slog.New(slog.DiscardHandler)}
}

func TestAKilledProcessDoesNotStart(t *testing.T) {
	child, sockets := newChild(mute(t)), t.TempDir()
	require.NoError(t, child.Kill(t.Context()))
	require.NoError(t, child.prepare(child.command.Env, sockets))
	require.Error(t, child.Start(t.Context()))
	require.True(t, child.ended())
	require.Empty(t, child.ID())
	require.NoDirExists(t, sockets, "go-plugin leaves it to whoever did not start")
}

func TestAProcessEndsWhenItIsKilled(t *testing.T) {
	child, sockets := newChild(mute(t)), t.TempDir()
	require.NoError(t, child.prepare(child.command.Env, sockets))
	require.NoError(t, child.Start(t.Context()))
	require.NotEmpty(t, child.ID())
	require.NoError(t, child.Kill(t.Context()))
	require.NoError(t, child.Wait(t.Context()))
	require.NotNil(t, child.cmd.ProcessState)
}

func TestWhatCannotBeStarted(t *testing.T) {
	_, err := Start(t.Context(), Command{Path: filepath.Join(t.TempDir(), "none")})
	require.ErrorContains(t, err, "cannot be started: ")
	require.ErrorAs(t, err, new(*DeathError))
}

func TestAProcessThatRunsForTooLong(t *testing.T) {
	command := mute(t)
	command.Limits.Time = time.Millisecond
	_, err := Start(t.Context(), command)
	require.EqualError(t, err, "ran for longer than 1ms, the timeout in its plugin block, and was ended")
}

func TestAStartIsInterruptedAtAnyTime(t *testing.T) {
	interrupted := errors.New("interrupted")
	for n := range 60 {
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Duration(n)*50*time.Microsecond, interrupted)
		_, err := Start(ctx, mute(t))
		require.ErrorIs(t, err, interrupted)
		cancel()
	}
}

func TestACommandNeedsNoLogAndKeepsItsEnvironment(t *testing.T) {
	path, err := os.Executable()
	require.NoError(t, err)
	shared := append(make([]string, 0, 99), "FTPREP_TEST_GRUMPY=1", "OTHER=1")
	_, err = Start(t.Context(), Command{Name: "grumpy", Path: path, Env: shared[:1]})
	require.EqualError(t, err, "exited with code 3 before its handshake; its last words:\n  not today")
	require.Equal(t, "OTHER=1", shared[1], "it is of another command")
}
