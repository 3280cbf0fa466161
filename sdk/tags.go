package sdk

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// tagKeys returns the keys that the tag of an option's field may have; see [NewSource].
func tagKeys() []string {
	return []string{"option", "doc", "default", "one_of", "min", "max", "deprecated"}
}

// checkTags returns what is wrong with a struct type whose tagged fields are options, as far as their description does
// not show it.
func checkTags(t reflect.Type) error {
	if t.Kind() != reflect.Struct {
		return fmt.Errorf("its options are a %s: give a struct, not a pointer to one", t)
	}
	var problems []error
	for i := range t.NumField() {
		field := t.Field(i)
		label, _, _ := strings.Cut(field.Tag.Get("option"), ",")
		place := fmt.Sprintf("field %s of %s", field.Name, t)
		if label != "" {
			place = fmt.Sprintf("option %q, %s", label, place)
		}
		report := func(format string, args ...any) {
			problems = append(problems, fmt.Errorf("%s %s", place, fmt.Sprintf(format, args...)))
		}
		switch {
		case label != "":
			checkTag(field, report)
			if optionType(field.Type) == OptionBlock {
				problems = append(problems, checkTags(field.Type.Elem()))
			}
		case field.Anonymous && indirect(field.Type).Kind() == reflect.Struct:
			report("is embedded, so its fields are not options: write them out")
		case slices.ContainsFunc(tagKeys(), func(key string) bool { _, ok := field.Tag.Lookup(key); return ok }):
			report("has a tag without a name: begin it with option:%q", "name")
		}
	}
	return errors.Join(problems...)
}

// tagPart matches a key and its value, as in a [reflect.StructTag].
var tagPart = regexp.MustCompile(`([^\s":]+):"(?:[^"\\]|\\.)*"`)

// checkTag reports what is wrong with the tag of an option's field.
func checkTag(field reflect.StructField, report func(format string, args ...any)) {
	if !field.IsExported() {
		report("cannot be set: begin its name with a capital letter")
	}
	if strings.TrimSpace(tagPart.ReplaceAllString(string(field.Tag), "")) != "" {
		report("has a malformed tag: write key:%q, with spaces between several", "value")
	}
	checkTagKeys(field.Tag, report)
	typ := optionType(field.Type)
	if typ == "" {
		report("has the type %s, which an option cannot have: use one of those listed at OptionType", field.Type)
	}
	checkBounds(field.Tag, typ, report)
	if words, ok := field.Tag.Lookup("one_of"); ok && typ != OptionString && typ != OptionList {
		report("has a tag one_of:%q, but only a string or []string can have one", words)
	}
}

// checkTagKeys reports unknown keys in a tag, and unknown words after the option's name.
func checkTagKeys(tag reflect.StructTag, report func(format string, args ...any)) {
	for _, part := range tagPart.FindAllStringSubmatch(string(tag), -1) {
		if !slices.Contains(tagKeys(), part[1]) {
			report("has the key %q in its tag, which is not one of %s; required and secret follow the name, as in option:%q",
				part[1], strings.Join(tagKeys(), ", "), "name,required")
		}
	}
	if _, flags, flagged := strings.Cut(tag.Get("option"), ","); flagged {
		for _, word := range strings.Split(flags, ",") {
			if word != "required" && word != "secret" {
				report("has the word %q in its tag, which is neither required nor secret", word)
			}
		}
	}
}

// checkBounds reports bounds that are not numbers or that an option of the type cannot have.
func checkBounds(tag reflect.StructTag, typ OptionType, report func(format string, args ...any)) {
	for _, key := range []string{"min", "max"} {
		text, ok := tag.Lookup(key)
		switch {
		case ok && typ != OptionInt && typ != OptionNumber:
			report("has a tag %s:%q, but only an int or float64 can have bounds", key, text)
		case ok && !isNumber(text):
			report("has a tag %s:%q, which is not a number", key, text)
		}
	}
}

func isNumber(text string) bool {
	_, err := strconv.ParseFloat(text, 64)
	return err == nil
}

func indirect(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}
