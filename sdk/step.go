package sdk

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync"
)

// A Step is one source, filter or format that a plugin offers.
// Make it with [NewSource], [NewFilter], [NewKeyer] or [NewFormat].
type Step struct {
	Kind    Kind
	Type    string // the first label of the block that uses it
	Doc     string // begins with a sentence
	Options []Option
	Keyed   bool  // of a filter: it is a [Keyer]
	Holds   Holds // of a format: what it can hold

	open   func(Setup, []byte) (any, error)
	misuse func() error // reports what is wrong with the struct of its options
}

// Step returns the plugin's step of a kind and type, or nil if it offers none.
func (p Plugin) Step(kind Kind, typ string) *Step {
	at := slices.IndexFunc(p.Steps, func(s Step) bool { return s.Kind == kind && s.Type == typ })
	if at < 0 {
		return nil
	}
	return &p.Steps[at]
}

func (s Step) label() string { return string(s.Kind) + "." + s.Type }

func newStep[O, S any](kind Kind, typ, doc string, open func(Setup, O) (S, error)) Step {
	// Mistakes are reported when the step is opened or its plugin starts, not here: a program may link many plugins and
	// serve only one of them.
	misuse := sync.OnceValue(func() error { return checkTags(reflect.TypeFor[O]()) })
	return Step{
		Kind:    kind,
		Type:    typ,
		Doc:     doc,
		Options: optionsOf(reflect.TypeFor[O]()),
		misuse:  misuse,
		open: func(setup Setup, values []byte) (any, error) {
			if err := misuse(); err != nil {
				return nil, err
			}
			var options O
			if err := decodeOptions(values, reflect.ValueOf(&options).Elem()); err != nil {
				return nil, err
			}
			step, err := open(setup, options)
			if err != nil {
				return nil, err
			}
			if any(step) == nil {
				return nil, errors.New("the function that opens it returned neither a step nor an error")
			}
			return step, checkAbilities(kind, step)
		},
	}
}

// Open opens a step in this process, for tests of the step on its own. The result is a [Source], [Filter], [Keyer] or
// [Format]. values is a JSON object of option values.
func (s Step) Open(setup Setup, values string) (any, error) {
	if s.open == nil {
		return nil, errors.New("the step was not made by a New function")
	}
	step, err := s.open(setup, []byte(values))
	if err != nil {
		return nil, fmt.Errorf("open %s %q: %w", s.Kind, s.Type, err)
	}
	return step, nil
}
