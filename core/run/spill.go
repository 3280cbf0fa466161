package run

import (
	"encoding/binary"
	"errors"
	"math"

	"github.com/ftprep/ftprep/sdk"
)

// errSpilled can only mean that someone wrote to the file.
var errSpilled = errors.New("what was written of examples that wait is damaged")

// appendItems encodes items for a file of this process: each field with its length before it. Most of it is copied once
// here and never when it is read again, unlike with protobuf, and frames go this way between all stages.
func appendItems(data []byte, items []sdk.Item) []byte {
	for _, item := range items {
		for _, text := range []string{item.ID, item.Opening, item.Source, string(item.Type), item.Split, item.Toolset} {
			data = append(binary.AppendUvarint(data, uint64(len(text))), text...)
		}
		data = binary.AppendUvarint(data, uint64(item.Answered))
		quality := uint64(0) // the bits of a score, one more
		if item.Quality != nil {
			quality = math.Float64bits(*item.Quality) + 1
		}
		data = binary.AppendUvarint(data, quality)
		data = append(binary.AppendUvarint(data, uint64(len(item.Example))), item.Example...)
	}
	return data
}

// readItems is the inverse of appendItems. The examples stay where they are in data.
func readItems(data []byte, count int) ([]sdk.Item, error) {
	r := &spillReader{data: data}
	items := make([]sdk.Item, count)
	for i := range items {
		items[i] = sdk.Item{
			ID: string(r.bytes()), Opening: string(r.bytes()), Source: string(r.bytes()), Type: sdk.Type(r.bytes()),
			Split: string(r.bytes()), Toolset: string(r.bytes()), Answered: int(r.number()),
		}
		if bits := r.number(); bits > 0 {
			quality := math.Float64frombits(bits - 1)
			items[i].Quality = &quality
		}
		items[i].Example = r.bytes()
	}
	if r.damaged || len(r.data) > 0 {
		return nil, errSpilled
	}
	return items, nil
}

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

func (r *spillReader) bytes() []byte {
	n := r.number()
	if n > uint64(len(r.data)) {
		r.damaged = true
		return nil
	}
	field := r.data[:n:n]
	r.data = r.data[n:]
	return field
}
