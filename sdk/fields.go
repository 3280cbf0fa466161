package sdk

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"math"
	"strings"
	"unicode/utf8"
	"unsafe"

	"google.golang.org/protobuf/encoding/protowire"
)

// eachField calls do for each field of an encoded message.
func eachField(message []byte, do func(field) error) error {
	for len(message) > 0 {
		f, n, err := consumeField(message)
		if err == nil {
			err = do(f)
		}
		if err != nil {
			return err
		}
		message = message[n:]
	}
	return nil
}

// fields are the fields of an encoded message, up to what is none.
func fields(message []byte) iter.Seq2[field, error] {
	return func(yield func(field, error) bool) {
		for len(message) > 0 {
			f, n, err := consumeField(message)
			if !yield(f, err) || err != nil {
				return
			}
			message = message[n:]
		}
	}
}

// field is one field: bits where it is a number, data where it is text, bytes or a message.
type field struct {
	number protowire.Number
	kind   protowire.Type
	bits   uint64
	data   []byte
}

// consumeField reads the first field of an encoded message and tells how many bytes it takes.
func consumeField(message []byte) (f field, size int, err error) {
	if f, size = consumeShort(message); size > 0 {
		return f, size, nil
	}
	number, kind, start := protowire.ConsumeTag(message)
	switch {
	case start < 0:
		return field{}, 0, protowire.ParseError(start)
	case number > protowire.MaxValidNumber:
		return field{}, 0, fmt.Errorf("there is no field %d", number)
	}
	f = field{number: number, kind: kind}
	switch kind {
	case protowire.VarintType:
		f.bits, size = protowire.ConsumeVarint(message[start:])
	case protowire.Fixed64Type:
		f.bits, size = protowire.ConsumeFixed64(message[start:])
	case protowire.BytesType:
		f.data, size = protowire.ConsumeBytes(message[start:])
	default:
		size = protowire.ConsumeFieldValue(number, kind, message[start:])
	}
	if size < 0 {
		return field{}, 0, protowire.ParseError(size)
	}
	return f, start + size, nil
}

// consumeShort reads what most fields are, a text or a message of at most 127 bytes with a number below 16; the size is 0
// where the first is none of these.
func consumeShort(message []byte) (f field, size int) {
	if len(message) < 2 || message[0] >= 1<<7 || message[1] >= 1<<7 || message[0]&7 != byte(protowire.BytesType) || message[0]>>3 == 0 {
		return field{}, 0
	}
	if size = 2 + int(message[1]); size > len(message) {
		return field{}, 0
	}
	return field{number: protowire.Number(message[0] >> 3), kind: protowire.BytesType, data: message[2:size]}, size
}

// is reports a field that has another wire type than this one.
func (f field) is(kind protowire.Type) error {
	if f.kind == kind {
		return nil
	}
	return f.mistyped(kind)
}

func (f field) mistyped(kind protowire.Type) error {
	return fmt.Errorf("the field %d has the wire type %d instead of %d", f.number, f.kind, kind)
}

// longName is the length, in bytes, from which a text stays in the message that it came in. Shorter ones are copied: ids
// and the names of tools and files are kept for long, and must not keep a whole frame in memory.
const longName = 128

var errNoUTF8 = errors.New("a text is not UTF-8")

// text is the field's text.
func (f field) text() (string, error) {
	text, err := f.view()
	if len(text) < longName {
		text = strings.Clone(text)
	}
	return text, err
}

// view is the field's text where it stands in the message.
func (f field) view() (string, error) {
	switch {
	case f.kind != protowire.BytesType:
		return "", f.mistyped(protowire.BytesType)
	case !utf8.Valid(f.data):
		return "", errNoUTF8
	}
	return unsafe.String(unsafe.SliceData(f.data), len(f.data)), nil
}

func setText[T ~string](f field, to *T) error {
	text, err := f.text()
	*to = T(text)
	return err
}

// viewText sets a text that stays within the message.
func viewText[T ~string](f field, to *T) error {
	text, err := f.view()
	*to = T(text)
	return err
}

func (f field) addText(to *[]string) error {
	text, err := f.text()
	*to = append(*to, text)
	return err
}

func (f field) setRaw(to *json.RawMessage) error {
	*to = append(json.RawMessage(nil), f.data...)
	return f.is(protowire.BytesType)
}

func (f field) setCount(to *int) error {
	*to = int(int32(f.bits))
	return f.is(protowire.VarintType)
}

func (f field) setFlag(to *bool) error {
	*to = f.bits != 0
	return f.is(protowire.VarintType)
}

func (f field) setNumber(to *float64) error {
	*to = math.Float64frombits(f.bits)
	return f.is(protowire.Fixed64Type)
}

// message reads a message within the message.
func (f field) message(do func(field) error) error {
	if err := f.is(protowire.BytesType); err != nil {
		return err
	}
	return eachField(f.data, do)
}
