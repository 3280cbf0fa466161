package formats

import (
	"bytes"

	"github.com/go-json-experiment/json/jsontext"
)

// appendUnique appends the next value without duplicate keys, which most readers refuse. As in Python, a key keeps its first
// place and gets its last value.
func appendUnique(dst []byte, d *jsontext.Decoder) ([]byte, error) {
	switch d.PeekKind() {
	case '{':
		return appendUniqueObject(dst, d)
	case '[':
		return appendUniqueArray(dst, d)
	}
	value, err := d.ReadValue()
	return append(dst, value...), err
}

func appendUniqueObject(dst []byte, d *jsontext.Decoder) ([]byte, error) {
	_, err := d.ReadToken()
	places := map[string]int{}
	var members [][]byte
	for err == nil && d.PeekKind() == '"' {
		var key jsontext.Token
		if key, err = d.ReadToken(); err != nil {
			break
		}
		member := appendQuoted(nil, key.String())
		place, ok := places[string(member)]
		if !ok {
			place = len(members)
			places[string(member)], members = place, append(members, nil)
		}
		members[place], err = appendUnique(append(member, ':'), d)
	}
	if err == nil {
		_, err = d.ReadToken()
	}
	dst = append(append(dst, '{'), bytes.Join(members, []byte(","))...)
	return append(dst, '}'), err
}

func appendUniqueArray(dst []byte, d *jsontext.Decoder) ([]byte, error) {
	_, err := d.ReadToken()
	dst = append(dst, '[')
	for first := true; err == nil && d.PeekKind() != ']'; first = false {
		if !first {
			dst = append(dst, ',')
		}
		dst, err = appendUnique(dst, d)
	}
	if err == nil {
		_, err = d.ReadToken()
	}
	return append(dst, ']'), err
}
