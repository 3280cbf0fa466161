package tables

import (
	"fmt"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

// A node is a part of a table's schema. The columns below it are those from first up to, but not including, last.
type node struct {
	label       []byte // its name, quoted, and a colon
	optional    bool
	repeated    bool
	repetition  int // the repetition level of its elements after the first
	definition  int // the definition level of its values that are there
	members     []*node
	wraps       bool         // its single member stands for it in JSON: it is a list, or what is repeated in one
	kind        parquet.Kind // if it has no members: the kind of its values
	unsigned    bool
	step        time.Duration // if the values are dates or times: the unit they are counted in
	first, last int
}

// newNode returns the node for a part of a schema.
func newNode(column *parquet.Column) (*node, error) {
	n := &node{
		optional: column.Optional(), repeated: column.Repeated(),
		repetition: column.MaxRepetitionLevel(), definition: column.MaxDefinitionLevel(),
	}
	n.label, _ = jsontext.AppendQuote(nil, column.Name())
	n.label = append(n.label, ':')
	if column.Leaf() {
		// parquet-go returns wrong bytes for some valid pages, and allocates all memory for a broken one.
		if column.Compression().CompressionCodec() == format.Lz4Raw {
			return nil, fmt.Errorf("its column %q is compressed with LZ4, which is not supported; write it with zstd or snappy", column.Name())
		}
		n.first, n.last = column.Index(), column.Index()+1
		return n, n.setKind(column)
	}
	for _, child := range column.Columns() {
		member, err := newNode(child)
		if err != nil {
			return nil, err
		}
		n.members = append(n.members, member)
	}
	if len(n.members) == 0 {
		return nil, fmt.Errorf("%q has no columns", column.Name())
	}
	n.first, n.last = n.members[0].first, n.members[len(n.members)-1].last
	if isList(column) {
		n.wraps = true
		n.members[0].wraps = isWrapper(column.Columns()[0])
	}
	return n, nil
}

// isList reports whether a group has no other purpose than to hold the elements of a list or map.
func isList(column *parquet.Column) bool {
	switch logical(column).(type) {
	case *format.ListType, *format.MapType:
		return len(column.Columns()) == 1 && column.Columns()[0].Repeated()
	}
	return false
}

// isWrapper reports whether the repeated group in a list is not an element itself but holds one. The rules, which cover
// files of old writers, are in LogicalTypes.md of the Parquet format.
func isWrapper(repeated *parquet.Column) bool {
	name := repeated.Name()
	return len(repeated.Columns()) == 1 && !repeated.Columns()[0].Repeated() && name != "array" && !strings.HasSuffix(name, "_tuple")
}

func logical(column *parquet.Column) format.LogicalTypeValue {
	if t := column.Type().LogicalType(); t != nil {
		return t.Value
	}
	return nil
}

// setKind sets what the values of a column are. It returns an error if JSON has no form for them.
func (n *node) setKind(column *parquet.Column) error {
	n.kind = column.Type().Kind()
	switch t := logical(column).(type) {
	case nil:
		return nil
	case *format.StringType, *format.JsonType, *format.EnumType, *format.NullType:
		return nil
	case *format.IntType:
		n.unsigned = !t.IsSigned
		return nil
	case *format.DateType:
		n.step = 24 * time.Hour
		return nil
	case *format.TimestampType:
		if t.Unit.Value != nil {
			n.step = t.Unit.Value.Duration()
			return nil
		}
	}
	return fmt.Errorf("its column %q holds values of the type %s, which JSON lacks; make them strings or leave the column out",
		column.Name(), column.Type())
}
