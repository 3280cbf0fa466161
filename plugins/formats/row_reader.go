package formats

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/ftprep/ftprep/sdk"
)

// A rowReader takes a row apart, its own format's or somebody else's, and gathers what is wrong with it for its reader.
// It goes on after a problem, so that all are found at once.
type rowReader struct{ problems []string }

// object is a JSON object by its keys.
type object map[string]jsontext.Value

// report adds a problem; the same one twice in a row is said once.
func (r *rowReader) report(problem string) {
	if !slices.Contains(r.problems, problem) {
		r.problems = append(r.problems, problem)
	}
}

// check reports a problem unless all is well.
func (r *rowReader) check(ok bool, problem string) {
	if !ok {
		r.report(problem)
	}
}

// row reads a whole row, nil where it is none.
func (r *rowReader) row(row []byte) object {
	o := object{}
	err := jsonv2.Unmarshal(row, &o, jsontext.AllowInvalidUTF8(true))
	switch {
	case errors.Is(err, jsontext.ErrDuplicateName):
		r.report("an object with a key twice")
		return nil
	case err != nil || o == nil:
		r.report("the row is no JSON object")
		return nil
	}
	return o
}

// object reads a value that must be an object, what; without it, an empty one.
func (r *rowReader) object(value jsontext.Value, what string) object {
	o := object{}
	if value.Kind() != '{' || jsonv2.Unmarshal(value, &o, jsontext.AllowInvalidUTF8(true)) != nil {
		r.report(what + " is no object")
		return object{}
	}
	return o
}

// list reads a value that must be a list, what.
func (r *rowReader) list(value jsontext.Value, what string) []jsontext.Value {
	var list []jsontext.Value
	if value.Kind() != '[' || jsonv2.Unmarshal(value, &list, jsontext.AllowInvalidUTF8(true)) != nil {
		r.report(what + " is no list")
	}
	return list
}

// text reads a value that must be a string, what.
func (r *rowReader) text(value jsontext.Value, what string) string {
	var text string
	if value.Kind() != '"' || jsonv2.Unmarshal(value, &text, jsontext.AllowInvalidUTF8(true)) != nil {
		r.report(what + " is no text")
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

// flag reads a value that must be true or false, what.
func (r *rowReader) flag(value jsontext.Value, what string) bool {
	r.check(value.Kind() == 't' || value.Kind() == 'f', what+" is neither true nor false")
	return value.Kind() == 't'
}

// unwrap reads JSON that stands in a string.
func (r *rowReader) unwrap(value jsontext.Value, what string) jsontext.Value {
	inner := jsontext.Value(strings.TrimSpace(r.text(value, what)))
	if !inner.IsValid(jsontext.AllowInvalidUTF8(true)) {
		r.report(what + " is text that is no JSON, or has a key twice")
		return nil
	}
	return inner
}

// known reports keys of an object that its reader would refuse.
func (r *rowReader) known(o object, reader string, keys ...string) {
	for _, key := range sortedKeys(o) {
		r.check(slices.Contains(keys, key), "a key that "+reader+" does not know: "+key)
	}
}

func sortedKeys(o object) []string {
	var keys []string
	for key := range o {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// tools reads the list of tools that a row offers.
func (r *rowReader) tools(list jsontext.Value) *sdk.Toolset {
	set := &sdk.Toolset{}
	for _, value := range r.list(list, "tools") {
		tool := r.object(value, "a tool")
		if tool["type"].Kind() != '"' || r.text(tool["type"], "a tool's type") != "function" {
			r.report("a tool whose type is not function")
		}
		function := r.object(tool["function"], "a tool's function")
		d := sdk.ToolDefinition{
			Description: r.optional(function["description"], "a tool's description"), Schema: json.RawMessage(function["parameters"]),
		}
		d.Server, d.Name = sdk.SplitName(r.text(function["name"], "a tool's name"))
		set.Tools = append(set.Tools, d)
	}
	if len(set.Tools) == 0 {
		return nil
	}
	return set
}

// toolsText reads tools that are the text of a list. A list itself is taken as well, and so is none.
func (r *rowReader) toolsText(value jsontext.Value) *sdk.Toolset {
	switch value.Kind() {
	case jsontext.KindInvalid, 'n':
		return nil
	case '[':
		return r.tools(value)
	}
	if list := r.unwrap(value, "tools"); list != nil {
		return r.tools(list)
	}
	return nil
}
