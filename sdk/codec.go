package sdk

import (
	"fmt"
	"math/bits"
	"sync"

	"google.golang.org/grpc/mem"
	"google.golang.org/protobuf/proto"
)

// codec encodes messages as gRPC's own codec for protobuf does, with other buffers.
type codec struct{ buffers *buffers }

func (codec) Name() string { return "proto" }

func (c codec) Marshal(v any) (mem.BufferSlice, error) {
	message, ok := v.(proto.Message)
	if !ok {
		return nil, fmt.Errorf("encode a message: %T is none", v)
	}
	buffer := c.buffers.Get(proto.Size(message))
	data, err := proto.MarshalOptions{UseCachedSize: true}.MarshalAppend((*buffer)[:0], message)
	if err != nil {
		c.buffers.Put(buffer)
		return nil, err
	}
	*buffer = data
	return mem.BufferSlice{mem.NewBuffer(buffer, c.buffers)}, nil
}

func (c codec) Unmarshal(data mem.BufferSlice, v any) error {
	message, ok := v.(proto.Message)
	if !ok {
		return fmt.Errorf("decode a message: %T is none", v)
	}
	if frame, ok := frameOf(message); ok {
		return frame.unmarshal(data.Materialize(), message)
	}
	buffer := data.MaterializeToBuffer(c.buffers)
	defer buffer.Free()
	return proto.Unmarshal(buffer.ReadOnlyData(), message)
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
