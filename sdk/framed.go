package sdk

import (
	"fmt"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	ftprepv1 "github.com/ftprep/ftprep/proto/ftprep/v1"
)

// The numbers of the field frame in the messages that have one.
const (
	requestFrame  protowire.Number = 2 // in ApplyRequest, KeysRequest and EncodeRequest
	responseFrame protowire.Number = 1 // in ReadResponse
)

// framed is a message with a frame of items. The items are encoded and decoded by hand, because every example passes here
// several times. Everything else is left to protobuf's own code.
type framed struct {
	field protowire.Number
	frame *ftprepv1.Frame // the frame without its items; nil if the message has no frame
	items []Item
	rest  proto.Message // the message without its frame; nil if nothing else is to be sent

	// Set if the message was parsed:
	data     []byte // the encoded message
	encoding []byte // the encoded items; nil if other fields stand among them
}

func (m *framed) size() int {
	size := proto.Size(m.rest)
	if m.frame != nil {
		size += protowire.SizeTag(m.field) + protowire.SizeBytes(m.frameSize())
	}
	return size
}

func (m *framed) frameSize() int { return sizeItems(m.items) + proto.Size(m.frame) }

func (m *framed) appendTo(data []byte) (_ []byte, err error) {
	if m.frame != nil {
		data = protowire.AppendTag(data, m.field, protowire.BytesType)
		data = protowire.AppendVarint(data, uint64(m.frameSize()))
		data = AppendItems(data, m.items)
		if data, err = (proto.MarshalOptions{}).MarshalAppend(data, m.frame); err != nil {
			return nil, err
		}
	}
	return proto.MarshalOptions{}.MarshalAppend(data, m.rest)
}

// parse decodes a message. The examples share the memory of data, which must not be changed afterwards.
func (m *framed) parse(data []byte) error {
	m.data = data
	others, err := extractFields(data, m.field, func(frame []byte) error {
		first := m.frame == nil
		if first {
			m.frame = &ftprepv1.Frame{}
		}
		m.items = slices.Grow(m.items, occurrences(frame, 1))
		othersInFrame, err := extractFields(frame, 1, (*itemList)(&m.items).add)
		if err != nil {
			return err
		}
		m.encoding = nil
		if first && len(othersInFrame) == 0 {
			m.encoding = frame
		}
		return proto.UnmarshalOptions{Merge: true}.Unmarshal(othersInFrame, m.frame)
	})
	if err != nil {
		return err
	}
	return proto.Unmarshal(others, m.rest)
}

// extractFields passes each field of a message that has the given number, and must itself hold a message, to take. It
// returns the other fields.
func extractFields(message []byte, number protowire.Number, take func([]byte) error) (others []byte, err error) {
	r := reader{rest: message}
	for before := message; r.next(); before = r.rest {
		if r.number == number {
			r.message(take)
		} else {
			others = append(others, before[:len(before)-len(r.rest)]...)
		}
	}
	return others, r.err
}

// occurrences returns how many fields of a message have a number, up to the first fault.
func occurrences(message []byte, number protowire.Number) (count int) {
	for r := (reader{rest: message}); r.next(); {
		if r.number == number {
			count++
		}
	}
	return count
}

// verdicts is an ApplyResponse. Most verdicts only keep the example; such a verdict is nil.
type verdicts struct {
	list     []*ftprepv1.Verdict
	toolsets []*ftprepv1.Toolset
}

// withoutVerdicts returns the message with its other fields only.
func (v *verdicts) withoutVerdicts() *ftprepv1.ApplyResponse {
	return &ftprepv1.ApplyResponse{Toolsets: v.toolsets}
}

func (v *verdicts) size() int {
	size := proto.Size(v.withoutVerdicts())
	for _, verdict := range v.list {
		size += protowire.SizeTag(1) + protowire.SizeBytes(proto.Size(verdict))
	}
	return size
}

func (v *verdicts) appendTo(data []byte) (_ []byte, err error) {
	for _, verdict := range v.list {
		data = protowire.AppendTag(data, 1, protowire.BytesType)
		data = protowire.AppendVarint(data, uint64(proto.Size(verdict)))
		if data, err = (proto.MarshalOptions{}).MarshalAppend(data, verdict); err != nil {
			return nil, err
		}
	}
	return proto.MarshalOptions{}.MarshalAppend(data, v.withoutVerdicts())
}

func (v *verdicts) parse(data []byte) error {
	others, err := extractFields(data, 1, v.add)
	if err != nil {
		return err
	}
	message := &ftprepv1.ApplyResponse{}
	err = proto.Unmarshal(others, message)
	v.toolsets = message.Toolsets
	return err
}

func (v *verdicts) add(data []byte) error {
	if len(data) == 0 {
		v.list = append(v.list, nil)
		return nil
	}
	verdict := &ftprepv1.Verdict{}
	v.list = append(v.list, verdict)
	return proto.Unmarshal(data, verdict)
}

// encodedItems is an EncodeResponse that answers a frame. After parsing, the rows share the memory of the message.
type encodedItems []Encoded

func (e encodedItems) size() (size int) {
	for i := range e {
		size += protowire.SizeTag(1) + protowire.SizeBytes(e[i].size())
	}
	return size
}

func (e *Encoded) size() int {
	size := sizeText(2, e.Refused)
	for _, row := range e.Rows {
		size += protowire.SizeTag(1) + protowire.SizeBytes(len(row))
	}
	return size
}

func (e encodedItems) appendTo(data []byte) ([]byte, error) {
	w := writer{data}
	for i := range e {
		w.data = protowire.AppendTag(w.data, 1, protowire.BytesType)
		w.data = protowire.AppendVarint(w.data, uint64(e[i].size()))
		for _, row := range e[i].Rows {
			w.data = protowire.AppendTag(w.data, 1, protowire.BytesType)
			w.data = protowire.AppendBytes(w.data, row)
		}
		w.text(2, e[i].Refused)
	}
	return w.data, nil
}

func (e *encodedItems) parse(data []byte) error {
	*e = slices.Grow(*e, occurrences(data, 1))
	r := reader{rest: data}
	for r.next() {
		if r.number == 1 {
			*e = append(*e, Encoded{})
			r.message((*e)[len(*e)-1].read)
		}
	}
	return r.err
}

// check checks the answers of a plugin that is not trusted.
func (e encodedItems) check() error {
	for _, one := range e {
		if one.Refused != "" && len(one.Rows) > 0 {
			return fmt.Errorf("the plugin refused an example (%s) but also gave rows for it", one.Refused)
		}
	}
	return nil
}

func (e *Encoded) read(message []byte) error {
	r := reader{rest: message}
	for r.next() {
		switch r.number {
		case 1:
			var row []byte
			r.bytes(&row)
			e.Rows = append(e.Rows, row)
		case 2:
			r.text(&e.Refused)
		}
	}
	return r.err
}
