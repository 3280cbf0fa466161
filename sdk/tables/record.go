package tables

import (
	"bytes"
	"errors"
	"math"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/parquet-go/parquet-go"
)

// errLevels says that the columns of a table contradict each other or the schema.
var errLevels = errors.New("its columns contradict each other or the schema")

// A record turns a row's values into JSON. The levels that come with each value tell which of the groups and lists above
// it are there (Dremel, section 4).
type record struct {
	root   *node
	sparse bool              // leave out null members of objects within a row, too
	values [][]parquet.Value // by column, the values that are left
	text   []byte
}

// json returns a row as JSON, valid until the next call.
func (r *record) json(row parquet.Row) ([]byte, error) {
	clear(r.values)
	ordered := true
	row.Range(func(column int, values []parquet.Value) bool {
		ordered = column < len(r.values) && values[0].Column() == column
		if ordered {
			r.values[column] = values
		}
		return ordered
	})
	if !ordered {
		return nil, errLevels
	}
	r.text = r.text[:0]
	if err := r.addMembers(r.root, true); err != nil {
		return nil, err
	}
	for _, left := range r.values {
		if len(left) > 0 {
			return nil, errLevels
		}
	}
	return r.text, nil
}

// separate appends a comma, unless an object or array has just begun.
func (r *record) separate() {
	if end := r.text[len(r.text)-1]; end != '{' && end != '[' {
		r.text = append(r.text, ',')
	}
}

// isNull reports whether an optional or repeated node is not there.
func (r *record) isNull(n *node) bool {
	values := r.values[n.first]
	return len(values) > 0 && values[0].DefinitionLevel() < n.definition
}

// skip skips the values that only say that a node is not there.
func (r *record) skip(n *node) {
	for i := n.first; i < n.last; i++ {
		if len(r.values[i]) > 0 {
			r.values[i] = r.values[i][1:]
		}
	}
}

// add appends a node's value, or the list of its values.
func (r *record) add(n *node) error {
	if !n.repeated {
		return r.addOne(n)
	}
	r.text = append(r.text, '[')
	if r.isNull(n) {
		r.skip(n)
	} else if err := r.addAll(n); err != nil {
		return err
	}
	r.text = append(r.text, ']')
	return nil
}

// addAll appends the values of a repeated node. If the node only wraps the element of a list, the element stands for it.
func (r *record) addAll(n *node) error {
	element := n
	if n.wraps {
		element = n.members[0]
	}
	for {
		r.separate()
		before := len(r.values[n.first])
		if err := r.addOne(element); err != nil {
			return err
		}
		left := r.values[n.first]
		if len(left) == before {
			return errLevels
		}
		if len(left) == 0 || left[0].RepetitionLevel() != n.repetition {
			return nil
		}
	}
}

// addOne appends one value of a node.
func (r *record) addOne(n *node) error {
	switch {
	case n.optional && r.isNull(n):
		r.skip(n)
		r.text = append(r.text, "null"...)
		return nil
	case n.wraps && !n.repeated: // a list or map; addAll has replaced what is repeated in one
		return r.add(n.members[0])
	case n.members == nil:
		return r.addScalar(n)
	}
	return r.addMembers(n, r.sparse)
}

// addMembers appends an object, if sparse without the members that are null.
func (r *record) addMembers(n *node, sparse bool) error {
	r.text = append(r.text, '{')
	for _, member := range n.members {
		if sparse && member.optional && r.isNull(member) {
			r.skip(member)
			continue
		}
		r.separate()
		r.text = append(r.text, member.label...)
		if err := r.add(member); err != nil {
			return err
		}
	}
	r.text = append(r.text, '}')
	return nil
}

// addScalar appends the next value of a column.
func (r *record) addScalar(n *node) error {
	values := r.values[n.first]
	if len(values) == 0 || values[0].IsNull() {
		return errLevels
	}
	value := values[0]
	r.values[n.first] = values[1:]
	switch n.kind {
	case parquet.Boolean:
		r.text = strconv.AppendBool(r.text, value.Boolean())
	case parquet.Int32, parquet.Int64:
		r.addInteger(n, value)
	case parquet.Int96:
		r.text = strconv.AppendInt(r.text, instant(value.Int96()), 10)
	case parquet.Float:
		r.addFloat(float64(value.Float()), 32)
	case parquet.Double:
		r.addFloat(value.Double(), 64)
	default:
		r.text, _ = jsontext.AppendQuote(r.text, value.ByteArray()) // the error only says that bytes were replaced
	}
	return nil
}

func (r *record) addInteger(n *node, value parquet.Value) {
	switch {
	case n.kind == parquet.Int32 && n.unsigned:
		r.text = strconv.AppendUint(r.text, uint64(value.Uint32()), 10)
	case n.kind == parquet.Int32:
		r.text = strconv.AppendInt(r.text, n.number(int64(value.Int32())), 10)
	case n.unsigned:
		r.text = strconv.AppendUint(r.text, value.Uint64(), 10)
	default:
		r.text = strconv.AppendInt(r.text, n.number(value.Int64()), 10)
	}
}

// addFloat appends a number in a form that is read back as a float. NaN and infinities are null, as in `datasets`.
func (r *record) addFloat(f float64, bits int) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		r.text = append(r.text, "null"...)
		return
	}
	start := len(r.text)
	r.text = strconv.AppendFloat(r.text, f, 'g', -1, bits)
	if !bytes.ContainsAny(r.text[start:], ".e") {
		r.text = append(r.text, ".0"...)
	}
}
