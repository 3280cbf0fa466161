package process

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
	"github.com/ftprep/ftprep/sdk/internal/secrets"
)

// TestAHiddenSecretLeavesTheErrorWhatItIs: only the text of an error changes, and the secret cannot be read from what it
// wraps.
func TestAHiddenSecretLeavesTheErrorWhatItIs(t *testing.T) {
	words := &secrets.Words{}
	process := &Process{Client: sdk.NewClient(nil, sdk.ClientOptions{Secrets: words}), secrets: words}
	process.Conceal("hunter22")
	fault := &fs.PathError{Op: "open", Path: "/home/hunter22", Err: io.ErrUnexpectedEOF}

	err := process.Explain(fmt.Errorf("read: %w", fault))
	require.EqualError(t, err, "read: open /home/(secret): unexpected EOF")
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	require.NotErrorIs(t, err, io.EOF)
	require.False(t, errors.As(err, new(*fs.PathError)))

	plain := fmt.Errorf("read: %w", io.EOF)
	require.Same(t, plain, process.Explain(plain))
}
