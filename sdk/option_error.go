package sdk

import (
	"errors"
	"fmt"
	"strings"
)

// An OptionError is a step's complaint about the value of one of its options; the host shows it at the
// option's line. Steps return it from the function that opens them, several joined with [errors.Join]; one that
// is wrapped keeps the words around it. See [InBlock] for those within nested blocks.
type OptionError struct {
	Option string // its name; empty: the complaint is about the block
	Reason string // what is wrong, and what to do
}

func (e *OptionError) Error() string {
	if e.Option == "" {
		return e.Reason
	}
	return fmt.Sprintf("option %q: %s", e.Option, e.Reason)
}

// InBlock places an error in one of several nested blocks, counted from 0: an OptionError about the option text becomes one
// about rule[1].text, any other error one about rule[1]. Errors that are joined are placed one by one; nil stays nil.
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

// complaints splits an error that was joined of several, so that each is shown at its own option. What an author has written
// around an OptionError stays; an error about no option is about the block.
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

// partsOf gives the errors that [errors.Join] has put together. One that [fmt.Errorf] has made of several is one.
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
