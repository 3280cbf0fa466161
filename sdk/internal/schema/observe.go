package schema

import (
	"bytes"
	"encoding/json"

	"github.com/go-json-experiment/json/jsontext"
)

// An Observer adds the arguments of calls to shapes. It must be used from one goroutine.
type Observer struct {
	buffer  bytes.Buffer
	decoder *jsontext.Decoder
}

// Observe adds the arguments of one call, which must be a valid JSON object, to a shape.
func (o *Observer) Observe(s *Shape, arguments json.RawMessage) error {
	o.buffer = *bytes.NewBuffer(arguments)
	options := []jsontext.Options{jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)}
	if o.decoder == nil {
		o.decoder = jsontext.NewDecoder(&o.buffer, options...)
	} else {
		o.decoder.Reset(&o.buffer, options...)
	}
	return o.value(s, root)
}

// value adds the next value to a shape.
func (o *Observer) value(s *Shape, at place) error {
	switch o.decoder.PeekKind() {
	case '{':
		s.Seen[Object]++
		return o.object(s, at)
	case '[':
		s.Seen[Array]++
		return o.array(s, at)
	}
	value, err := o.decoder.ReadValue()
	if err != nil {
		return err
	}
	kind := typeOf(value)
	s.Seen[kind]++
	if kind == String && !s.Open {
		s.word(string(value[1:min(len(value)-1, longestWord+2)]), 1) // a string that is longer or escaped is not a word
	}
	return nil
}

func (o *Observer) object(s *Shape, at place) error {
	if _, err := o.decoder.ReadToken(); err != nil {
		return err
	}
	for o.decoder.PeekKind() != '}' {
		name, err := o.decoder.ReadValue()
		if err != nil {
			return err
		}
		if member := s.member(key(name), at); member != nil {
			s.updatePart(member, at, func() { err = o.value(member, at.member()) })
		} else {
			err = o.unnamed(s)
		}
		if err != nil {
			return err
		}
	}
	_, err := o.decoder.ReadToken()
	return err
}

// unnamed adds the next value as a member of a full object.
func (o *Observer) unnamed(s *Shape) error {
	value, err := o.decoder.ReadValue()
	if err == nil {
		s.Values[typeOf(value)]++
	}
	return err
}

func (o *Observer) array(s *Shape, at place) error {
	if _, err := o.decoder.ReadToken(); err != nil {
		return err
	}
	for o.decoder.PeekKind() != ']' {
		var err error
		if items := s.items(at); items != nil {
			s.updatePart(items, at, func() { err = o.value(items, at.items()) })
		} else {
			err = o.decoder.SkipValue()
		}
		if err != nil {
			return err
		}
	}
	_, err := o.decoder.ReadToken()
	return err
}

func key(name jsontext.Value) string {
	if bytes.IndexByte(name, '\\') < 0 {
		return string(name[1 : len(name)-1])
	}
	text, _ := jsontext.AppendUnquote(nil, name) // the error only says that bytes were replaced
	return string(text)
}

func typeOf(value jsontext.Value) Type {
	switch value[0] {
	case '"':
		return String
	case '{':
		return Object
	case '[':
		return Array
	case 't', 'f':
		return Boolean
	case 'n':
		return Null
	}
	if bytes.ContainsAny(value, ".eE") {
		return Number
	}
	return Integer
}
