package host

import (
	"context"
	"log/slog"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/core/plan"
	"github.com/ftprep/ftprep/sdk"
)

var quiet = sdk.Plugin{Name: "quiet", Version: "1.0.0", Doc: "Keeps all.", Steps: []sdk.Step{
	sdk.NewFilter("quiet", "Keeps all.", func(sdk.Setup, struct{}) (sdk.Filter, error) { return keeper{}, nil }),
}}

type keeper struct{}

func (keeper) Apply(context.Context, *sdk.Example) (sdk.Verdict, error) { return sdk.Keep(), nil }

// TestMain lets the test binary serve the built-in plugin and guard others, as ftprep does.
func TestMain(m *testing.M) {
	switch {
	case len(os.Args) > 1 && os.Args[1] == ServeArgument:
		sdk.Serve(quiet)
	case len(os.Args) > 1 && os.Args[1] == GuardArgument:
		os.Exit(Guard(os.Args[2:]))
	default:
		os.Exit(m.Run())
	}
}

func newTestHost(t *testing.T) *Host {
	h := New([]sdk.Plugin{quiet}, os.Environ(), slog.New(slog.DiscardHandler))
	t.Cleanup(func() { h.Close(context.Background()) })
	return h
}

func canceled(t *testing.T) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}

func TestAStartThatItsCallerGaveUpIsTriedAgain(t *testing.T) {
	h, plugin := newTestHost(t), plan.Plugin{Name: quiet.Name, Builtin: true}
	_, err := h.Start(canceled(t), plugin)
	require.ErrorIs(t, err, context.Canceled)
	started, err := h.Start(t.Context(), plugin)
	require.NoError(t, err)
	require.Equal(t, quiet.Version, started.Description.Version)
	again, err := h.Start(t.Context(), plugin)
	require.NoError(t, err)
	require.Same(t, started, again)
}

func TestAFailureToStartIsRemembered(t *testing.T) {
	h, plugin := newTestHost(t), plan.Plugin{Name: "nowhere"}
	_, err := h.Start(t.Context(), plugin)
	require.ErrorAs(t, err, new(*Error))
	_, again := h.Start(t.Context(), plugin)
	require.Same(t, err, again)
}

// TestWhoWaitsForAStart waits for a start that another caller has begun.
func TestWhoWaitsForAStart(t *testing.T) {
	h, plugin := newTestHost(t), plan.Plugin{Name: quiet.Name, Builtin: true}
	other := &Plugin{Name: quiet.Name, ready: make(chan struct{})}
	h.plugins[startKey(plugin)] = other
	_, err := h.Start(canceled(t), plugin)
	require.ErrorIs(t, err, context.Canceled, "it does not wait longer than its caller")

	type answer struct {
		plugin *Plugin
		err    error
	}
	answers := make(chan answer)
	go func() {
		started, err := h.Start(t.Context(), plugin)
		answers <- answer{started, err}
	}()
	other.err, other.abandoned = context.Canceled, true
	close(other.ready)
	got := <-answers
	require.NoError(t, got.err, "another caller's end is not its own")
	require.Equal(t, quiet.Version, got.plugin.Description.Version)
}
