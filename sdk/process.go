package sdk

import (
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
)

// A Command says how the host starts a plugin's process.
type Command struct {
	Name string   // the plugin's name, for the log
	Path string   // the executable
	Args []string // without the executable
	Env  []string // the whole environment; the host's own is not passed on
	Idle time.Duration
	Log  *slog.Logger // gets what the plugin writes to standard error
}

// A Process is a running plugin.
type Process struct {
	*Client
	plugin *goplugin.Client
	child  *child
}

// Start starts a plugin and shakes hands with it. The error, a [DeathError], says what the process did instead.
func Start(ctx context.Context, command Command) (*Process, error) {
	child := newChild(command)
	client := goplugin.NewClient(&goplugin.ClientConfig{
		HandshakeConfig:  handshake,
		Plugins:          goplugin.PluginSet{wireName: &wire{}},
		AllowedProtocols: []goplugin.Protocol{goplugin.ProtocolGRPC},
		RunnerFunc: func(_ hclog.Logger, cmd *exec.Cmd, _ string) (runner.Runner, error) {
			return child, child.prepare(append(command.Env, cmd.Env...))
		},
		SkipHostEnv:     true,
		StartTimeout:    AnswerTime,
		GRPCDialOptions: DialOptions(),
		SyncStdout:      &lineWriter{take: child.printed},
		SyncStderr:      &lineWriter{take: child.note},
		Logger:          hclog.NewNullLogger(),
	})
	stop := context.AfterFunc(ctx, func() { _ = child.Kill(ctx) })
	defer stop()
	conn, err := connect(client)
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	} else if err != nil {
		child.awaitExit(100 * time.Millisecond)
		err = child.death(err)
	}
	if err != nil {
		client.Kill()
		return nil, err
	}
	return &Process{Client: NewClient(conn, command.Idle), plugin: client, child: child}, nil
}

func connect(client *goplugin.Client) (*grpc.ClientConn, error) {
	protocol, err := client.Client()
	if err != nil {
		return nil, err
	}
	conn, err := protocol.Dispense(wireName)
	if err != nil {
		return nil, err
	}
	return conn.(*grpc.ClientConn), nil
}

// Stop drains the plugin, unless ctx is done, and ends its process.
func (p *Process) Stop(ctx context.Context) {
	if ctx.Err() == nil && !p.child.ended() {
		_ = p.Drain(ctx) // one that cannot drain is ended all the same
	}
	p.plugin.Kill()
}

// Explain says what became of the process when err is the host's view of its end; any other error is returned as it is.
func (p *Process) Explain(err error) error {
	if !errors.Is(err, ErrGone) && !errors.Is(err, ErrSilent) {
		return err
	}
	if errors.Is(err, ErrGone) {
		p.child.awaitExit(2 * time.Second)
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
