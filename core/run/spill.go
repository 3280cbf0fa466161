package run

import (
	"encoding/binary"
	"errors"
	"math"

	"github.com/ftprep/ftprep/sdk"
)

// errSpill says that a store's file does not hold what was written: something else wrote to it.
var errSpill = errors.New("the file of examples that wait is damaged")

// appendItems encodes items for a store's file: every field as its length and its bytes. Unlike with protobuf the examples,
// nearly all there is, are not copied again when they are read.
func appendItems(data []byte, items []sdk.Item) []byte {
	for _, item := range items {
		var quality []byte
		if item.Quality != nil {
			quality = binary.LittleEndian.AppendUint64(nil, math.Float64bits(*item.Quality))
		}
		data = binary.AppendUvarint(data, uint64(item.Answered))
		data = appendField(data, item.ID)
		data = appendField(data, item.Opening)
		data = appendField(data, item.Source)
		data = appendField(data, item.Type)
		data = appendField(data, item.Split)
		data = appendField(data, item.Toolset)
		data = appendField(data, quality)
		data = appendField(data, item.Example)
	}
	return data
}

func appendField[T ~string | ~[]byte](data []byte, field T) []byte {
	return append(binary.AppendUvarint(data, uint64(len(field))), field...)
}

// readItems is the inverse of appendItems. The examples stay where they are in data.
func readItems(data []byte, count int) ([]sdk.Item, error) {
	r := &spillReader{data: data}
	items := make([]sdk.Item, count)
	for i := range items {
		items[i] = sdk.Item{
			Answered: int(r.number()), ID: string(r.field()), Opening: string(r.field()), Source: string(r.field()),
			Type: sdk.Type(r.field()), Split: string(r.field()), Toolset: string(r.field()),
		}
		if bits := r.field(); len(bits) == 8 {
			quality := math.Float64frombits(binary.LittleEndian.Uint64(bits))
			items[i].Quality = &quality
		}
		items[i].Example = r.field()
	}
	if r.damaged || len(r.data) > 0 {
		return nil, errSpill
	}
	return items, nil
}

// spillReader reads fields until the first that is damaged.
type spillReader struct {
	data    []byte
	damaged bool
}

func (r *spillReader) number() uint64 {
	n, size := binary.Uvarint(r.data)
	if size <= 0 {
		r.damaged = true
		return 0
	}
	r.data = r.data[size:]
	return n
}

func (r *spillReader) field() []byte {
	n := r.number()
	if n > uint64(len(r.data)) {
		r.damaged = true
		return nil
	}
	field := r.data[:n:n]
	r.data = r.data[n:]
	return field
}
