package run

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"

	"github.com/ftprep/ftprep/core/host"
	"github.com/ftprep/ftprep/sdk"
)

// window is how many frames a plugin may leave unanswered on a stream. While one is sent, others are decoded, worked on and
// answered. Some take longer than others, so with only one frame for each of these steps a step would often have none.
const window = 8

// mostInFlight is how many bytes of examples may be on their way through plugins, over all streams of a stage; a larger
// frame goes alone. Each byte is in memory several times, at both ends.
const mostInFlight = 16 << 20

// frame is a frame of examples on its way through a plugin.
type frame struct {
	index int
	items []sdk.Item
	parts []part // of an output: what each item is a part of
	bytes int64  // its share of those in flight
}

// shapedToolset returns the toolset that shaping made for an item; nil: the item names one that a source sent.
func (f frame) shapedToolset(i int) *sdk.Toolset {
	if f.parts == nil {
		return nil
	}
	return f.parts[i].tools
}

// pump sends frames through a stream to a plugin and hands each answer over with its frame, in order. It sends and receives
// from two goroutines, so that neither side ever waits for itself. Errors of the stream are explained as the plugin's fault;
// errors of the functions stay as they are.
type pump[A any] struct {
	plugin *host.Plugin
	tools  *toolsets
	flight *semaphore.Weighted // shared by the streams of a stage
	window int                 // frames that may be unanswered
	next   func(context.Context) (frame, bool, error)
	answer func(frame, []A) error
	finish func() error // called after the last answer; nil: the stream just ends
}

// run sends all frames through a stream, and ends it when all are answered.
func (p *pump[A]) run(ctx context.Context, stream *sdk.Stream[[]A]) error {
	defer stream.Close()
	group, ctx := errgroup.WithContext(ctx)
	defer context.AfterFunc(ctx, stream.Close)() // else one goroutine would go on waiting there when the other fails
	sent, slots := make(chan frame, p.window), make(chan struct{}, p.window)
	group.Go(func() error { return p.sendAll(ctx, stream, sent, slots) })
	group.Go(func() error {
		if err := p.receiveAll(ctx, stream, sent, slots); err != nil {
			return err
		}
		if p.finish != nil {
			return p.finish()
		}
		return p.plugin.Explain(sdk.EndStream(stream))
	})
	return group.Wait()
}

// receiveAll receives an answer to each frame that was sent. It answers a frame without items itself, without the plugin.
func (p *pump[A]) receiveAll(ctx context.Context, stream *sdk.Stream[[]A], sent <-chan frame, slots <-chan struct{}) error {
	for {
		var f frame
		select {
		case next, more := <-sent:
			if !more {
				return nil
			}
			f = next
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		var a []A
		var err error
		for err == nil && len(a) == 0 && len(f.items) > 0 { // none yet, or a sign of life
			a, err = stream.Receive()
		}
		if err == nil && len(a) != len(f.items) {
			err = fmt.Errorf("the plugin answered %d examples with %d answers", len(f.items), len(a))
		}
		if err != nil {
			return explainEnd(p.plugin, err, f)
		}
		if err := p.answer(f, a); err != nil {
			return err
		}
		p.flight.Release(f.bytes)
		<-slots
	}
}

// sendAll sends all frames and closes sent after the last. It takes the next frame only when there is a slot for it: until
// then another stream may take it.
func (p *pump[A]) sendAll(ctx context.Context, stream *sdk.Stream[[]A], sent chan<- frame, slots chan<- struct{}) error {
	tools := p.tools.sender()
	for {
		select {
		case slots <- struct{}{}:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		f, more, err := p.next(ctx)
		if err != nil {
			return err
		}
		if !more {
			close(sent)
			return nil
		}
		for _, item := range f.items {
			f.bytes += int64(len(item.Example))
		}
		f.bytes = min(f.bytes, mostInFlight)
		if err := p.flight.Acquire(ctx, f.bytes); err != nil {
			return context.Cause(ctx)
		}
		sent <- f
		if len(f.items) == 0 { // all were copies, or were dropped: there is nothing to ask
			continue
		}
		if err := stream.Send(f.items, tools(f)); err != nil {
			return explainEnd(p.plugin, err, f)
		}
	}
}

// explainEnd explains at which examples a stream ended, and what became of the plugin.
func explainEnd(plugin *host.Plugin, err error, f frame) error {
	if errors.Is(err, context.Canceled) {
		return err
	}
	if errors.Is(err, io.EOF) {
		err = errors.New("the plugin ended the stream before it had answered everything; " + WorkFolder + "/plugins.log may say why")
	}
	err = plugin.Explain(err)
	itself := func(item sdk.Item) bool { return strings.Contains(err.Error(), "example "+item.ID) } // the error names the example
	switch {
	case len(f.items) == 0, slices.ContainsFunc(f.items, itself):
		return err
	case len(f.items) == 1:
		return fmt.Errorf("at example %s: %w", f.items[0].ID, err)
	}
	return fmt.Errorf("at examples %s to %s: %w", f.items[0].ID, f.items[len(f.items)-1].ID, err)
}
