package run

import (
	"errors"

	"github.com/ftprep/ftprep/core/host"
)

// A SharedError is the end of a plugin that had several units, or frames of examples, at once. The message names one of
// them: nobody can tell from outside at which the plugin ended.
type SharedError struct{ Err error }

func (e *SharedError) Error() string { return e.Err.Error() }
func (e *SharedError) Unwrap() error { return e.Err }

// shared marks an error that is the end of a plugin with so many streams, unless it had only one.
func shared(err error, streams int) error {
	if streams > 1 && errors.As(err, new(*host.Error)) {
		return &SharedError{err}
	}
	return err
}
