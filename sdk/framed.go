package sdk

import (
	"fmt"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	ftprepv1 "github.com/ftprep/ftprep/proto/ftprep/v1"
)

// Fields of the messages that have a frame.
const (
	requestFrame  protowire.Number = 2 // of what asks for verdicts, keys or rows
	responseFrame protowire.Number = 1 // of what answers a reading
)

// framed is a message with a frame of items. The items are encoded and decoded by hand: every example comes this way
// several times. All else is left to protobuf's own code.
type framed struct {
	field protowire.Number
	frame *ftprepv1.Frame // all of it but the items; nil: the message has none
	items []Item
	rest  proto.Message // the message without its frame; nil where nothing is to be sent beside it

	// Of a message that was parsed:
	data     []byte // all of it
	encoding []byte // of the items; nil: something else stands among them
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

// parse decodes a message. The examples stay where they are in data, which nobody may change any more.
func (m *framed) parse(data []byte) error {
	m.data = data
	rest, err := without(data, m.field, func(frame []byte) error {
		first := m.frame == nil
		if first {
			m.frame = &ftprepv1.Frame{}
		}
		m.items = slices.Grow(m.items, occurrences(frame, 1))
		beside, err := without(frame, 1, (*itemList)(&m.items).add)
		if err != nil {
			return err
		}
		m.encoding = nil
		if first && len(beside) == 0 {
			m.encoding = frame
		}
		return proto.UnmarshalOptions{Merge: true}.Unmarshal(beside, m.frame)
	})
	if err != nil {
		return err
	}
	return proto.Unmarshal(rest, m.rest)
}

// without takes the messages with a number out of a message, and gives the rest.
func without(message []byte, number protowire.Number, take func([]byte) error) (rest []byte, err error) {
	r := reader{rest: message}
	for before := message; r.next(); before = r.rest {
		if r.number == number {
			r.message(take)
		} else {
			rest = append(rest, before[:len(before)-len(r.rest)]...)
		}
	}
	return rest, r.err
}

// occurrences counts the fields of a message that have a number, up to the first fault.
func occurrences(message []byte, number protowire.Number) (count int) {
	for r := (reader{rest: message}); r.next(); {
		if r.number == number {
			count++
		}
	}
	return count
}

// verdicts are an ApplyResponse, of which nearly every verdict is to keep the example: that is nil.
type verdicts struct {
	list     []*ftprepv1.Verdict
	toolsets []*ftprepv1.Toolset
}

// beside is the message without its verdicts.
func (v *verdicts) beside() *ftprepv1.ApplyResponse {
	return &ftprepv1.ApplyResponse{Toolsets: v.toolsets}
}

func (v *verdicts) size() int {
	size := proto.Size(v.beside())
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
	return proto.MarshalOptions{}.MarshalAppend(data, v.beside())
}

func (v *verdicts) parse(data []byte) error {
	rest, err := without(data, 1, v.add)
	if err != nil {
		return err
	}
	beside := &ftprepv1.ApplyResponse{}
	err = proto.Unmarshal(rest, beside)
	v.toolsets = beside.Toolsets
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

// encodedItems are an EncodeResponse that answers a frame. Rows stay where they are in what was parsed.
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

// check checks answers of a plugin that is not trusted.
func (e encodedItems) check() error {
	for _, one := range e {
		if one.Refused != "" && len(one.Rows) > 0 {
			return fmt.Errorf("the plugin refused an example and gave rows of it (%s)", one.Refused)
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
