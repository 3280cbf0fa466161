package sdk

import (
	"math"
	"slices"
	"unicode/utf8"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	ftprepv1 "github.com/ftprep/ftprep/proto/ftprep/v1"
)

// frameField is the field of a message that is a frame of examples.
type frameField struct {
	number protowire.Number
	set    func(*ftprepv1.Frame)
}

func frameOf(message proto.Message) (frameField, bool) {
	switch m := message.(type) {
	case *ftprepv1.ReadResponse:
		return frameField{1, func(frame *ftprepv1.Frame) { m.Frame = frame }}, true
	case *ftprepv1.ApplyRequest:
		return frameField{2, func(frame *ftprepv1.Frame) { m.Frame = frame }}, true
	case *ftprepv1.KeysRequest:
		return frameField{2, func(frame *ftprepv1.Frame) { m.Frame = frame }}, true
	case *ftprepv1.EncodeRequest:
		return frameField{2, func(frame *ftprepv1.Frame) { m.Step = &ftprepv1.EncodeRequest_Frame{Frame: frame} }}, true
	}
	return frameField{}, false
}

// unmarshal decodes a message with a frame, the items itself and the rest by protobuf's own means. The examples stay where
// they are in data, which nobody may change any more: every example comes this way several times.
func (f frameField) unmarshal(data []byte, message proto.Message) error {
	var frame *ftprepv1.Frame
	rest, err := without(data, f.number, func(data []byte) error {
		if frame == nil {
			frame = &ftprepv1.Frame{}
		}
		return addToFrame(frame, data)
	})
	if err != nil {
		return err
	}
	if err := proto.Unmarshal(rest, message); err != nil {
		return err
	}
	if frame != nil {
		f.set(frame)
	}
	return nil
}

func addToFrame(frame *ftprepv1.Frame, data []byte) error {
	last := &ftprepv1.Item{}
	rest, err := without(data, 1, func(data []byte) error {
		item := &ftprepv1.Item{}
		frame.Items = append(frame.Items, item)
		err := eachField(data, func(f field) error { return setItem(item, last, f) })
		last = item
		return err
	})
	if err != nil {
		return err
	}
	return proto.UnmarshalOptions{Merge: true}.Unmarshal(rest, frame)
}

// without takes the messages with a number out of a message, and gives the rest.
func without(message []byte, number protowire.Number, take func([]byte) error) (rest []byte, err error) {
	for len(message) > 0 {
		f, n, err := consumeField(message)
		switch {
		case err != nil:
			return nil, err
		case f.number != number:
			rest = append(rest, message[:n]...)
		case f.kind != protowire.BytesType:
			return nil, f.mistyped(protowire.BytesType)
		default:
			if err := take(f.data); err != nil {
				return nil, err
			}
		}
		message = message[n:]
	}
	return rest, nil
}

// setItem sets a field of an item. Texts that are as in the last item share its memory.
func setItem(item, last *ftprepv1.Item, f field) error {
	switch f.number {
	case 1:
		return f.setName(&item.Id, last.Id)
	case 2:
		return f.setName(&item.Opening, last.Opening)
	case 3:
		item.Answered = int32(f.bits)
		return f.is(protowire.VarintType)
	case 4:
		return f.setName(&item.Source, last.Source)
	case 5:
		return f.setName(&item.Type, last.Type)
	case 6:
		item.Score = proto.Float64(math.Float64frombits(f.bits))
		return f.is(protowire.Fixed64Type)
	case 7:
		return f.setName(&item.Split, last.Split)
	case 8:
		return f.setName(&item.Toolset, last.Toolset)
	case 9:
		item.Example = slices.Clip(f.data)
		return f.is(protowire.BytesType)
	}
	return nil
}

func (f field) setName(to *string, last string) error {
	switch {
	case string(f.data) == last:
		*to = last
	case utf8.Valid(f.data):
		*to = string(f.data)
	default:
		return errNoUTF8
	}
	return f.is(protowire.BytesType)
}
