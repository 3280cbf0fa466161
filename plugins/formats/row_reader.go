package formats

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// A rowReader takes a row apart, one of its own format or somebody else's, and gathers what is wrong with it. It goes on
// after a problem, so that all are found at once.
type rowReader struct {
	problems []string
	one      bool // only the first problem is kept
}

// An object holds the members of a JSON object by their keys.
type object map[string]jsontext.Value

// report adds a problem. One that a row has several times is said once.
func (r *rowReader) report(problem string) {
	if r.one && len(r.problems) > 0 {
		return
	}
	if !slices.Contains(r.problems, problem) {
		r.problems = append(r.problems, problem)
	}
}

// check reports a problem unless ok is true.
func (r *rowReader) check(ok bool, problem string) {
	if !ok {
		r.report(problem)
	}
}

// unfit reports that a value is missing or not what it must be. what names the value in problems, here and below.
func (r *rowReader) unfit(value jsontext.Value, what, problem string) {
	if value == nil {
		problem = "is missing"
	}
	r.report(what + " " + problem)
}

// row reads a whole row and returns nil if it is no object. optional are keys that it may lack.
func (r *rowReader) row(row []byte, optional ...string) object {
	o := object{}
	err := jsonv2.Unmarshal(row, &o, jsontext.AllowInvalidUTF8(true))
	switch {
	case errors.Is(err, jsontext.ErrDuplicateName):
		r.report("an object has a key twice")
		return nil
	case err != nil || o == nil:
		r.report("the row is not a JSON object")
		return nil
	}
	r.reportCase(o, optional)
	return o
}

// object reads a value that must be an object, and returns an empty one if it is not. optional are keys that it may lack.
func (r *rowReader) object(value jsontext.Value, what string, optional ...string) object {
	o := object{}
	if value.Kind() != '{' || jsonv2.Unmarshal(value, &o, jsontext.AllowInvalidUTF8(true)) != nil {
		r.unfit(value, what, "is not an object")
		return object{}
	}
	r.reportCase(o, optional)
	return o
}

// reportCase reports keys of an object that differ from the given ones only in case, because their reader would not see them.
func (r *rowReader) reportCase(o object, keys []string) {
	for _, name := range sortedKeys(o) {
		for _, key := range keys {
			r.check(name == key || !strings.EqualFold(name, key), "a key in the wrong case: "+name+" for "+key)
		}
	}
}

// list reads a value that must be a list.
func (r *rowReader) list(value jsontext.Value, what string) []jsontext.Value {
	var list []jsontext.Value
	if value.Kind() != '[' || jsonv2.Unmarshal(value, &list, jsontext.AllowInvalidUTF8(true)) != nil {
		r.unfit(value, what, "is not a list")
	}
	return list
}

// text reads a value that must be a string.
func (r *rowReader) text(value jsontext.Value, what string) string {
	var text string
	if value.Kind() != '"' || jsonv2.Unmarshal(value, &text, jsontext.AllowInvalidUTF8(true)) != nil {
		r.unfit(value, what, "is not a string")
	}
	return text
}

// optional reads a value that must be a string if it is there.
func (r *rowReader) optional(value jsontext.Value, what string) string {
	if value == nil {
		return ""
	}
	return r.text(value, what)
}

// column reads a column of a row that must be a text.
func (r *rowReader) column(row object, name string) string {
	return r.text(row[name], "the column "+name)
}

// nullable reads a column of text that may be missing or null.
func (r *rowReader) nullable(row object, name string) string {
	if kind := row[name].Kind(); kind == jsontext.KindInvalid || kind == 'n' {
		return ""
	}
	return r.column(row, name)
}

// arguments reads the arguments of a call, which must be an object, and returns an empty one if they are not.
func (r *rowReader) arguments(value jsontext.Value) json.RawMessage {
	if value.Kind() != '{' || !value.IsValid(jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true)) {
		r.report("arguments that are not an object")
		return json.RawMessage("{}")
	}
	return json.RawMessage(value)
}

// flag reads a value that must be true or false.
func (r *rowReader) flag(value jsontext.Value, what string) bool {
	if value.Kind() != 't' && value.Kind() != 'f' {
		r.unfit(value, what, "is neither true nor false")
	}
	return value.Kind() == 't'
}

// unwrap reads JSON that stands in a string.
func (r *rowReader) unwrap(value jsontext.Value, what string) jsontext.Value {
	inner := jsontext.Value(strings.TrimSpace(r.text(value, what)))
	if !inner.IsValid(jsontext.AllowInvalidUTF8(true)) {
		r.report(what + " is text that is not valid JSON, or has a key twice")
		return nil
	}
	return inner
}

// reportUnknown reports keys of an object that are not among the given ones, because their reader would refuse them.
func (r *rowReader) reportUnknown(o object, reader string, keys ...string) {
	for _, key := range sortedKeys(o) {
		r.check(slices.Contains(keys, key), "a key that "+reader+" does not know: "+key)
	}
}

func sortedKeys(o object) []string { return slices.Sorted(maps.Keys(o)) }
