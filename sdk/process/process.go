// Package process starts a plugin's binary, or attaches to one that runs already, watches it and ends it. It is for hosts:
// who writes a plugin has no use for it.
//
// [Start] and [Attach] give a [Process], which speaks to the plugin as an [sdk.Client]. What the plugin writes and prints is
// logged, what exceeds its [Limits] is ended, and [Process.Explain] says how it died.
package process

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os/exec"
	"strings"
	"time"

	"github.com/hashicorp/go-hclog"
	goplugin "github.com/hashicorp/go-plugin"
	"github.com/hashicorp/go-plugin/runner"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"

	"github.com/ftprep/ftprep/sdk"
	"github.com/ftprep/ftprep/sdk/internal/handshake"
	"github.com/ftprep/ftprep/sdk/internal/secrets"
)

// ProtocolVersion is the version of the protocol between host and plugins, which both have to speak.
const ProtocolVersion = handshake.ProtocolVersion

// A Command says how the host starts a plugin's process.
type Command struct {
	Name string        // the plugin's name, for the log
	Path string        // the executable
	Args []string      // without the executable
	Env  []string      // the whole environment; the host's own is not passed on
	Idle time.Duration // how long nothing may come on a stream; 0: as [sdk.ClientOptions] has it
	End  time.Duration // how long it may take to end before it is killed; 0: [EndTime]
	Log  *slog.Logger  // gets what the plugin writes to standard error

	Limits  Limits
	Trusted bool // it is of this program: what it sends is not checked
}

// A Process is a running plugin.
type Process struct {
	*sdk.Client
	conn   *grpc.ClientConn
	plugin *goplugin.Client // nil: it is not ours to end
	child  *child

	secrets *secrets.Words // those of the client
}

// EndTime is how long a plugin may take to end.
const EndTime = 2 * time.Second

// Start starts a plugin and shakes hands with it. The error, a [DeathError], says what the process did instead.
func Start(ctx context.Context, command Command) (*Process, error) {
	command.End = cmp.Or(command.End, EndTime)
	child := newChild(command)
	if err := command.Limits.check(); err != nil {
		return nil, err
	}
	client := goplugin.NewClient(&goplugin.ClientConfig{
		HandshakeConfig:  handshake.Config(),
		Plugins:          handshake.Plugins(nil),
		AllowedProtocols: []goplugin.Protocol{goplugin.ProtocolGRPC},
		RunnerFunc: func(_ hclog.Logger, cmd *exec.Cmd, sockets string) (runner.Runner, error) {
			return child, child.prepare(append(command.Env, cmd.Env...), sockets)
		},
		SkipHostEnv:     true,
		StartTimeout:    sdk.AnswerTime,
		GRPCDialOptions: sdk.DialOptions(),
		SyncStdout:      &lineWriter{take: child.printed},
		SyncStderr:      &lineWriter{take: child.note},
		Logger:          hclog.NewNullLogger(),
	})
	stop := context.AfterFunc(ctx, child.kill)
	defer stop()
	conn, err := connect(client)
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	} else if err != nil {
		child.awaitExit(time.Second) // go-plugin kills what does not shake hands: its last words come first
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

// RunByHand runs a plugin without a handshake, as somebody would who has found it, and returns what it says. Whatever it has
// started is ended with it, or with ctx, whose end is an error.
func RunByHand(ctx context.Context, command Command) ([]byte, error) {
	child := newChild(command)
	stop := context.AfterFunc(ctx, child.kill)
	defer stop()
	if err := child.prepare(command.Env, ""); err != nil {
		return nil, err
	}
	var said bytes.Buffer
	child.cmd.Stdout, child.cmd.Stderr = &said, &said
	err := child.launch(func() { killAll(child.cmd) })
	if err == nil {
		<-child.exited
	}
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return said.Bytes(), err
}

// attachedTime is how long a plugin may take for anything that somebody else has started.
const attachedTime = 24 * time.Hour

// Attach connects to a plugin that somebody else has started, such as a debugger, at an address as gRPC writes it:
// "unix:/path/of/socket" or "127.0.0.1:1234".
//
// Whoever sits at a debugger takes time: neither the answer time nor an idle time holds, but for the first contact.
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

// Stop drains the plugin and ends its process, at once when ctx is done. The error is what the plugin did wrong: it printed to
// standard output, or had to be killed because it did not end. One that was attached to is left running.
func (p *Process) Stop(ctx context.Context) error {
	if p.child == nil {
		_ = p.Drain(ctx)
		return p.conn.Close()
	}
	if p.child.ended() {
		p.plugin.Kill()
		return nil // what it said of that is told by Explain
	}
	if ctx.Err() == nil {
		_ = p.Drain(ctx) // one that cannot drain is ended all the same
		p.askToEnd(ctx)
	} else {
		killAll(p.child.cmd)
		p.child.awaitExit(EndTime)
	}
	p.plugin.Kill()
	return p.child.misconduct()
}

// askToEnd asks a plugin to end: one that does not know go-plugin's own call for it, or leaves that or Drain unanswered, by the
// end of its standard input.
func (p *Process) askToEnd(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, EndTime)
	defer cancel()
	err := p.conn.Invoke(ctx, "/plugin.GRPCController/Shutdown", &emptypb.Empty{}, &emptypb.Empty{})
	if status.Code(err) == codes.Unimplemented || ctx.Err() != nil {
		_ = p.child.stdin.Close()
	}
	if p.child.awaitExit(p.child.command.End); !p.child.ended() {
		killAll(p.child.cmd)
	}
}

// Explain says what became of the process when err is the host's view of its end; any other error is returned as it is.
func (p *Process) Explain(err error) error {
	if p.child == nil || !errors.Is(err, sdk.ErrGone) && !errors.Is(err, sdk.ErrSilent) {
		return p.secrets.HideIn(err)
	}
	if errors.Is(err, sdk.ErrGone) {
		p.child.awaitExit(EndTime)
	}
	return p.child.death(err)
}

// A DeathError says how a plugin's process ended, or what it did instead of its work.
type DeathError struct {
	Manner    string // such as "exited with code 3"
	LastWords string // the last lines on its standard error
}

func (e *DeathError) Error() string {
	if e.LastWords == "" {
		return e.Manner
	}
	return fmt.Sprintf("%s; its last words:\n  %s", e.Manner, strings.ReplaceAll(e.LastWords, "\n", "\n  "))
}
