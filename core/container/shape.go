package container

import (
	"slices"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// A scalar is a type of values that a Parquet column holds.
type scalar string

const (
	boolean scalar = "booleans"
	integer scalar = "integers"
	large   scalar = "large integers" // above what a float can hold exactly
	double  scalar = "numbers"
	text    scalar = "strings"
	encoded scalar = "JSON text" // of any value
)

// A shape is the type that the values of a column have in common. The zero shape is that of nulls.
type shape struct {
	list   bool
	object bool    // or a list of objects; a shape that is no object has one field without a name
	fields []field // nil: not known yet
}

type field struct {
	name string
	kind scalar
}

// jsonText returns the shape of a column that keeps its values as JSON text, because they differ in shape or are nested.
func jsonText() shape { return only(encoded) }

func only(kind scalar) shape { return shape{fields: []field{{kind: kind}}} }

func (s shape) isJSONText() bool {
	return !s.list && !s.object && s.fields != nil && s.fields[0].kind == encoded
}

// final returns the shape of a column whose values are all known: one that was always null or empty holds strings.
func (s shape) final() shape {
	if s.fields == nil {
		s.fields = only(text).fields
	}
	return s
}

// shapeOf finds the shape of one value.
func (t *table) shapeOf(value jsontext.Value) shape {
	switch value.Kind() {
	case 'n':
		return shape{}
	case '{':
		s := t.shapeOfObject(value)
		if slices.ContainsFunc(s.fields, func(f field) bool { return f.kind != text }) {
			return jsonText() // such as a call's arguments: the next ones may have other keys
		}
		return s
	case '[':
		return t.shapeOfList(value)
	}
	return only(scalarOf(value))
}

// shapeOfObject finds the shape of an object of scalars.
func (t *table) shapeOfObject(value jsontext.Value) shape {
	s := shape{object: true}
	_ = t.object.walk(value, func(name []byte, value jsontext.Value) error { // it was read before, so it is valid
		s.fields = append(s.fields, field{string(name), scalarOf(value)})
		return nil
	})
	if s.fields == nil || slices.ContainsFunc(s.fields, func(f field) bool { return f.kind == encoded }) {
		return jsonText()
	}
	return s
}

// shapeOfList finds the shape of a list of scalars or of objects of scalars.
func (t *table) shapeOfList(value jsontext.Value) shape {
	var common shape
	uneven := false
	_ = t.list.walk(value, func(_ []byte, value jsontext.Value) error {
		element := only(encoded)
		if value.Kind() == '{' {
			element = t.shapeOfObject(value)
		} else if value.Kind() != '[' {
			element = only(scalarOf(value))
		}
		common = common.merge(element)
		uneven = uneven || common.isJSONText()
		return nil
	})
	if uneven {
		return jsonText()
	}
	common.list = true
	return common
}

// merge returns the shape that can hold the values of both shapes.
func (s shape) merge(other shape) shape {
	switch {
	case s.fields == nil && !s.list:
		return other
	case other.fields == nil && !other.list:
		return s
	case s.list != other.list:
		return jsonText()
	case s.fields == nil:
		return other
	case other.fields == nil:
		return s
	case s.object != other.object || len(s.fields) != len(other.fields):
		return jsonText()
	}
	merged := slices.Clone(s.fields)
	for i, f := range merged {
		j := slices.IndexFunc(other.fields, func(o field) bool { return o.name == f.name })
		if j < 0 || mergeScalars(f.kind, other.fields[j].kind) == encoded {
			return jsonText()
		}
		merged[i].kind = mergeScalars(f.kind, other.fields[j].kind)
	}
	return shape{s.list, s.object, merged}
}

func mergeScalars(a, b scalar) scalar {
	both := func(x, y scalar) bool { return a == x && b == y || a == y && b == x }
	switch {
	case a == b:
		return a
	case both(integer, large):
		return large
	case both(integer, double):
		return double
	}
	return encoded
}

// scalarOf finds the type of a value that is neither an object nor a list.
func scalarOf(value jsontext.Value) scalar {
	switch value.Kind() {
	case '"':
		return text
	case 't', 'f':
		return boolean
	case '0':
		if n, err := strconv.ParseInt(string(value), 10, 64); err == nil {
			if exact(n) {
				return integer
			}
			return large
		}
		if isInteger(value) {
			return encoded
		}
		if _, err := strconv.ParseFloat(string(value), 64); err == nil {
			return double
		}
	}
	return encoded
}

// exact reports whether n is in the range in which a float holds every integer.
func exact(n int64) bool { return -1<<53 <= n && n <= 1<<53 }

// isInteger reports whether a number is written without a fraction or an exponent.
func isInteger(number jsontext.Value) bool {
	return !slices.ContainsFunc(number, func(c byte) bool { return c == '.' || c == 'e' || c == 'E' })
}

// floatOf returns a number as a float, and false for an integer that a float may not hold or a number out of range.
func floatOf(number jsontext.Value) (float64, bool) {
	if isInteger(number) {
		n, err := strconv.ParseInt(string(number), 10, 64)
		return float64(n), err == nil && exact(n)
	}
	f, err := strconv.ParseFloat(string(number), 64)
	return f, err == nil
}
