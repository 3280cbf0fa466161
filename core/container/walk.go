package container

import (
	"bytes"
	"fmt"

	"github.com/go-json-experiment/json/jsontext"
)

// A walker goes over the members of JSON objects and the elements of arrays.
type walker struct {
	decoder jsontext.Decoder
	name    []byte
}

// walk visits the parts of an object or array in order; the parts of an array have no name. A name is valid only during the
// visit, a value as long as the whole. It is an error if the whole is not strict JSON or names a member twice.
func (w *walker) walk(whole []byte, visit func(name []byte, value jsontext.Value) error) error {
	w.decoder.Reset(bytes.NewBuffer(whole))
	opening, err := w.decoder.ReadToken()
	if err != nil {
		return err
	}
	for w.decoder.PeekKind() != closing(opening.Kind()) {
		if opening.Kind() == '{' {
			quoted, err := w.decoder.ReadValue()
			if err != nil {
				return err
			}
			w.name, _ = jsontext.AppendUnquote(w.name[:0], quoted)
		}
		value, err := w.decoder.ReadValue()
		if err != nil {
			return err
		}
		end := w.decoder.InputOffset() // the decoder's own memory changes, that of the whole does not
		if err := visit(w.name, whole[end-int64(len(value)):end]); err != nil {
			return err
		}
	}
	if _, err := w.decoder.ReadToken(); err != nil {
		return err
	}
	if rest := whole[w.decoder.InputOffset():]; len(bytes.TrimSpace(rest)) > 0 {
		return fmt.Errorf("something follows the end of the JSON: %.40s", rest)
	}
	return nil
}

// closing returns the bracket that closes another. In ASCII both kinds are equally far apart.
func closing(opening jsontext.Kind) jsontext.Kind { return opening + '}' - '{' }
