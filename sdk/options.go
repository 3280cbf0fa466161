package sdk

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// An OptionType is the type of an option's value in a pipeline.
type OptionType string

// The option types, each with the Go type of the struct field that it comes from.
const (
	OptionString   OptionType = "string"   // string
	OptionInt      OptionType = "int"      // int
	OptionNumber   OptionType = "number"   // float64
	OptionBool     OptionType = "bool"     // bool
	OptionDuration OptionType = "duration" // time.Duration; written "90s", "2h"
	OptionPath     OptionType = "path"     // Path; relative to the pipeline file
	OptionPaths    OptionType = "paths"    // []Path; globs are expanded
	OptionList     OptionType = "list"     // []string
	OptionMap      OptionType = "map"      // map[string]string
	OptionBlock    OptionType = "block"    // []struct; nested blocks of that name, in order
)

func optionTypes() []OptionType {
	return []OptionType{
		OptionString, OptionInt, OptionNumber, OptionBool, OptionDuration, OptionPath, OptionPaths, OptionList, OptionMap, OptionBlock,
	}
}

// A Path is the value of an option that names a file or folder. The host makes it absolute.
type Path string

// An Option describes one option of a step, as it crosses the wire.
type Option struct {
	Name       string
	Type       OptionType
	Doc        string
	Default    string // as in a pipeline, but strings without quotes and lists separated by commas; empty: none
	Required   bool
	OneOf      []string
	Min, Max   *float64
	Secret     bool     // never printed or logged
	Deprecated string   // what to use instead
	Options    []Option // of OptionBlock: the options within a block
}

// optionsOf returns the options that the tags of a struct type describe. A type that is not a struct has none; checkTags
// reports it.
func optionsOf(t reflect.Type) []Option {
	if t.Kind() != reflect.Struct {
		return nil
	}
	var options []Option
	for i := range t.NumField() {
		if option, ok := optionOf(t.Field(i)); ok {
			options = append(options, option)
		}
	}
	return options
}

// optionOf returns the option that the tag of a field describes. ok is false if the field is not an option or cannot be
// one; checkTags reports the latter.
func optionOf(field reflect.StructField) (option Option, ok bool) {
	label, flags, _ := strings.Cut(field.Tag.Get("option"), ",")
	typ := optionType(field.Type)
	if label == "" || typ == "" {
		return Option{}, false
	}
	words := strings.Split(flags, ",")
	option = Option{
		Name:       label,
		Type:       typ,
		Doc:        field.Tag.Get("doc"),
		Default:    field.Tag.Get("default"),
		Required:   slices.Contains(words, "required"),
		Secret:     slices.Contains(words, "secret"),
		Deprecated: field.Tag.Get("deprecated"),
		Min:        numberTag(field, "min"),
		Max:        numberTag(field, "max"),
	}
	if words := field.Tag.Get("one_of"); words != "" {
		option.OneOf = strings.Split(words, ",")
	}
	if option.Type == OptionBlock {
		option.Options = optionsOf(field.Type.Elem())
	}
	return option, true
}

// numberTag returns the number in a tag, or nil if there is none. checkTags reports a tag that holds something else.
func numberTag(field reflect.StructField, key string) *float64 {
	number, err := strconv.ParseFloat(field.Tag.Get(key), 64)
	if err != nil {
		return nil
	}
	return &number
}

// optionType returns the option type for a Go type, or "" if no option can have it.
func optionType(t reflect.Type) OptionType {
	t = indirect(t)
	switch {
	case t == reflect.TypeFor[time.Duration]():
		return OptionDuration
	case t == reflect.TypeFor[Path]():
		return OptionPath
	case t == reflect.TypeFor[[]Path]():
		return OptionPaths
	case t.Kind() == reflect.String:
		return OptionString
	case t.Kind() == reflect.Int:
		return OptionInt
	case t.Kind() == reflect.Float64:
		return OptionNumber
	case t.Kind() == reflect.Bool:
		return OptionBool
	case t == reflect.TypeFor[[]string]():
		return OptionList
	case t == reflect.TypeFor[map[string]string]():
		return OptionMap
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Struct:
		return OptionBlock
	}
	return ""
}

