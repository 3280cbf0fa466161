package sdk

import (
	"errors"
	"fmt"
	"reflect"
)

// abilitiesOf returns the optional interfaces of a kind of step. Each has one method.
func abilitiesOf(kind Kind) []reflect.Type {
	switch kind {
	case KindSource:
		return []reflect.Type{reflect.TypeFor[Lister]()}
	case KindFormat:
		return []reflect.Type{
			reflect.TypeFor[Framer](), reflect.TypeFor[Holder](), reflect.TypeFor[FileNamer](), reflect.TypeFor[Decoder](),
			reflect.TypeFor[Beginner](), reflect.TypeFor[Finisher](),
		}
	}
	return nil
}

// checkAbilities returns an error for each method of a step that looks like one of an optional interface but would never
// be called: its parameters or results differ, or only a pointer to the step has it and the step is not a pointer.
func checkAbilities(kind Kind, step any) error {
	value := reflect.ValueOf(step)
	var problems []error
	for _, ability := range abilitiesOf(kind) {
		wanted, has := ability.Method(0), value.MethodByName(ability.Method(0).Name)
		switch {
		case value.Type().Implements(ability):
		case has.IsValid():
			problems = append(problems, fmt.Errorf("its method %s would never be called: its type is %s, but that of %s is %s",
				wanted.Name, has.Type(), ability, wanted.Type))
		case reflect.PointerTo(value.Type()).Implements(ability):
			problems = append(problems, fmt.Errorf("its method %s would never be called: it has a pointer receiver, so return a *%s",
				wanted.Name, value.Type()))
		}
	}
	return errors.Join(problems...)
}
