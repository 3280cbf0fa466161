package main

import (
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/mem"
)

// raw is a message whose bytes are sent as they are.
type raw string

// rawCodec sends raw messages as they are, and others with the embedded codec.
type rawCodec struct{ encoding.CodecV2 }

func (c rawCodec) Marshal(v any) (mem.BufferSlice, error) {
	if bytes, ok := v.(raw); ok {
		return mem.BufferSlice{mem.SliceBuffer(bytes)}, nil
	}
	return c.CodecV2.Marshal(v)
}
