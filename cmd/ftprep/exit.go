package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/ftprep/ftprep/core/host"
)

// The exit codes, part of the command line's contract.
const (
	exitDone        = 0
	exitFailed      = 1
	exitUsage       = 2 // of the command line or the pipeline
	exitPlugin      = 3 // missing, refused or died
	exitRejects     = 4 // more than --max-rejects
	exitInterrupted = 130
)

// codeError is an error that has an exit code of its own.
type codeError struct {
	code int
	err  error
	hint string // the way out
}

func (e *codeError) Error() string { return e.err.Error() }
func (e *codeError) Unwrap() error { return e.err }

func usageError(format string, args ...any) error {
	return &codeError{code: exitUsage, err: fmt.Errorf(format, args...)}
}

// errShown is an error that has been shown already.
var errShown = errors.New("shown")

// exitCode shows an error and finds its exit code.
func (a *app) exitCode(ctx context.Context, err error) int {
	if err == nil {
		return exitDone
	}
	code := exitFailed
	var coded *codeError
	var plugin *host.Error
	switch {
	case errors.Is(context.Cause(ctx), errInterrupted):
		code, err = exitInterrupted, errors.New("interrupted; no output has changed")
	case errors.As(err, &coded):
		code = coded.code
	case errors.As(err, &plugin):
		code = exitPlugin
	}
	if !errors.Is(err, errShown) {
		a.showError(err, code)
	}
	return code
}

func (a *app) showError(err error, code int) {
	if a.json {
		data, _ := json.Marshal(map[string]any{"version": 1, "error": err.Error(), "exit_code": code}) // strings always encode
		fmt.Fprintln(a.stdout, string(data))
	}
	fmt.Fprintf(a.stderr, "ftprep: %v\n", err)
	var coded *codeError
	if errors.As(err, &coded) && coded.hint != "" {
		fmt.Fprintf(a.stderr, "ftprep: hint: %s\n", coded.hint)
	}
}
