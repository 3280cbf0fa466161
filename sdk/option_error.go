package sdk

import (
	"errors"
	"fmt"
)

// An OptionError is a step's complaint about the value of one of its options; the host shows it at the
// option's line. Steps return it from the function that opens them, several joined with [errors.Join]. See [InBlock] for
// those within nested blocks.
type OptionError struct {
	Option string
	Reason string
}

func (e *OptionError) Error() string { return fmt.Sprintf("option %q: %s", e.Option, e.Reason) }

// InBlock says of an error, which may be joined of several and be nil, in which of repeated blocks it is, counted from 0. An
// OptionError in it is then about that block's option, as rule[1].text; any other error about the block, as rule[1].
func InBlock(block string, index int, err error) error {
	if err == nil {
		return nil
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var parts []error
		for _, part := range joined.Unwrap() {
			parts = append(parts, InBlock(block, index, part))
		}
		return errors.Join(parts...)
	}
	at := fmt.Sprintf("%s[%d]", block, index)
	var option *OptionError
	switch {
	case !errors.As(err, &option):
		return &OptionError{Option: at, Reason: err.Error()}
	case option.Option != "":
		at += "." + option.Option
	}
	return &OptionError{Option: at, Reason: option.Reason}
}