// checkOptions returns what is wrong with the description of a step's options.
func checkOptions(step string, options []Option, reserved []string) []error {
	var problems []error
	seen := map[string]bool{}
	for _, option := range options {
		report := func(format string, args ...any) {
			problems = append(problems, fmt.Errorf("step %q, option %q %s", step, option.Name, fmt.Sprintf(format, args...)))
		}
		option.checkDescription(report)
		if slices.Contains(reserved, option.Name) {
			report("has a name that is reserved for the host")
		}
		if seen[option.Name] {
			report("is described twice")
		}
		seen[option.Name] = true
		problems = append(problems, checkOptions(step, option.Options, nil)...)
	}
	return problems
}

// checkDescription reports what is wrong with the description of an option on its own.
func (o Option) checkDescription(report func(format string, args ...any)) {
	if !namePattern.MatchString(o.Name) {
		report("is not a valid name: use lower-case letters, digits and single underscores")
	}
	if !slices.Contains(optionTypes(), o.Type) {
		report("has the type %q, which is not one of %q", o.Type, optionTypes())
	}
	if o.Doc == "" {
		report("lacks a doc")
	}
	if o.Required && o.Default != "" {
		report("is required, so its default is never used: remove one of the two")
	}
	if err := o.checkDefault(); err != nil {
		report("has a bad default: %v", err)
	}
}

func (o Option) checkDefault() error {
	if o.Default == "" {
		return nil
	}
	value, err := o.Parse(o.Default)
	if err != nil {
		return err
	}
	return o.Check(value)
}

// Parse returns the JSON for a value that is written as text, as in a tag or on a command line; commas separate the
// elements of a list. [Option.Check] may still refuse the value.
func (o Option) Parse(text string) (json.RawMessage, error) {
	switch o.Type {
	case OptionInt, OptionNumber, OptionBool:
		if !json.Valid([]byte(text)) {
			return nil, fmt.Errorf("%q is not a valid %s", text, o.Type)
		}
		return json.RawMessage(text), nil
	case OptionList, OptionPaths:
		return json.Marshal(strings.Split(text, ","))
	case OptionMap, OptionBlock:
		return nil, fmt.Errorf("a %s cannot be written as text", o.Type)
	default:
		return json.Marshal(text)
	}
}

