package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"syscall"

	"github.com/ftprep/ftprep/core/host"
	"github.com/ftprep/ftprep/core/run"
)

// The exit codes, part of the command line's contract.
const (
	exitDone        = 0
	exitFailed      = 1
	exitUsage       = 2 // a mistake in the command line or the pipeline
	exitPlugin      = 3 // a plugin is missing, was refused or died
	exitRejects     = 4 // more rejects than --max-rejects
	exitInterrupted = 130
)

// codeError is an error with an exit code of its own.
type codeError struct {
	code     int
	err      error
	hint     string    // what the user can do
	problems []problem // of the pipeline
	invalid  bool      // the command was asked whether the pipeline is valid
}

func (e *codeError) Error() string { return e.err.Error() }
func (e *codeError) Unwrap() error { return e.err }

func usageError(format string, args ...any) error {
	return &codeError{code: exitUsage, err: fmt.Errorf(format, args...)}
}

// failure is the result of a command that failed, as JSON.
type failure struct {
	Version  int       `json:"version"`
	ExitCode int       `json:"exit_code"`
	Error    string    `json:"error"`
	Hint     string    `json:"hint,omitempty"`
	Valid    *bool     `json:"valid,omitempty"` // if the command was asked
	Problems []problem `json:"problems,omitempty"`
}

func newFailure(err error, interrupted bool) failure {
	f := failure{Version: 1, ExitCode: exitFailed, Error: err.Error()}
	var coded *codeError
	switch {
	case interrupted:
		f.ExitCode, f.Error = exitInterrupted, "interrupted; no output has changed"
	case errors.As(err, &coded):
		f.ExitCode, f.Hint, f.Problems = coded.code, coded.hint, coded.problems
		if coded.invalid {
			f.Valid = new(bool)
		}
	case errors.As(err, new(*run.SharedError)):
		f.ExitCode = exitPlugin
		f.Hint = "the plugin was working on several units or batches of examples, and any of them may be to blame; run with --parallel 1 to find out which"
	case errors.As(err, new(*host.Error)):
		f.ExitCode = exitPlugin
	}
	if f.Hint == "" && !interrupted {
		f.Hint = systemHint(err)
	}
	return f
}

// systemHint returns a hint if the system refused something, whatever was attempted.
func systemHint(err error) string {
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return "the disk or your quota is full: free some space, or write somewhere else"
	case errors.Is(err, syscall.EMFILE):
		return "the limit on open files is too low: raise it, for example with ulimit -n 1024"
	}
	return ""
}

// exitCode prints the error of a command and returns the exit code.
func (a *app) exitCode(ctx context.Context, err error) int {
	if err == nil {
		return exitDone
	}
	// An interruption after outputs have changed is not what ended the command.
	f := newFailure(err, errors.Is(context.Cause(ctx), errInterrupted) && !a.outputsChanged)
	if (f.ExitCode == exitFailed || f.ExitCode == exitPlugin) && f.Hint == "" && a.log != nil && a.log.written() {
		f.Hint = "see " + shorten(a.log.path) + " for what plugins wrote to standard error, such as stack traces"
	}
	a.say("ftprep: %s", f.Error)
	if f.Hint != "" {
		a.say("ftprep: hint: %s", f.Hint)
	}
	if a.json && !a.printed {
		_ = a.printResult(f, func(io.Writer) {}) // the command has failed already
	}
	return f.ExitCode
}
