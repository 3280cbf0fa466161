package sdk

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
)

// sink is a stream whose messages are lost.
type sink struct{ grpc.ServerStream }

func (sink) Context() context.Context { return context.Background() }

func (sink) SendMsg(any) error { return nil }

// largeSource emits examples that are too large for a frame, and after each looks at what the framer holds.
type largeSource struct {
	framer *framer
	held   []int
}

func (s *largeSource) Read(_ context.Context, _ Unit, emitter *Emitter) error {
	text := strings.Repeat("x", maxExample)
	for i := range 3 {
		large := &Example{ID: fmt.Sprint(i), Type: TypeDirectExecution, Messages: []Message{{Role: RoleUser, Text: text}}}
		if err := emitter.Restore(large, i+1); err != nil {
			return err
		}
		s.held = append(s.held, len(s.framer.encoded))
	}
	return nil
}

// messages is a stream that keeps what was sent.
type messages struct {
	sink
	sent []*framed
}

func (m *messages) SendMsg(message any) error {
	m.sent = append(m.sent, message.(*framed))
	return nil
}

// equipped emits examples, each with a toolset of its own.
type equipped []string // the descriptions of the tools

func (e equipped) Read(_ context.Context, _ Unit, emitter *Emitter) error {
	for i, description := range e {
		example := &Example{Messages: []Message{{Role: RoleUser, Text: fmt.Sprint(i)}, {Role: RoleAssistant, Text: "a"}}, Toolset: described(description)}
		if err := emitter.Example(example); err != nil {
			return err
		}
		example.Toolset.Tools[0].Description = "changed by the source, which is its right"
	}
	return nil
}

func TestEqualToolsetsCrossAUnitOnce(t *testing.T) {
	stream := &messages{}
	framer := &framer{stream: stream}
	for range 2 {
		require.NoError(t, (&service{}).readUnit(equipped{"a", "a", "b", "a"}, nil, Unit{}, framer))
	}
	require.Len(t, stream.sent, 2)
	for _, message := range stream.sent {
		frame := readFrameOf(message)
		require.Equal(t, []*Toolset{described("a"), described("b")}, frame.Toolsets)
		require.Equal(t, []string{described("a").Hash(), described("b").Hash()}, frame.names)
		require.Equal(t, frame.names[0], frame.Items[3].Toolset)
	}
}

func TestToolsetsCountAmongAFramesBytes(t *testing.T) {
	large := make(equipped, 8)
	for i := range large {
		large[i] = strings.Repeat(fmt.Sprint(i), frameBytes*2/5)
	}
	stream := &messages{}
	require.NoError(t, (&service{}).readUnit(large, nil, Unit{}, &framer{stream: stream}))
	sets := 0
	for _, message := range stream.sent {
		require.LessOrEqual(t, message.size(), frameBytes+4<<10)
		sets += len(message.frame.GetToolsets())
	}
	require.Equal(t, len(large), sets)
}

func TestAnExampleThatIsTooLargeTakesNoPlaceInAFrame(t *testing.T) {
	source := &largeSource{framer: &framer{stream: sink{}}}
	require.NoError(t, (&service{}).readUnit(source, nil, Unit{}, source.framer))
	require.Equal(t, []int{0, 0, 0}, source.held)
}

// leaky leaks its emitter, as to a goroutine that it does not wait for.
type leaky struct {
	err     error
	emitter *Emitter
}

func (l *leaky) Read(_ context.Context, _ Unit, emitter *Emitter) error {
	l.emitter = emitter
	return l.err
}

// TestAnEmitterEndsWithItsUnit: the memory and the stream behind an emitter then serve another unit.
func TestAnEmitterEndsWithItsUnit(t *testing.T) {
	for _, failure := range []error{nil, errors.New("interrupted")} {
		stream, source := &messages{}, &leaky{err: failure}
		framer := &framer{stream: stream}
		require.Equal(t, failure, (&service{}).readUnit(source, nil, Unit{ID: "u"}, framer))
		sent := len(stream.sent)

		require.ErrorIs(t, source.emitter.Progress(1), errEnded)
		late := &Example{Messages: []Message{{Role: RoleUser, Text: "late"}}}
		for _, emit := range []func() error{
			func() error { return source.emitter.Example(late) },
			func() error { return source.emitter.Restore(late, 1) },
			func() error { return source.emitter.Reject(Reject{Cause: "late"}) },
		} {
			if failure == nil { // what is emitted would be lost silently
				require.PanicsWithError(t, errEnded.Error(), func() { _ = emit() })
			} else {
				require.ErrorIs(t, emit(), errEnded)
			}
		}
		require.Len(t, stream.sent, sent)
		require.Empty(t, framer.frame)
	}
}
