package formats

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
)

// A writer builds JSON by appending to a buffer. Rows are large and many, and most of them is text: reflection over
// maps and structs would take several times as long and lose the order of keys.
type writer struct {
	buf     []byte
	scratch []byte
	err     error // of the first value that is no JSON
}

// begin begins a row, an object.
func (w *writer) begin() { w.buf, w.err = append(w.buf[:0], '{'), nil }

// end ends a row and returns it as an encoder does: a copy, because the buffer serves the next one.
func (w *writer) end() ([][]byte, error) {
	w.close('}')
	if w.err != nil {
		return nil, w.err
	}
	return [][]byte{bytes.Clone(w.buf)}, nil
}

// part separates what follows from what is there with a comma, unless the last byte tells that it needs none.
func (w *writer) part() {
	if n := len(w.buf); n > 0 {
		switch w.buf[n-1] {
		case '{', '[', ':':
		default:
			w.buf = append(w.buf, ',')
		}
	}
}

func (w *writer) open(bracket byte) {
	w.part()
	w.buf = append(w.buf, bracket)
}

func (w *writer) close(bracket byte) { w.buf = append(w.buf, bracket) }

// text appends a string. It escapes only what JSON demands, and bytes that are no UTF-8 become U+FFFD.
func (w *writer) text(s string) {
	w.part()
	w.buf = appendQuoted(w.buf, s)
}

func (w *writer) key(key string) {
	w.text(key)
	w.buf = append(w.buf, ':')
}

func (w *writer) member(key, s string) {
	w.key(key)
	w.text(s)
}

// rendered appends a member with a text that stands in a buffer.
func (w *writer) rendered(key string, text []byte) {
	w.key(key)
	w.buf = appendQuoted(w.buf, text)
}

// openText appends a member with a text that put appends in parts, up to closeText.
func (w *writer) openText(key string) {
	w.key(key)
	w.buf = append(w.buf, '"')
}

func (w *writer) closeText() { w.buf = append(w.buf, '"') }

// put appends parts of a text that is open.
func put[T string | []byte](w *writer, parts ...T) {
	for _, part := range parts {
		w.buf = appendEscaped(w.buf, part)
	}
}

// textRow returns a row with nothing but a text that stands in a buffer.
func (w *writer) textRow(text []byte) ([][]byte, error) {
	w.begin()
	w.rendered("text", text)
	return w.end()
}

// filled appends a member unless it is empty.
func (w *writer) filled(key, s string) {
	if s != "" {
		w.member(key, s)
	}
}

func (w *writer) integer(key string, n int) {
	w.key(key)
	w.buf = strconv.AppendInt(w.buf, int64(n), 10)
}

// number appends a member unless it is NaN.
func (w *writer) number(key string, f float64) {
	if !math.IsNaN(f) {
		w.key(key)
		w.buf = strconv.AppendFloat(w.buf, f, 'g', -1, 64)
	}
}

func (w *writer) boolean(key string, value bool) {
	w.key(key)
	w.buf = strconv.AppendBool(w.buf, value)
}

// flag appends a member if it is true.
func (w *writer) flag(key string, value bool) {
	if value {
		w.boolean(key, value)
	}
}

// raw appends a member unless it is empty: a JSON value, on one line but otherwise as written, because the order of keys and
// the literals of numbers are training data.
func (w *writer) raw(key string, value json.RawMessage) {
	if len(value) == 0 {
		return
	}
	w.key(key)
	var err error
	if w.buf, err = appendJSON(w.buf, value); err != nil && w.err == nil {
		w.err = fmt.Errorf("write %q: %w", key, err)
	}
}

// verbatim appends a member whose value was written before.
func (w *writer) verbatim(key string, value []byte) {
	w.key(key)
	w.buf = append(w.buf, value...)
}

// quoted appends a member whose value is the text of a JSON value, as Python writes it.
func (w *writer) quoted(key string, value json.RawMessage) {
	w.key(key)
	var err error
	if w.scratch, err = appendPython(w.scratch[:0], value); err != nil && w.err == nil {
		w.err = fmt.Errorf("write %q: %w", key, err)
	}
	w.buf = appendQuoted(w.buf, w.scratch)
}

// texts appends a member with a list of strings unless it is empty.
func (w *writer) texts(key string, list []string) {
	if len(list) > 0 {
		w.list(key, list)
	}
}

// list appends a member with texts, even if there are none.
func (w *writer) list(key string, list []string) {
	w.key(key)
	w.open('[')
	for _, s := range list {
		w.text(s)
	}
	w.close(']')
}

// objects appends a member with a list of objects unless it is empty.
func objects[T any](w *writer, key string, list []T, members func(T)) {
	if len(list) > 0 {
		w.key(key)
		array(w, list, members)
	}
}

// array appends a list of objects; members appends the members of one.
func array[T any](w *writer, list []T, members func(T)) {
	w.open('[')
	for _, item := range list {
		w.open('{')
		members(item)
		w.close('}')
	}
	w.close(']')
}
