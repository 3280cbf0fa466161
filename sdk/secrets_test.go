package sdk

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestAHiddenSecretLeavesTheErrorWhatItIs: only the text of an error changes, and nothing in it can be asked for the word.
func TestAHiddenSecretLeavesTheErrorWhatItIs(t *testing.T) {
	process := &Process{Client: NewClient(nil, IdleTime)}
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

func TestEveryFormOfASecretIsHidden(t *testing.T) {
	var s secrets
	s.add("abc", "sesame", "open sesame", "-----BEGIN KEY-----\nMIIEvQIB\"ADAN\nAb==\n-----END KEY-----\n", "pin7\n")
	for text, want := range map[string]string{
		"abc and pin":              "abc and pin", // too short: to hide them would garble every text
		"PIN pin7":                 "PIN (secret)",
		"open sesame, or sesame":   "(secret), or (secret)",
		"the line MIIEvQIB\"ADAN":  "the line (secret)",
		"in JSON MIIEvQIB\\\"ADAN": "in JSON (secret)",
		fmt.Sprintf("as %q", "-----BEGIN KEY-----\nMIIEvQIB\"ADAN\nAb==\n-----END KEY-----"): `as "(secret)"`,
		"secret": "secret",
	} {
		require.Equal(t, want, s.hide(text))
	}
}

func TestSecretsInALogLineAreHidden(t *testing.T) {
	var s secrets
	s.add("key\"<1>", "73512")
	line := parseLogLine(`{"level":"INFO","msg":"got key\"\u003c1\u003e","a":{"b":["key\"<1>",73512,1]},"n":73512}`)
	line.conceal(&s)
	require.Equal(t, "got (secret) a=map[b:[(secret) (secret) 1]] n=(secret)", line.String())
}

// TestARejectIsKeptWithoutSecrets: what is kept of a frame is what was shown of it.
func TestARejectIsKeptWithoutSecrets(t *testing.T) {
	var s secrets
	s.add("hunter22")
	wire, err := (&ReadFrame{Rejects: []Reject{{File: "a", Line: 1, Cause: "no hunter22 here"}}, Progress: 7}).AppendBinary(nil)
	require.NoError(t, err)
	frame, err := ParseReadFrame(wire)
	require.NoError(t, err)
	s.hideInFrame(&frame)
	kept, err := frame.AppendBinary(nil)
	require.NoError(t, err)
	again, err := ParseReadFrame(kept)
	require.NoError(t, err)
	require.Equal(t, []Reject{{File: "a", Line: 1, Cause: "no (secret) here"}}, again.Rejects)
	require.EqualValues(t, 7, again.Progress)
}
