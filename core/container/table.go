package container

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/parquet-go/parquet-go"
)

const (
	leading    = 8 << 20  // bytes of the first rows, which decide the columns
	groupSize  = 32 << 20 // bytes of rows in a row group: what a reader decodes and a writer keeps at a time
	maxColumns = 10_000
)

// table writes rows as a Parquet file. It keeps the first rows until it knows the columns.
type table struct {
	out     io.Writer
	rows    int
	waiting [][]byte
	size    int // in bytes of the waiting rows, then of the rows in the row group
	columns []*column
	names   map[string]*column
	file    *parquet.GenericWriter[any] // nil: the columns are not known yet
	values  parquet.Row

	row, list, object walker
	unquoted          []byte
}

// column is a member of the rows.
type column struct {
	name   string
	shape  shape
	first  int               // the place of its first field among the fields of all columns
	value  jsontext.Value    // in the row that is written
	fields [][]parquet.Value // of the value
}

func newTable(out io.Writer) *table { return &table{out: out, names: map[string]*column{}} }

func (t *table) Write(row []byte) error {
	t.rows++
	if err := t.write(row); err != nil {
		return fmt.Errorf("row %d: %w", t.rows, err)
	}
	return nil
}

func (t *table) write(row []byte) error {
	if t.file != nil {
		return t.put(row)
	}
	if err := t.learn(row); err != nil {
		return err
	}
	t.waiting = append(t.waiting, bytes.Clone(row))
	if t.size += len(row); t.size >= leading {
		return t.start()
	}
	return nil
}

// learn has the shapes of a row's values count for its columns.
func (t *table) learn(row []byte) error {
	return t.members(row, func(name []byte, value jsontext.Value) error {
		c, ok := t.names[string(name)]
		if !ok {
			if len(t.columns) == maxColumns {
				return fmt.Errorf("the rows have more than %d columns; %s", maxColumns, wayOut)
			}
			c = &column{name: string(name)}
			t.names[c.name] = c
			t.columns = append(t.columns, c)
		}
		c.shape = c.shape.merge(t.shapeOf(value))
		return nil
	})
}

func (t *table) members(row []byte, visit func(name []byte, value jsontext.Value) error) error {
	if jsontext.Value(row).Kind() != '{' {
		return fmt.Errorf("a table has rows of JSON objects only, and this is %.40s", row)
	}
	return t.row.walk(row, visit)
}

// start settles the columns and writes the rows that wait.
func (t *table) start() error {
	if len(t.columns) == 0 && t.rows > 0 {
		return errors.New("without columns there is no table; " + wayOut)
	}
	fields := 0
	for _, c := range t.columns {
		c.shape = c.shape.settled()
		c.first = fields
		c.fields = make([][]parquet.Value, len(c.shape.fields))
		fields += len(c.shape.fields)
	}
	t.file = newFile(t.out, t.columns)
	t.size = 0
	for _, row := range t.waiting {
		if err := t.put(row); err != nil {
			return err
		}
	}
	t.waiting = nil
	return nil
}

// put writes a row.
func (t *table) put(row []byte) error {
	err := t.members(row, func(name []byte, value jsontext.Value) error {
		c, ok := t.names[string(name)]
		if !ok {
			return fmt.Errorf("the column %q is in none of the first rows, which decide the columns of a table; %s", name, wayOut)
		}
		c.value = value
		return nil
	})
	if err != nil {
		return err
	}
	t.values, t.unquoted = t.values[:0], t.unquoted[:0]
	for _, c := range t.columns {
		if !t.fill(c) {
			return fmt.Errorf("the column %q holds %s, as the first rows decide, and this value does not fit: %.60s; %s",
				c.name, c.shape, c.value, wayOut)
		}
		c.value = nil
		for _, values := range c.fields {
			t.values = append(t.values, values...)
		}
	}
	if _, err := t.file.WriteRows([]parquet.Row{t.values}); err != nil {
		return err
	}
	if t.size += len(row); t.size < groupSize {
		return nil
	}
	t.size = 0
	return t.file.Flush()
}

// Close writes what waits, and the end of the file.
func (t *table) Close() error {
	if t.file == nil {
		if err := t.start(); err != nil {
			return err
		}
	}
	return t.file.Close()
}

// errMisfit says that a value is not what its column holds.
var errMisfit = errors.New("misfit")

// fill makes the column's values of one row out of its JSON. It returns false where that does not fit.
func (t *table) fill(c *column) bool {
	for i := range c.fields {
		c.fields[i] = c.fields[i][:0]
	}
	switch kind := c.value.Kind(); {
	case len(c.value) == 0 || kind == 'n':
		return c.absent(0)
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

// absent makes values that say at which level of the column there is nothing.
func (c *column) absent(level int) bool {
	for i := range c.fields {
		c.fields[i] = append(c.fields[i], parquet.NullValue().Level(0, level, c.first+i))
	}
	return true
}

// element makes the values of something that is not a list, at given levels (repetition, definition) of the column.
func (t *table) element(c *column, value jsontext.Value, again, level int) bool {
	if !c.shape.object {
		v, ok := t.scalar(c.shape.fields[0].kind, value)
		c.fields[0] = append(c.fields[0], v.Level(again, level, c.first))
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
				c.fields[i] = append(c.fields[i], v.Level(again, level+1, c.first+i))
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

// scalar makes a value of a type.
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
