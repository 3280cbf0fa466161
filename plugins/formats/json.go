package formats

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"

	"github.com/go-json-experiment/json/jsontext"
)

// appendJSON appends a value as it is, without white space and with strings escaped no more than JSON demands. Logs hold
// objects with a key twice and halves of surrogate pairs: the last value of a key stays, and a half becomes U+FFFD.
func appendJSON(dst []byte, value json.RawMessage) ([]byte, error) {
	return appendFormat(dst, value, asWritten)
}

// appendPython appends a value as Python's json.dumps writes it, which chat templates call.
func appendPython(dst []byte, value json.RawMessage) ([]byte, error) {
	return appendFormat(dst, value, pythonSpaces)
}

var (
	asWritten    = []jsontext.Options{jsontext.AllowInvalidUTF8(true)}
	pythonSpaces = append(slices.Clone(asWritten), jsontext.SpaceAfterColon(true), jsontext.SpaceAfterComma(true))
)

func appendFormat(dst []byte, value json.RawMessage, options []jsontext.Options) ([]byte, error) {
	formatted, err := jsontext.AppendFormat(dst, value, options...)
	if !errors.Is(err, jsontext.ErrDuplicateName) {
		return formatted, err
	}
	decoder := jsontext.NewDecoder(bytes.NewReader(value), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	unique, err := appendUnique(nil, decoder)
	if err != nil {
		return dst, err
	}
	return jsontext.AppendFormat(dst, unique, options...)
}
