package run

import (
	"errors"

	"github.com/ftprep/ftprep/core/host"
)

// A SharedError says that a plugin ended while it had several units, or frames of examples, at once. The message may name only
// some of them: nobody can tell from outside at which the plugin ended.
type SharedError struct{ Err error }

func (e *SharedError) Error() string { return e.Err.Error() }
func (e *SharedError) Unwrap() error { return e.Err }

// asShared turns an error into a [SharedError] if it says that a plugin with more than one stream ended.
func asShared(err error, streams int) error {
	if streams > 1 && errors.As(err, new(*host.Error)) {
		return &SharedError{err}
	}
	return err
}
