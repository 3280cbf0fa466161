package sdk

import (
	"errors"
	"fmt"
	"strings"
)

// An OptionError is a complaint of a step about the value of one of its options. The host shows it at the option's line
// in the pipeline. The function that opens the step returns it, or several joined with [errors.Join]. If it is wrapped,
// the text around it is shown, too. For options within nested blocks, see [InBlock].
type OptionError struct {
	Option string // its name; empty if the complaint is about the whole block
	Reason string // what is wrong and what to do about it
}

func (e *OptionError) Error() string {
	if e.Option == "" {
		return e.Reason
	}
	return fmt.Sprintf("option %q: %s", e.Option, e.Reason)
}

// InBlock says that an error is about one of several nested blocks of the same name, counted from 0. For the block rule
// and the index 1, an OptionError about the option text becomes one about rule[1].text, and any other error one about
// rule[1]. The parts of a joined error are treated separately. InBlock returns nil if err is nil.
func InBlock(block string, index int, err error) error {
	var problems []error
	for _, problem := range complaints(err) {
		at := fmt.Sprintf("%s[%d]", block, index)
		if problem.Option != "" {
			at += "." + problem.Option
		}
		problems = append(problems, &OptionError{Option: at, Reason: problem.Reason})
	}
	if len(problems) == 1 {
		return problems[0]
	}
	return errors.Join(problems...)
}

// complaints splits a joined error into its parts, so that each is shown at its own option. The text that an author has
// put around an OptionError stays. An error about no option becomes one about the block.
func complaints(err error) []*OptionError {
	var all []*OptionError
	for _, part := range partsOf(err) {
		all = append(all, complaints(part)...)
	}
	var option *OptionError
	switch {
	case err == nil || len(all) > 0:
		return all
	case errors.As(err, &option):
		return []*OptionError{{Option: option.Option, Reason: strings.Replace(err.Error(), option.Error(), option.Reason, 1)}}
	}
	return []*OptionError{{Reason: err.Error()}}
}

// partsOf returns the errors that [errors.Join] has joined, or nil for any other error. An error that [fmt.Errorf] has
// made of several is one error.
func partsOf(err error) []error {
	many, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return nil
	}
	parts := many.Unwrap()
	if together := errors.Join(parts...); together == nil || together.Error() != err.Error() {
		return nil
	}
	return parts
}
