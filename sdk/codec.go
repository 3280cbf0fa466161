package sdk

import (
	"bytes"
	"fmt"
	"math/bits"
	"sync"

	"google.golang.org/grpc/mem"
	"google.golang.org/protobuf/proto"
)

// codec is a gRPC codec for protobuf. It differs from gRPC's own in its buffers, and in that some messages encode and
// decode themselves.
type codec struct{ buffers *buffers }

// An appender is a message that encodes itself.
type appender interface {
	size() int
	appendTo(data []byte) ([]byte, error)
}

// A parser is a message that decodes itself. It may keep the data, which nobody changes afterwards.
type parser interface{ parse(data []byte) error }

// encoded is a message that has already been encoded.
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
	return nil, fmt.Errorf("encode a message: %T is not one", v)
}

// fill returns a buffer of the given size, filled by appendTo.
func (c codec) fill(size int, appendTo func([]byte) ([]byte, error)) (mem.BufferSlice, error) {
	if size > maxMessage { // gRPC would not send it
		return nil, fmt.Errorf("a message, such as one with the rows of an example, would be %d MiB; the limit is %d MiB", size>>20, maxMessage>>20)
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
	return fmt.Errorf("decode a message: %T is not one", v)
}

// joined copies buffers into one piece of memory. Unlike [mem.BufferSlice.Materialize] it does not clear the memory
// first.
func joined(data mem.BufferSlice) []byte {
	parts := make([][]byte, len(data))
	for i, buffer := range data {
		parts[i] = buffer.ReadOnlyData()
	}
	return bytes.Join(parts, nil)
}

// buffers is a pool of memory for messages, by the power of two that is their capacity. Unlike gRPC's own pool it has
// buffers of all sizes that frames have, and it does not clear them each time, which would take a tenth of the host's
// time.
type buffers struct{ pools [bits.UintSize]sync.Pool } // of *[]byte

// Get returns a buffer of the given length.
func (b *buffers) Get(length int) *[]byte {
	power := bits.Len(uint(max(length, 1) - 1))
	if buffer, ok := b.pools[power].Get().(*[]byte); ok {
		*buffer = (*buffer)[:length]
		return buffer
	}
	buffer := make([]byte, length, 1<<power)
	return &buffer
}

// Put returns a buffer to the pool.
func (b *buffers) Put(buffer *[]byte) {
	if size := cap(*buffer); size > 0 {
		b.pools[bits.Len(uint(size))-1].Put(buffer)
	}
}
