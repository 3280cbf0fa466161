// Package process starts a plugin's binary, or attaches to one that runs already, watches it and ends it. It is for
// hosts; plugin authors have no use for it.
//
// [Start] and [Attach] return a [Process], which speaks to the plugin as an [sdk.Client]. What the plugin prints is
// logged, a plugin that exceeds its [Limits] is ended, and [Process.Explain] says how a plugin died.
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
	plugin *goplugin.Client // nil if somebody else has started the process
	child  *child

	secrets *secrets.Words // the words that the Client hides
}

// Stop drains the plugin and ends its process, at once if ctx is done. The error says what the plugin did wrong: it
// printed to standard output, or it had to be killed because it did not end. A plugin that was attached to is left
// running.
func (p *Process) Stop(ctx context.Context) error {
	if p.child == nil {
		_ = p.Drain(ctx)
		return p.conn.Close()
	}
	if p.child.ended() {
		p.plugin.Kill()
		return nil // Explain reports its death
	}
	if ctx.Err() == nil {
		_ = p.Drain(ctx) // a plugin that cannot drain is ended all the same
		p.askToEnd(ctx)
	}
	if !p.child.ended() {
		p.child.group.kill()
	}
	p.plugin.Kill() // this waits for the end of the process
	return p.child.misconduct()
}

// askToEnd asks a plugin to end and waits for that. If the plugin does not implement go-plugin's call Shutdown, or has
// left that or Drain unanswered, its standard input is closed instead.
func (p *Process) askToEnd(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, EndTime)
	defer cancel()
	err := p.conn.Invoke(ctx, "/plugin.GRPCController/Shutdown", &emptypb.Empty{}, &emptypb.Empty{})
	if status.Code(err) == codes.Unimplemented || ctx.Err() != nil {
		_ = p.child.stdin.Close()
	}
	p.child.awaitExit(p.child.command.End)
}

// Explain returns a [DeathError] that says what became of the process if err is [sdk.ErrGone] or [sdk.ErrSilent]. Any
// other error is returned as it is, with secrets hidden.
func (p *Process) Explain(err error) error {
	if p.child == nil || !errors.Is(err, sdk.ErrGone) && !errors.Is(err, sdk.ErrSilent) {
		return p.secrets.HideError(err)
	}
	if errors.Is(err, sdk.ErrGone) {
		p.child.awaitExit(EndTime)
	}
	return p.child.death(err)
}
