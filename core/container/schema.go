package container

import (
	"fmt"
	"io"
	"reflect"
	"strings"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"
	"github.com/parquet-go/parquet-go/compress/zstd"
	"github.com/parquet-go/parquet-go/encoding"
)

// newFile begins a Parquet file of the columns. Everything may be null, and lists have three levels, as the Parquet format's
// LogicalTypes.md describes and pyarrow writes them, so that `datasets` sees lists of structs. No bounds of values are
// written: they would be whole texts, several times and not compressed.
func newFile(out io.Writer, columns []*column) *parquet.GenericWriter[any] {
	options := []parquet.WriterOption{
		parquet.CreatedBy("ftprep", "1", "0"), // else it would name the library's version
		parquet.Compression(&zstd.Codec{Level: zstd.SpeedDefault, Concurrency: 1}),
		parquet.PageBufferSize(1 << 20),
		parquet.DataPageStatistics(false),
	}
	var members group
	for _, c := range columns {
		members = append(members, member{parquet.Optional(c.shape.node()), c.name})
		for _, f := range c.shape.fields {
			options = append(options, parquet.SkipPageBounds(c.path(f)...))
		}
	}
	return parquet.NewGenericWriter[any](out, append(options, parquet.NewSchema("schema", members))...)
}

// path returns the path of a field of a column, as Parquet names it.
func (c *column) path(f field) []string {
	path := []string{c.name}
	if c.shape.list {
		path = append(path, "list", "element")
	}
	if c.shape.object {
		path = append(path, f.name)
	}
	return path
}

// node returns the shape as part of a Parquet schema.
func (s shape) node() parquet.Node {
	node := s.fields[0].kind.node()
	if s.object {
		var members group
		for _, f := range s.fields {
			members = append(members, member{parquet.Optional(f.kind.node()), f.name})
		}
		node = members
	}
	if s.list {
		return parquet.List(parquet.Optional(node))
	}
	return node
}

func (k scalar) node() parquet.Node {
	switch k {
	case boolean:
		return parquet.Leaf(parquet.BooleanType)
	case integer, large:
		return parquet.Leaf(parquet.Int64Type)
	case double:
		return parquet.Leaf(parquet.DoubleType)
	}
	return parquet.Encoded(parquet.String(), &parquet.Plain) // an encoding that every reader knows
}

// String says, for errors, what a column of the shape holds.
func (s shape) String() string {
	kind := string(s.fields[0].kind)
	if s.object {
		var parts []string
		for _, f := range s.fields {
			parts = append(parts, fmt.Sprintf("%s: %s", f.name, f.kind))
		}
		kind = "objects of {" + strings.Join(parts, ", ") + "}"
	}
	if s.list {
		return "lists of " + kind
	}
	return kind
}

// A group is a [parquet.Group] that keeps the order of its members.
type group []parquet.Field

func (g group) Fields() []parquet.Field { return g }
func (g group) GoType() reflect.Type    { return reflect.TypeFor[any]() } // no Go value is ever made
func (g group) String() string          { return "group" }
func (g group) Type() parquet.Type      { return parquet.Group{}.Type() }

func (g group) ID() int                     { return 0 }
func (g group) Optional() bool              { return false }
func (g group) Repeated() bool              { return false }
func (g group) Required() bool              { return true }
func (g group) Leaf() bool                  { return false }
func (g group) Encoding() encoding.Encoding { return nil }
func (g group) Compression() compress.Codec { return nil }

// A member is a node with its name.
type member struct {
	parquet.Node
	name string
}

func (m member) Name() string                           { return m.name }
func (m member) Value(base reflect.Value) reflect.Value { return base }
