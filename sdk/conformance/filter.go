package conformance

import (
	"context"
	"reflect"

	"golang.org/x/sync/errgroup"

	"github.com/ftprep/ftprep/sdk"
)

// streams is how many streams of one step run at the same time.
const streams = 4

func (s *stepRunner) filter(ctx context.Context) {
	do := func(client *sdk.Client, frames ...[]*sdk.Example) ([]Applied, error) {
		return Apply(ctx, client, s.step.Type, sdk.Setup{Block: s.label + ".test"}, s.options, frames...)
	}
	s.check("odd examples", func(f *findings) {
		applied, ok := twice(ctx, s.runner, f, func(client *sdk.Client) ([]Applied, error) {
			return do(client, OneByOne(examplesFor(s.step))...)
		})
		if ok {
			s.examineVerdicts(f, applied)
			s.sameAtOnce(ctx, f, applied, func(client *sdk.Client, handle sdk.Handle) (any, error) {
				return apply(ctx, client, handle, examplesFor(s.step))
			})
		}
	})
	s.check("no examples", func(f *findings) {
		f.each("", s.with(ctx, 0, func(client *sdk.Client) error {
			_, err := do(client)
			return err
		}))
	})
	s.check("cancel", func(f *findings) {
		streamCancelled(ctx, s, f, func(ctx context.Context, client *sdk.Client, handle sdk.Handle) (*sdk.Stream[[]sdk.Outcome], error) {
			return client.Apply(ctx, []sdk.Handle{handle})
		})
	})
}

// examineVerdicts checks what has become of each example, besides what the client checks.
func (s *stepRunner) examineVerdicts(f *findings, applied []Applied) {
	for i, original := range examplesFor(s.step) {
		examineVerdict(f, original.ID, applied[i])
	}
}

func examineVerdict(f *findings, id string, applied Applied) {
	where, replaced := "example "+id, false
	for _, decision := range applied.Decisions {
		if decision.Filter != 0 {
			f.fault(where, "it decided for filter %d, but there is only filter 0", decision.Filter)
		}
		replaced = replaced || decision.Action == sdk.ActionReplace
	}
	if len(applied.Decisions) == 0 && len(applied.Examples) == 0 {
		f.fault(where, "it dropped the example without a decision")
	}
	for _, example := range applied.Examples {
		switch {
		case !replaced && example.ID != id:
			f.fault(where, "it changed the id to %s", example.ID)
		case example.ID == "" || example.ID != id && example.Provenance.Parent != id:
			f.fault(where, "what replaces it has no id, or does not name it as its parent")
		}
	}
}

func (s *stepRunner) keyer(ctx context.Context) {
	s.check("odd examples", func(f *findings) {
		alone, ok := twice(ctx, s.runner, f, func(client *sdk.Client) ([][]string, error) {
			return Keys(ctx, client, s.step.Type, s.options, OneByOne(examplesFor(s.step))...)
		})
		if ok {
			s.sameAtOnce(ctx, f, alone, func(client *sdk.Client, handle sdk.Handle) (any, error) {
				return keys(ctx, client, handle, examplesFor(s.step))
			})
		}
	})
	s.check("cancel", func(f *findings) {
		streamCancelled(ctx, s, f, func(ctx context.Context, client *sdk.Client, handle sdk.Handle) (*sdk.Stream[[][]string], error) {
			return client.Keys(ctx, handle)
		})
	})
}

// sameAtOnce opens a step and, as the host does, runs several streams of it at the same time. Each has all examples in
// one frame. The answers must be the same as when there is one example in a frame.
func (s *stepRunner) sameAtOnce(ctx context.Context, f *findings, alone any, do func(*sdk.Client, sdk.Handle) (any, error)) {
	f.each("", s.with(ctx, 0, func(client *sdk.Client) error {
		handle, err := client.Open(ctx, s.step, sdk.Setup{Block: s.label + ".test"}, []byte(s.options))
		if err != nil {
			return err
		}
		var group errgroup.Group
		var answers [streams]any
		for i := range answers {
			group.Go(func() (err error) {
				answers[i], err = do(client, handle)
				return err
			})
		}
		if err := group.Wait(); err != nil {
			return err
		}
		for _, answer := range answers {
			if !reflect.DeepEqual(alone, answer) {
				f.fault("", "examples in one frame, over several streams at once, get other answers than one by one: a step must not remember what it has seen")
				break
			}
		}
		return nil
	}))
}

// streamCancelled cancels a stream while the plugin works on a frame of all examples.
func streamCancelled[A any](ctx context.Context, s *stepRunner, f *findings, open func(context.Context, *sdk.Client, sdk.Handle) (*sdk.Stream[A], error)) {
	f.each("", s.cancels(ctx, func(client *sdk.Client) error {
		setup := sdk.Setup{Block: "test"}
		if s.step.Kind == sdk.KindFormat {
			setup.Paths = []string{"out.jsonl"}
		}
		handle, err := client.Open(ctx, s.step, setup, []byte(s.options))
		if err != nil {
			return err
		}
		return s.endsSoon(ctx, client, func(ctx context.Context) error {
			stream, err := open(ctx, client, handle)
			if err != nil {
				return err
			}
			defer stream.Close()
			if err := stream.Send(frameOf(examplesFor(s.step), map[string]bool{})); err != nil {
				return err
			}
			_, _ = stream.Receive() // other checks look at the answer
			return nil
		})
	}))
}
