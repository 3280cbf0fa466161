//go:build unix

package host

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/core/plan"
)

// found makes a plugin from a script, as one that nobody trusts yet. It also returns the reading end of a pipe that the
// plugin and all that it starts hold open: at the end of the pipe they are gone.
func found(t *testing.T, script string) (plan.Plugin, *os.File) {
	folder := t.TempDir()
	path, pipe := filepath.Join(folder, "plugin"), filepath.Join(folder, "pipe")
	require.NoError(t, syscall.Mkfifo(pipe, 0o600))
	held, err := os.OpenFile(pipe, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, held.Close()) })
	require.NoError(t, held.SetReadDeadline(time.Now().Add(20*time.Second)))
	require.NoError(t, os.WriteFile(path, fmt.Appendf(nil, "#!/bin/sh\nexec 3>%s\necho begun >&3\n%s", pipe, script), 0o700))
	return plan.Plugin{Name: "found", Path: path, Args: []string{"an argument"}}, held
}

func TestAPluginThatIsRunByHandSeesNoSecretAndLeavesNoProcess(t *testing.T) {
	t.Setenv("SECRET_TOKEN", "a secret") // in this process's environment, which the host knows
	environ := append(os.Environ(), "HOME=a home")
	h := New(nil, environ, slog.New(slog.DiscardHandler))
	plugin, held := found(t, `echo "I am $1 of $HOME; $SECRET_TOKEN"; echo and more >&2; sleep 60 &`)
	said, err := h.RunByHand(t.Context(), plugin)
	require.NoError(t, err)
	require.Equal(t, "I am an argument of a home; \nand more\n", string(said))
	left, err := io.ReadAll(held)
	require.NoError(t, err, "its grandchild lives")
	require.Equal(t, "begun\n", string(left))
}

func TestAPluginThatIsRunByHandAndDoesNotEnd(t *testing.T) {
	h := New(nil, os.Environ(), slog.New(slog.DiscardHandler))
	plugin, held := found(t, `sleep 60 & sleep 60`)
	enough := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	go func() {
		_, _ = held.Read(make([]byte, 6)) // it has begun
		cancel(enough)
	}()
	_, err := h.RunByHand(ctx, plugin)
	require.ErrorIs(t, err, enough)
	_, err = io.ReadAll(held)
	require.NoError(t, err, "something of it lives")
}

func TestAPluginThatCannotBeRunByHand(t *testing.T) {
	h := New(nil, os.Environ(), slog.New(slog.DiscardHandler))
	_, err := h.RunByHand(t.Context(), plan.Plugin{Name: "found", Path: filepath.Join(t.TempDir(), "nowhere")})
	require.ErrorContains(t, err, "its binary was not found")
}
