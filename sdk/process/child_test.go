package process

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
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

// TestTheDeathOfWhatDoesNotShakeHands starts no process: go-plugin has killed it, whatever it printed.
func TestTheDeathOfWhatDoesNotShakeHands(t *testing.T) {
	const form = ` to standard output, where only a plugin's handshake belongs: 1|1|unix|/path/of/the/socket|grpc`
	timeout := errors.New("timeout while waiting for plugin to start")
	for said, c := range map[string]struct {
		err  error
		want string
	}{
		"listening":                 {want: `printed "listening"` + form},
		"1|1|unix|/tmp/x":           {want: `printed "1|1|unix|/tmp/x"` + form},
		"1|1|unix|/tmp/x|netrpc":    {want: `printed "1|1|unix|/tmp/x|netrpc"` + form},
		"1|1||/tmp/x|grpc":          {want: `printed "1|1||/tmp/x|grpc"` + form},
		"1|1|unix||grpc":            {want: `printed "1|1|unix||grpc"` + form},
		"2|1|unix|/tmp/x|grpc":      {want: `printed "2|1|unix|/tmp/x|grpc"` + form},
		"1|2|unix|/tmp/x|grpc":      {want: "speaks version 2 of the plugin protocol, and this ftprep version 1: use a newer ftprep, or an older version of the plugin"},
		"1|1|unix|/tmp/x|grpc||":    {want: "it broke off"},
		"1|1|tcp|127.0.0.1:80|grpc": {want: "it broke off"},
		"":                          {err: timeout, want: "did not shake hands within 10s"},
		"1|1|unix|/tmp/y|grpc":      {err: timeout, want: `did not shake hands within 10s: what it printed, "1|1|unix|/tmp/y|grpc", has no line end`},
	} {
		child := newChild(mute(t))
		child.hear(said)
		if c.err == nil {
			c.err = errors.New("it broke off")
		}
		require.EqualError(t, child.death(c.err), c.want, said)
	}
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
