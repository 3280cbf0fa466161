package run

import (
	"context"
	"errors"
	"fmt"
	"io"

	"golang.org/x/sync/errgroup"

	"github.com/ftprep/ftprep/core/host"
	"github.com/ftprep/ftprep/sdk"
)

// window is how many frames a plugin may leave unanswered. A frame is sent, decoded, worked on and answered at the same time
// as others are, and frames differ: with one for each of these there would often be none.
const window = 8

// frame is a frame of examples on its way through a plugin.
type frame struct {
	index int
	items []sdk.Item
	parts []part // of an output: what each item is a part of
}

// made is the toolset that shaping made for an item; nil: it names one that a source sent.
func (f frame) made(i int) *sdk.Toolset {
	if f.parts == nil {
		return nil
	}
	return f.parts[i].tools
}

// pump sends frames through a stream to a plugin and hands each answer over with its frame, in order; finish is called after
// the last answer (nil: the stream just ends). It sends and receives from two goroutines, so that neither side ever waits for
// itself. What goes wrong on the stream is explained as the plugin's fault; errors of the three functions stay as they are.
func pump[A any](ctx context.Context, plugin *host.Plugin, tools *toolsets, open func(context.Context) (*sdk.Stream[[]A], error),
	next func() (frame, bool, error), answer func(frame, []A) error, finish func() error,
) error {
	group, ctx := errgroup.WithContext(ctx)
	stream, err := open(ctx)
	if err != nil {
		return plugin.Explain(err)
	}
	defer stream.Close()
	sent := make(chan frame, window-1)
	group.Go(func() error {
		defer close(sent)
		return sendAll(ctx, plugin, stream, tools.sender(), next, sent)
	})
	group.Go(func() error {
		for f := range sent {
			a, err := stream.Receive()
			if err == nil && len(a) != len(f.items) {
				err = fmt.Errorf("the plugin answered %d examples with %d answers", len(f.items), len(a))
			}
			if err != nil {
				return explainEnd(plugin, err, f)
			}
			if err := answer(f, a); err != nil {
				return err
			}
		}
		if finish != nil {
			return finish()
		}
		return plugin.Explain(endStream(stream))
	})
	return group.Wait()
}

// endStream ends a stream that has been answered.
func endStream[A any](stream *sdk.Stream[A]) error {
	if err := stream.CloseSend(); err != nil {
		return err
	}
	if _, err := stream.Receive(); !errors.Is(err, io.EOF) {
		return errors.Join(errors.New("the plugin answered more than it was sent"), err)
	}
	return nil
}

func sendAll[A any](ctx context.Context, plugin *host.Plugin, stream *sdk.Stream[A], tools func(frame) []*sdk.Toolset,
	next func() (frame, bool, error), sent chan<- frame,
) error {
	for {
		f, more, err := next()
		if err != nil {
			return err
		}
		if !more {
			return nil
		}
		select {
		case sent <- f:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		if err := stream.Send(f.items, tools(f)); err != nil {
			return explainEnd(plugin, err, f)
		}
	}
}

// explainEnd says at which examples a stream ended, and what became of the plugin.
func explainEnd(plugin *host.Plugin, err error, f frame) error {
	if errors.Is(err, context.Canceled) {
		return err
	}
	if errors.Is(err, io.EOF) {
		err = errors.New("the plugin ended the stream before it had answered everything")
	}
	err = plugin.Explain(err)
	if len(f.items) == 0 {
		return err
	}
	return fmt.Errorf("at examples %s to %s: %w", f.items[0].ID, f.items[len(f.items)-1].ID, err)
}
