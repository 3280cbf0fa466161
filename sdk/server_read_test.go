package sdk

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
)

// sink is a stream whose messages nobody receives.
type sink struct{ grpc.ServerStream }

func (sink) Context() context.Context { return context.Background() }

func (sink) SendMsg(any) error { return nil }

// largeSource emits examples that no frame can carry, and looks after each at what the framer holds.
type largeSource struct {
	framer *framer
	held   []int
}

func (s *largeSource) Read(_ context.Context, _ Unit, emitter *Emitter) error {
	text := strings.Repeat("x", maxExample)
	for i := range 3 {
		large := &Example{ID: fmt.Sprint(i), Type: DirectExecution, Messages: []Message{{Role: User, Text: text}}}
		if err := emitter.Restore(large, i+1); err != nil {
			return err
		}
		s.held = append(s.held, len(s.framer.encoded))
	}
	return nil
}

func TestAnExampleThatIsTooLargeTakesNoPlaceInAFrame(t *testing.T) {
	source := &largeSource{framer: &framer{stream: sink{}}}
	require.NoError(t, (&service{}).readUnit(source, nil, Unit{}, source.framer))
	require.Equal(t, []int{0, 0, 0}, source.held)
}
