package tables

import (
	"fmt"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

// A node is a part of a table's schema, with the columns from first up to last below it.
type node struct {
	label       []byte // its name and a colon
	optional    bool
	repeated    bool
	repetition  int // level that its second element has
	definition  int // level that its values reach
	members     []*node
	wraps       bool         // it is a list, and its only member the elements
	kind        parquet.Kind // without members: what the values are
	unsigned    bool
	step        time.Duration // of times, what one is counted in
	first, last int
}

// newNode takes over a part of a schema.
func newNode(column *parquet.Column) (*node, error) {
	n := &node{
		optional: column.Optional(), repeated: column.Repeated(),
		repetition: column.MaxRepetitionLevel(), definition: column.MaxDefinitionLevel(),
	}
	n.label, _ = jsontext.AppendQuote(nil, column.Name())
	n.label = append(n.label, ':')
	if column.Leaf() {
		if column.Compression().CompressionCodec() == format.Lz4Raw { // parquet-go gives others' bytes for some whole pages, and takes all memory for a broken one
			return nil, fmt.Errorf("its column %q is compressed by LZ4, which is not read; write it with zstd or snappy", column.Name())
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

// isList reports whether a group only holds the elements of a list or map.
func isList(column *parquet.Column) bool {
	switch logical(column).(type) {
	case *format.ListType, *format.MapType:
		return len(column.Columns()) == 1 && column.Columns()[0].Repeated()
	}
	return false
}

// isWrapper reports whether what is repeated in a list is not an element but holds one, by the rules for files of old
// writers in the Parquet format's LogicalTypes.md.
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

// setKind finds what the values of a column are. Those that JSON has no form for are an error.
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
