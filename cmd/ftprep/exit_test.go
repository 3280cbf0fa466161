package main

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestInterruptionsAfterOutputsHaveChanged(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errInterrupted)
	for _, c := range []struct {
		changed bool
		code    int
		said    string
	}{
		{false, exitInterrupted, "ftprep: interrupted; no output has changed\n"},
		{true, exitRejects, "ftprep: too many\n"},
	} {
		var said bytes.Buffer
		a := &app{stderr: &said, changed: c.changed}
		require.Equal(t, c.code, a.exitCode(ctx, &codeError{code: exitRejects, err: errors.New("too many")}))
		require.Equal(t, c.said, said.String())
	}
}
