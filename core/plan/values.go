package plan

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"github.com/ftprep/ftprep/sdk"
)

// evaluateOption evaluates an attribute, checks that the value fits the option and returns it as JSON, or nil for null. ok is
// false if a problem was reported.
func (s *scope) evaluateOption(attr *hcl.Attribute, option sdk.Option) (value json.RawMessage, ok bool) {
	if option.Secret && !s.secret {
		s.shielded(func(s *scope) { value, ok = s.evaluateOption(attr, option) })
		return value, ok
	}
	v, ok := s.evaluate(attr.Expr)
	if !ok || v.IsNull() {
		return nil, ok
	}
	value, err := s.value(v, option)
	if err != nil {
		s.problems.invalid(attr.Expr.Range(), attr.Name, err)
		return nil, false
	}
	return value, true
}

// defaultValue returns the default of an option that holds paths, which only the host can make absolute. The plugin applies
// any other default.
func (s *scope) defaultValue(option sdk.Option, header hcl.Range) (json.RawMessage, bool) {
	if option.Default == "" || (option.Type != sdk.OptionPath && option.Type != sdk.OptionPaths) {
		return nil, true
	}
	var paths []cty.Value
	for _, path := range strings.Split(option.Default, ",") {
		paths = append(paths, cty.StringVal(path))
	}
	v := cty.TupleVal(paths)
	if option.Type == sdk.OptionPath {
		v = cty.StringVal(option.Default)
	}
	value, err := s.value(v, option)
	if err != nil {
		s.problems.add(header, "Invalid default", "The default of %q is not valid here: %v.", option.Name, err)
		return nil, false
	}
	return value, true
}

// value converts a known value that is not null to the option's type and checks it.
func (s *scope) value(v cty.Value, option sdk.Option) (json.RawMessage, error) {
	v, err := conform(v, option.Type)
	if err != nil {
		return nil, err
	}
	switch option.Type {
	case sdk.OptionPath:
		place, err := s.locate.file(v.AsString())
		return toJSON(place), hidePath(option, err)
	case sdk.OptionPaths:
		places, err := s.paths(v)
		if option.Name != "path" { // the path of sources: checkInputs checks what they read
			s.locate.files = appendNew(s.locate.files, places...)
		}
		return toJSON(places), hidePath(option, err)
	}
	value, err := ctyjson.Marshal(v, v.Type())
	if err != nil {
		return nil, err
	}
	return value, option.Check(value)
}

func (s *scope) paths(list cty.Value) ([]string, error) {
	places := []string{}
	var faults []string
	for _, v := range list.AsValueSlice() {
		expanded, err := s.locate.expand(v.AsString())
		if err != nil {
			faults = append(faults, err.Error())
		}
		places = appendNew(places, expanded...)
	}
	if list.LengthInt() == 0 {
		return nil, errors.New("at least one path is needed")
	}
	if len(faults) > 0 {
		return nil, errors.New(strings.Join(faults, "; "))
	}
	return places, nil
}

// appendNew appends the strings that a list does not have yet.
func appendNew(list []string, more ...string) []string {
	seen := map[string]bool{}
	for _, text := range list {
		seen[text] = true
	}
	for _, text := range more {
		if !seen[text] {
			list = append(list, text)
		}
		seen[text] = true
	}
	return list
}

// conform converts a value to the type that an option needs. A single string can stand for a list of one.
func conform(v cty.Value, typ sdk.OptionType) (cty.Value, error) {
	want, name := cty.String, "a string"
	switch typ {
	case sdk.OptionInt, sdk.OptionNumber:
		want, name = cty.Number, "a number"
	case sdk.OptionBool:
		want, name = cty.Bool, "true or false"
	case sdk.OptionDuration:
		name = `a duration such as "90s"`
	case sdk.OptionPath:
		name = "a path"
	case sdk.OptionList, sdk.OptionPaths:
		want, name = cty.List(cty.String), "a list of strings"
		if v.Type() == cty.String {
			v = cty.ListVal([]cty.Value{v})
		}
	case sdk.OptionMap:
		want, name = cty.Map(cty.String), "a map of strings"
	}
	converted, err := convert.Convert(v, want)
	if err != nil || converted.IsNull() {
		return cty.NilVal, fmt.Errorf("%s is needed, not a %s", name, kindName(v.Type()))
	}
	if isList(want) || isMap(want) {
		for _, element := range converted.AsValueSlice() {
			if element.IsNull() {
				return cty.NilVal, fmt.Errorf("%s is needed, but one of its elements is null", name)
			}
		}
	}
	return converted, nil
}
