package container

import (
	"bytes"
	"errors"
	"fmt"
	"io"

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
	size    int // bytes of the waiting rows, later of the rows in the row group
	columns []*column
	names   map[string]*column
	file    *parquet.GenericWriter[any] // nil: the columns are not known yet
	values  parquet.Row

	row, list, object walker
	unquoted          []byte
}

// A column is a member that rows have.
type column struct {
	name   string
	shape  shape
	first  int               // the place of its first field among the fields of all columns
	value  jsontext.Value    // in the row being written
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

// learn merges the shapes of a row's values into those of the columns.
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

// members visits the members of a row.
func (t *table) members(row []byte, visit func(name []byte, value jsontext.Value) error) error {
	if jsontext.Value(row).Kind() != '{' {
		return fmt.Errorf("every row of a table must be a JSON object, not %.40s", row)
	}
	return t.row.walk(row, visit)
}

// start settles the columns and writes the waiting rows.
func (t *table) start() error {
	if len(t.columns) == 0 && t.rows > 0 {
		return errors.New("a table needs at least one column; " + wayOut)
	}
	fields := 0
	for _, c := range t.columns {
		c.shape = c.shape.final()
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
			return fmt.Errorf("the column %q holds %s, judging by the first rows, but this value does not fit: %.60s; %s",
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

// Close writes the waiting rows and the end of the file.
func (t *table) Close() error {
	if t.file == nil {
		if err := t.start(); err != nil {
			return err
		}
	}
	return t.file.Close()
}
