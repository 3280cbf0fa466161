package sdk

import (
	"bytes"
	"fmt"

	"google.golang.org/protobuf/proto"

	ftprepv1 "github.com/ftprep/ftprep/proto/ftprep/v1"
)

// AppendBinary appends the frame as it came over the wire, so that nothing of it is lost; see [ParseReadFrame].
func (f ReadFrame) AppendBinary(data []byte) ([]byte, error) {
	return proto.MarshalOptions{}.MarshalAppend(data, f.wire)
}

// ParseReadFrame is the inverse of [ReadFrame.AppendBinary]. It keeps nothing of data.
func ParseReadFrame(data []byte) (ReadFrame, error) {
	response := &ftprepv1.ReadResponse{}
	frame, _ := frameOf(response)
	if err := frame.unmarshal(bytes.Clone(data), response); err != nil {
		return ReadFrame{}, fmt.Errorf("decode a frame: %w", err)
	}
	return readFrameFromWire(response), nil
}
