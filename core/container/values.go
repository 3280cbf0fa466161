package container

import (
	"errors"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/parquet-go/parquet-go"
)

// errMisfit says that a value does not fit its column.
var errMisfit = errors.New("misfit")

// fill makes the values of one row for a column from its JSON. It returns false if that does not fit.
func (t *table) fill(c *column) bool {
	for i := range c.fields {
		c.fields[i] = c.fields[i][:0]
	}
	switch kind := c.value.Kind(); {
	case len(c.value) == 0 || kind == 'n':
		c.absent(0)
		return true
	case !c.shape.list:
		return t.element(c, c.value, 0, 1)
	case kind != '[':
		return false
	}
	elements := 0
	err := t.list.walk(c.value, func(_ []byte, value jsontext.Value) error {
		if !t.element(c, value, min(elements, 1), 3) {
			return errMisfit
		}
		elements++
		return nil
	})
	if elements == 0 {
		c.absent(1)
	}
	return err == nil
}

// absent adds nulls that say at which level of the column there is nothing.
func (c *column) absent(level int) {
	for i := range c.fields {
		c.fields[i] = append(c.fields[i], parquet.NullValue().Level(0, level, c.first+i))
	}
}

// element adds the values of something that is not a list, at these levels of Parquet.
func (t *table) element(c *column, value jsontext.Value, repetition, definition int) bool {
	if !c.shape.object {
		v, ok := t.scalar(c.shape.fields[0].kind, value)
		c.fields[0] = append(c.fields[0], v.Level(repetition, definition, c.first))
		return ok
	}
	if value.Kind() != '{' {
		return false
	}
	count := len(c.fields[0])
	err := t.object.walk(value, func(name []byte, value jsontext.Value) error {
		for i, f := range c.shape.fields {
			if f.name == string(name) {
				v, ok := t.scalar(f.kind, value)
				c.fields[i] = append(c.fields[i], v.Level(repetition, definition+1, c.first+i))
				if ok {
					return nil
				}
			}
		}
		return errMisfit
	})
	for _, values := range c.fields {
		if len(values) != count+1 {
			return false
		}
	}
	return err == nil
}

// scalar makes a value of a type from its JSON. It returns false if that does not fit.
func (t *table) scalar(kind scalar, value jsontext.Value) (parquet.Value, bool) {
	switch got := value.Kind(); {
	case kind == encoded:
		return parquet.ByteArrayValue(value), true
	case kind == text && got == '"':
		start := len(t.unquoted)
		t.unquoted, _ = jsontext.AppendUnquote(t.unquoted, value)
		return parquet.ByteArrayValue(t.unquoted[start:]), true
	case kind == boolean && (got == 't' || got == 'f'):
		return parquet.BooleanValue(got == 't'), true
	case (kind == integer || kind == large) && got == '0':
		n, err := strconv.ParseInt(string(value), 10, 64)
		return parquet.Int64Value(n), err == nil
	case kind == double && got == '0':
		f, ok := floatOf(value)
		return parquet.DoubleValue(f), ok
	}
	return parquet.Value{}, false
}
