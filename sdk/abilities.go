package sdk

import (
	"errors"
	"fmt"
	"reflect"
)

// abilitiesOf lists the optional interfaces of a kind of step, each of one method.
func abilitiesOf(kind Kind) []reflect.Type {
	switch kind {
	case KindSource:
		return []reflect.Type{reflect.TypeFor[Lister]()}
	case KindFormat:
		return []reflect.Type{
			reflect.TypeFor[Framer](), reflect.TypeFor[Holder](), reflect.TypeFor[Filer](), reflect.TypeFor[Decoder](),
			reflect.TypeFor[Beginner](), reflect.TypeFor[Finisher](),
		}
	}
	return nil
}

// checkAbilities reports methods that are meant to be called and never would be: they have the name of an optional
// interface's method with other parameters or results, or a pointer to the step has them and the step is none.
func checkAbilities(kind Kind, step any) error {
	value := reflect.ValueOf(step)
	var problems []error
	for _, ability := range abilitiesOf(kind) {
		wanted, has := ability.Method(0), value.MethodByName(ability.Method(0).Name)
		switch {
		case value.Type().Implements(ability):
		case has.IsValid():
			problems = append(problems, fmt.Errorf("its method %s would never be called: it is a %s, and that of %s a %s",
				wanted.Name, has.Type(), ability, wanted.Type))
		case reflect.PointerTo(value.Type()).Implements(ability):
			problems = append(problems, fmt.Errorf("its method %s would never be called: it belongs to a pointer, so return a *%s",
				wanted.Name, value.Type()))
		}
	}
	return errors.Join(problems...)
}
