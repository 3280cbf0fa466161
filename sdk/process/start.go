package process

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os/exec"
	"slices"
	"time"

	"github.com/hashicorp/go-hclog"
	goplugin "github.com/hashicorp/go-plugin"
	"github.com/hashicorp/go-plugin/runner"
	"google.golang.org/grpc"

	"github.com/ftprep/ftprep/sdk"
	"github.com/ftprep/ftprep/sdk/internal/handshake"
	"github.com/ftprep/ftprep/sdk/internal/secrets"
)

// ProtocolVersion is the version of the protocol that host and plugin must both speak.
const ProtocolVersion = handshake.ProtocolVersion

// A Command says how the host starts a plugin's process.
type Command struct {
	Name string        // the plugin's name, for the log
	Path string        // the executable
	Args []string      // the arguments, without the executable
	Env  []string      // the whole environment; the host's own is not passed on
	Idle time.Duration // as in [sdk.ClientOptions]
	End  time.Duration // how long the process may take to end before it is killed; 0: [EndTime]
	Log  *slog.Logger  // gets what the plugin prints; nil: nobody gets it

	Limits  Limits
	Trusted bool // the plugin is part of this program, so what it sends is not checked
}

// EndTime is how long a plugin may take to end.
const EndTime = 2 * time.Second

// Start starts a plugin and shakes hands with it. The error is a [DeathError] that says what the process did instead; or
// the cause of the end of ctx; or it says that a limit cannot be enforced on this system, or that there is no place for
// the socket.
func Start(ctx context.Context, command Command) (*Process, error) {
	child := newChild(command)
	command = child.command
	if err := command.Limits.check(); err != nil {
		return nil, err
	}
	client := goplugin.NewClient(&goplugin.ClientConfig{
		HandshakeConfig:  handshake.Config(),
		Plugins:          handshake.Plugins(nil),
		AllowedProtocols: []goplugin.Protocol{goplugin.ProtocolGRPC},
		RunnerFunc: func(_ hclog.Logger, cmd *exec.Cmd, sockets string) (runner.Runner, error) {
			return child, child.prepare(slices.Concat(command.Env, cmd.Env), sockets)
		},
		SkipHostEnv:      true,
		UnixSocketConfig: &goplugin.UnixSocketConfig{TempDir: SocketFolder()},
		StartTimeout:     sdk.AnswerTime,
		GRPCDialOptions:  sdk.DialOptions(),
		SyncStdout:       &lineWriter{take: child.printed},
		SyncStderr:       &lineWriter{take: child.note},
		Logger:           hclog.NewNullLogger(),
	})
	stop := context.AfterFunc(ctx, child.kill)
	defer stop()
	conn, err := connect(client)
	if err == nil {
		if err = child.checkHandshake(); err != nil {
			child.kill() // it waits to be called, and Kill below would wait for it
		}
	}
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	} else if err != nil && child.cmd == nil { // go-plugin makes the folder for the socket before anything else
		err = fmt.Errorf("make a folder for its socket in %s: %w; set TMPDIR to use another", SocketFolder(), err)
	} else if err != nil {
		child.awaitExit(time.Second) // go-plugin kills a process that does not shake hands; its last words are needed first
		err = child.death(err)
	}
	if err != nil {
		client.Kill()
		return nil, err
	}
	return &Process{
		Client: sdk.NewClient(conn, sdk.ClientOptions{Idle: command.Idle, Distrust: !command.Trusted, Secrets: &child.secrets}),
		conn:   conn, plugin: client, child: child, secrets: &child.secrets,
	}, nil
}

// RunByHand runs a plugin's binary without a handshake, as a person who has found it would, and returns what it prints.
// Everything that the process starts is ended with it. When ctx ends, the process is ended and the cause is the error.
func RunByHand(ctx context.Context, command Command) ([]byte, error) {
	child := newChild(command)
	stop := context.AfterFunc(ctx, child.kill)
	defer stop()
	if err := child.prepare(command.Env, ""); err != nil {
		return nil, err
	}
	var said bytes.Buffer
	child.cmd.Stdout, child.cmd.Stderr = &said, &said
	err := child.launch(child.group.kill)
	if err == nil {
		<-child.exited
	}
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return said.Bytes(), err
}

// attachedTime is how long a plugin that somebody else has started may take for anything.
const attachedTime = 24 * time.Hour

// Attach connects to a plugin that somebody else, such as a debugger, has started. The address is as gRPC writes it:
// "unix:/path/of/socket" or "127.0.0.1:1234".
//
// A person at a debugger takes time, so only the first contact is bound by the answer time; everything else may take a
// day.
func Attach(ctx context.Context, address string) (*Process, error) {
	conn, err := grpc.NewClient(address, sdk.DialOptions()...)
	if err != nil {
		return nil, fmt.Errorf("attach to %s: %w", address, err)
	}
	words := &secrets.Words{}
	options := sdk.ClientOptions{Answer: attachedTime, Idle: attachedTime, Distrust: true, Secrets: words}
	process := &Process{Client: sdk.NewClient(conn, options), conn: conn, secrets: words}
	if _, err := process.Describe(ctx); err != nil {
		_ = conn.Close()
		return nil, fmt.Errorf("attach to %s: %w; is the plugin running there?", address, err)
	}
	return process, nil
}

func connect(client *goplugin.Client) (*grpc.ClientConn, error) {
	protocol, err := client.Client()
	if err != nil {
		return nil, err
	}
	conn, err := protocol.Dispense(handshake.Service)
	if err != nil {
		return nil, err
	}
	return conn.(*grpc.ClientConn), nil
}
