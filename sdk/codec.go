package sdk

import (
	"bytes"
	"fmt"
	"math/bits"
	"sync"

	"google.golang.org/grpc/mem"
	"google.golang.org/protobuf/proto"
)

// codec encodes messages as gRPC's own codec for protobuf does, with other buffers, and lets some encode and decode
// themselves.
type codec struct{ buffers *buffers }

// appender is a message that encodes itself.
type appender interface {
	size() int
	appendTo(data []byte) ([]byte, error)
}

// parser is a message that decodes itself, of data that nobody changes any more.
type parser interface{ parse(data []byte) error }

// encoded is a message that is encoded already.
type encoded mem.BufferSlice

func (codec) Name() string { return "proto" }

func (c codec) Marshal(v any) (mem.BufferSlice, error) {
	switch message := v.(type) {
	case encoded:
		return mem.BufferSlice(message), nil
	case appender:
		return c.fill(message.size(), message.appendTo)
	case proto.Message:
		return c.fill(proto.Size(message), func(data []byte) ([]byte, error) {
			return proto.MarshalOptions{UseCachedSize: true}.MarshalAppend(data, message)
		})
	}
	return nil, fmt.Errorf("encode a message: %T is none", v)
}

// fill gives a buffer with what is appended to it, of that size.
func (c codec) fill(size int, appendTo func([]byte) ([]byte, error)) (mem.BufferSlice, error) {
	if size > maxMessage { // gRPC would not send it
		return nil, fmt.Errorf("a message would have %d MiB, as with the rows of an example; it may have %d MiB", size>>20, maxMessage>>20)
	}
	buffer := c.buffers.Get(size)
	data, err := appendTo((*buffer)[:0])
	if err != nil {
		c.buffers.Put(buffer)
		return nil, err
	}
	*buffer = data
	return mem.BufferSlice{mem.NewBuffer(buffer, c.buffers)}, nil
}

func (c codec) Unmarshal(data mem.BufferSlice, v any) error {
	switch message := v.(type) {
	case parser:
		return message.parse(joined(data))
	case proto.Message:
		buffer := data.MaterializeToBuffer(c.buffers)
		defer buffer.Free()
		return proto.Unmarshal(buffer.ReadOnlyData(), message)
	}
	return fmt.Errorf("decode a message: %T is none", v)
}

// joined copies buffers into one piece of memory, which, unlike that of [mem.BufferSlice.Materialize], is not cleared first.
func joined(data mem.BufferSlice) []byte {
	parts := make([][]byte, len(data))
	for i, buffer := range data {
		parts[i] = buffer.ReadOnlyData()
	}
	return bytes.Join(parts, nil)
}

// buffers are memory for messages, by the power of two that is their capacity. Unlike gRPC's own they have all sizes that
// frames have, and are not cleared each time: a tenth of the host's time would go into that.
type buffers struct{ pools [bits.UintSize]sync.Pool } // of *[]byte

// Get gives a buffer with that length.
func (b *buffers) Get(length int) *[]byte {
	power := bits.Len(uint(max(length, 1) - 1))
	if buffer, ok := b.pools[power].Get().(*[]byte); ok {
		*buffer = (*buffer)[:length]
		return buffer
	}
	buffer := make([]byte, length, 1<<power)
	return &buffer
}

// Put takes a buffer back.
func (b *buffers) Put(buffer *[]byte) {
	if size := cap(*buffer); size > 0 {
		b.pools[bits.Len(uint(size))-1].Put(buffer)
	}
}
