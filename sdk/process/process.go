// Package process starts a plugin's binary, or attaches to one that runs already, watches it and ends it. It is for hosts:
// who writes a plugin has no use for it.
//
// [Start] and [Attach] give a [Process], which speaks to the plugin as an [sdk.Client]. What the plugin writes and prints is
// logged, what exceeds its [Limits] is ended, and [Process.Explain] says how it died.
package process

import (
	"context"
	"errors"

	goplugin "github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"

	"github.com/ftprep/ftprep/sdk"
	"github.com/ftprep/ftprep/sdk/internal/secrets"
)

// A Process is a running plugin.
type Process struct {
	*sdk.Client
	conn   *grpc.ClientConn
	plugin *goplugin.Client // nil: it is not ours to end
	child  *child

	secrets *secrets.Words // those of the client
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
	}
	if !p.child.ended() {
		p.child.group.kill()
	}
	p.plugin.Kill() // it waits for the end
	return p.child.misconduct()
}

// askToEnd asks a plugin to end, and gives it the time: one that does not know go-plugin's own call for it, or leaves that or Drain
// unanswered, is asked by the end of its standard input.
func (p *Process) askToEnd(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, EndTime)
	defer cancel()
	err := p.conn.Invoke(ctx, "/plugin.GRPCController/Shutdown", &emptypb.Empty{}, &emptypb.Empty{})
	if status.Code(err) == codes.Unimplemented || ctx.Err() != nil {
		_ = p.child.stdin.Close()
	}
	p.child.awaitExit(p.child.command.End)
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
