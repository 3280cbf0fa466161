package sdk

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"unicode/utf8"
	"unsafe"

	"google.golang.org/protobuf/encoding/protowire"
)

// A reader reads an encoded message field by field:
//
//	r := reader{rest: message}
//	for r.next() {
//		switch r.number {
//		case 1:
//			r.text(&name)
//		}
//	}
//	return r.err
//
// It stops at the first fault. Fields that the loop does not handle are skipped.
type reader struct {
	rest []byte // what comes after the field
	err  error

	number protowire.Number
	kind   protowire.Type
	bits   uint64 // the value, if it is a number
	data   []byte // the value, if it is a text, bytes or a message
}

// next goes to the next field and reports whether there is one.
func (r *reader) next() bool {
	if r.err != nil || len(r.rest) == 0 {
		return false
	}
	if r.short() {
		return true
	}
	number, kind, start := protowire.ConsumeTag(r.rest)
	switch {
	case start < 0:
		return r.fail(protowire.ParseError(start))
	case number > protowire.MaxValidNumber:
		return r.fail(fmt.Errorf("there is no field %d", number))
	}
	message, size := r.rest[start:], 0
	switch kind {
	case protowire.VarintType:
		r.bits, size = protowire.ConsumeVarint(message)
	case protowire.Fixed64Type:
		r.bits, size = protowire.ConsumeFixed64(message)
	case protowire.BytesType:
		r.data, size = protowire.ConsumeBytes(message)
	default:
		size = protowire.ConsumeFieldValue(number, kind, message)
	}
	if size < 0 {
		return r.fail(protowire.ParseError(size))
	}
	r.number, r.kind, r.rest = number, kind, message[size:]
	return true
}

// short does what next does if the next field is like most: a text or a message of at most 127 bytes with a number below
// 16. Otherwise it returns false and does nothing.
func (r *reader) short() bool {
	message := r.rest
	if len(message) < 2 || message[0] >= 1<<7 || message[1] >= 1<<7 || message[0]&7 != byte(protowire.BytesType) || message[0]>>3 == 0 {
		return false
	}
	end := 2 + int(message[1])
	if end > len(message) {
		return false
	}
	r.number, r.kind, r.data, r.rest = protowire.Number(message[0]>>3), protowire.BytesType, message[2:end], message[end:]
	return true
}

// fail ends the reading unless err is nil, and returns false.
func (r *reader) fail(err error) bool {
	if r.err == nil {
		r.err = err
	}
	return false
}

// is reports whether the field has a wire type. If not, that is a fault.
func (r *reader) is(kind protowire.Type) bool {
	return r.kind == kind || r.fail(fmt.Errorf("the field %d has the wire type %d instead of %d", r.number, r.kind, kind))
}

var errNoUTF8 = errors.New("a text is not UTF-8")

// view sets a text to the field's value, without copying it.
func (r *reader) view(to *string) {
	switch {
	case !r.is(protowire.BytesType):
	case !utf8.Valid(r.data):
		r.fail(errNoUTF8)
	default:
		*to = unsafe.String(unsafe.SliceData(r.data), len(r.data))
	}
}

// longName is the length, in bytes, from which texts share the memory of their message. Shorter ones are copied: ids and
// names of tools and files are kept for long, and must not keep a whole frame in memory.
const longName = 128

// text sets a text to the field's value, copied if it is short.
func (r *reader) text(to *string) {
	r.view(to)
	if len(*to) < longName {
		*to = strings.Clone(*to)
	}
}

func (r *reader) texts(to *[]string) {
	var text string
	r.text(&text)
	*to = append(*to, text)
}

// bytes sets a slice to the field's value, without copying it.
func (r *reader) bytes(to *[]byte) {
	if r.is(protowire.BytesType) {
		*to = r.data[:len(r.data):len(r.data)]
	}
}

func (r *reader) raw(to *json.RawMessage) {
	if r.is(protowire.BytesType) {
		*to = append(json.RawMessage(nil), r.data...)
	}
}

func (r *reader) count(to *int) {
	if r.is(protowire.VarintType) {
		*to = int(int32(r.bits))
	}
}

func (r *reader) flag(to *bool) {
	if r.is(protowire.VarintType) {
		*to = r.bits != 0
	}
}

func (r *reader) float(to *float64) {
	if r.is(protowire.Fixed64Type) {
		*to = math.Float64frombits(r.bits)
	}
}

// message has read decode the field's value, a message.
func (r *reader) message(read func([]byte) error) {
	if r.is(protowire.BytesType) {
		r.fail(read(r.data))
	}
}
