package process

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
)

// serveBare is a plugin that implements no call, not even go-plugin's own. It ends when its standard input does, unless
// it is deaf. A silent one does not answer calls.
func serveBare(manner string) {
	socket := filepath.Join(os.Getenv("PLUGIN_UNIX_SOCKET_DIR"), "socket")
	listener, err := net.Listen("unix", socket)
	if err != nil {
		panic(err)
	}
	var options []grpc.ServerOption
	if manner == "silent" {
		options = append(options, grpc.UnknownServiceHandler(func(_ any, stream grpc.ServerStream) error {
			if method, _ := grpc.MethodFromServerStream(stream); filepath.Base(method) == "Drain" {
				fmt.Fprintln(os.Stderr, "asked to drain")
			}
			<-stream.Context().Done()
			return stream.Context().Err()
		}))
	}
	go func() { _ = grpc.NewServer(options...).Serve(listener) }()
	fmt.Printf("1|%d|unix|%s|grpc\n", ProtocolVersion, socket)
	if manner == "deaf" {
		select {}
	}
	_, _ = io.Copy(io.Discard, os.Stdin)
}

func startBare(t *testing.T, manner string, log *slog.Logger) *Process {
	if runtime.GOOS == "windows" {
		t.Skip("there are no process groups")
	}
	path, err := os.Executable()
	require.NoError(t, err)
	process, err := Start(t.Context(), Command{Name: "bare", Path: path, Env: []string{"FTPREP_TEST_BARE=" + manner}, Log: log})
	require.NoError(t, err)
	return process
}

const notEnded = "it did not end after it had been asked to, and was killed"

// TestAPluginThatCannotShutDown: plugins in other languages may not implement go-plugin's call Shutdown.
func TestAPluginThatCannotShutDown(t *testing.T) {
	process := startBare(t, "plain", nil)
	require.NoError(t, process.Stop(t.Context()))
	require.Zero(t, process.child.cmd.ProcessState.ExitCode())
}

func TestAPluginThatDoesNotAnswerIsAskedToEndAllTheSame(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	process := startBare(t, "silent", slog.New(slog.NewTextHandler(called(cancel), nil)))
	require.NoError(t, process.Stop(ctx))
	require.Error(t, ctx.Err())
	require.Zero(t, process.child.cmd.ProcessState.ExitCode())
}

// called is a writer that calls a function.
type called func()

func (c called) Write(p []byte) (int, error) {
	c()
	return len(p), nil
}

func TestAPluginThatDoesNotEndIsKilled(t *testing.T) {
	process := startBare(t, "deaf", nil)
	process.child.command.End = 1 // it does not end in any time
	require.EqualError(t, process.Stop(t.Context()), notEnded)
	require.True(t, process.child.ended())
}

func TestAPluginIsKilledAtOnceWhereThereIsNoTime(t *testing.T) {
	process := startBare(t, "silent", slog.New(slog.NewTextHandler(called(func() { t.Error("it was asked to drain") }), nil)))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.EqualError(t, process.Stop(ctx), notEnded)
	require.True(t, process.child.ended())
}

// TestADeathBeforeTheEndIsNoMisconduct: it is reported when it happens.
func TestADeathBeforeTheEndIsNoMisconduct(t *testing.T) {
	process := startBare(t, "plain", nil)
	process.child.group.kill()
	require.NoError(t, process.child.Wait(t.Context()))
	require.NoError(t, process.Stop(t.Context()))
}