// Check returns an error that says why the option does not take a value, given as JSON.
func (o Option) Check(value json.RawMessage) error {
	switch o.Type {
	case OptionInt, OptionNumber:
		return o.checkNumber(value)
	case OptionBool:
		return checkJSON[bool](value, "true or false is needed")
	case OptionPath:
		return checkJSON[string](value, "a path is needed")
	case OptionPaths:
		return checkJSON[[]string](value, "a list of paths is needed")
	case OptionMap:
		return checkJSON[map[string]string](value, "a map of strings is needed")
	case OptionBlock:
		return checkJSON[[]map[string]json.RawMessage](value, "a list of blocks is needed")
	case OptionDuration:
		var text string
		if err := json.Unmarshal(value, &text); err != nil {
			return errors.New(`a duration is needed, such as "90s" or "2h"`)
		}
		if _, err := time.ParseDuration(text); err != nil {
			return fmt.Errorf(`%s is not a duration; write "90s" or "2h"`, o.quote(text))
		}
	case OptionString:
		var text string
		if err := json.Unmarshal(value, &text); err != nil {
			return errors.New("a string is needed")
		}
		return o.checkOneOf(text)
	case OptionList:
		var list []string
		if err := json.Unmarshal(value, &list); err != nil {
			return errors.New("a list of strings is needed")
		}
		if o.Required && len(list) == 0 {
			return errors.New("the list is empty, and at least one value is needed")
		}
		for _, text := range list {
			if err := o.checkOneOf(text); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkJSON returns an error with the text needed if value is not JSON for the type T.
func checkJSON[T any](value json.RawMessage, needed string) error {
	var into T
	if json.Unmarshal(value, &into) != nil {
		return errors.New(needed)
	}
	return nil
}

func (o Option) checkNumber(value json.RawMessage) error {
	number, err := strconv.ParseFloat(string(value), 64)
	if err != nil {
		return errors.New("a number is needed")
	}
	if _, err := strconv.Atoi(string(value)); err != nil && o.Type == OptionInt {
		return fmt.Errorf("a whole number is needed, not %s", o.shown(string(value)))
	}
	if o.Min != nil && number < *o.Min {
		return fmt.Errorf("%s is below the minimum, %v", o.shown(string(value)), *o.Min)
	}
	if o.Max != nil && number > *o.Max {
		return fmt.Errorf("%s is above the maximum, %v", o.shown(string(value)), *o.Max)
	}
	return nil
}

func (o Option) checkOneOf(text string) error {
	if len(o.OneOf) == 0 || slices.Contains(o.OneOf, text) {
		return nil
	}
	return fmt.Errorf("%s is not one of %s", o.quote(text), strings.Join(o.OneOf, ", "))
}

func (o Option) quote(text string) string { return o.shown(strconv.Quote(text)) }

// shown returns a value as errors may show it.
func (o Option) shown(value string) string {
	if o.Secret {
		return "(secret)"
	}
	return value
}

// decodeOptions fills a struct with tagged fields from a JSON object of option values.
func decodeOptions(values []byte, into reflect.Value) error {
	var object map[string]json.RawMessage
	if len(values) > 0 {
		if err := json.Unmarshal(values, &object); err != nil {
			return fmt.Errorf("decode options: %w", err)
		}
	}
	var problems []error
	var known []string
	for i := range into.NumField() {
		option, ok := optionOf(into.Type().Field(i))
		if !ok {
			continue
		}
		known = append(known, option.Name)
		value, field := object[option.Name], into.Field(i)
		var blocks []json.RawMessage
		if option.Type == OptionBlock && json.Unmarshal(value, &blocks) == nil && len(blocks) > 0 {
			problems = append(problems, decodeBlocks(option.Name, blocks, field))
		} else if err := option.decode(value, field); err != nil {
			problems = append(problems, &OptionError{Option: option.Name, Reason: err.Error()})
		}
	}
	for label := range object {
		if !slices.Contains(known, label) {
			problems = append(problems, &OptionError{Option: label, Reason: "there is no such option"})
		}
	}
	return errors.Join(problems...)
}

// decodeBlocks sets a field to a slice with one element for each block.
func decodeBlocks(name string, blocks []json.RawMessage, field reflect.Value) error {
	field.Set(reflect.MakeSlice(field.Type(), len(blocks), len(blocks)))
	var problems []error
	for i, block := range blocks {
		problems = append(problems, InBlock(name, i, decodeOptions(block, field.Index(i))))
	}
	return errors.Join(problems...)
}

// decode sets a field to a value, or to the default if the pipeline gives none.
func (o Option) decode(value json.RawMessage, field reflect.Value) error {
	if value == nil || string(value) == "null" {
		if o.Required {
			return errors.New("a value is needed")
		}
		if o.Default == "" {
			return nil
		}
		var err error
		if value, err = o.Parse(o.Default); err != nil {
			return err
		}
	}
	if err := o.Check(value); err != nil {
		return err
	}
	if field.Kind() == reflect.Pointer {
		field.Set(reflect.New(field.Type().Elem()))
		field = field.Elem()
	}
	switch o.Type {
	case OptionDuration:
		var text string
		if err := json.Unmarshal(value, &text); err != nil {
			return err
		}
		duration, err := time.ParseDuration(text)
		field.SetInt(int64(duration))
		return err
	default:
		return json.Unmarshal(value, field.Addr().Interface())
	}
}
