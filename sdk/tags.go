package sdk

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// checkTags reports what is wrong with a struct whose tagged fields are options, and cannot be seen in their description.
func checkTags(t reflect.Type) error {
	var problems []error
	for i := range t.NumField() {
		field := t.Field(i)
		label, flags, flagged := strings.Cut(field.Tag.Get("option"), ",")
		if label == "" {
			continue
		}
		report := func(format string, args ...any) {
			problems = append(problems, fmt.Errorf("option %q, field %s of %s %s", label, field.Name, t, fmt.Sprintf(format, args...)))
		}
		if !field.IsExported() {
			report("cannot be set: begin its name with a capital letter")
		}
		for _, word := range strings.Split(flags, ",") {
			if flagged && word != "required" && word != "secret" {
				report("has the word %q in its tag, which is neither required nor secret", word)
			}
		}
		for _, key := range []string{"min", "max"} {
			if text, ok := field.Tag.Lookup(key); ok && !isNumber(text) {
				report("has a tag %s:%q, which is no number", key, text)
			}
		}
		switch optionType(field.Type) {
		case "":
			report("is a %s, which no option can be: use one of the types at OptionType", field.Type)
		case BlockOption:
			problems = append(problems, checkTags(field.Type.Elem()))
		}
	}
	return errors.Join(problems...)
}

func isNumber(text string) bool {
	_, err := strconv.ParseFloat(text, 64)
	return err == nil
}
