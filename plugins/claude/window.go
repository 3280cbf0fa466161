package claude

import (
	"errors"
	"io"
)

// windowSize is how many bytes of a file are read at a time: what a turn needs usually stands close together.
const windowSize = 1 << 20

// A window reads places in a file and keeps only a part of the file in memory.
type window struct {
	file   io.ReaderAt
	buffer []byte
	start  int64 // offset of the buffer in the file
}

// open switches to another file.
func (w *window) open(file io.ReaderAt) { w.file, w.buffer, w.start = file, w.buffer[:0], 0 }

var errChanged = errors.New("the file became shorter while it was read")

// at reads a place; the bytes are valid until the next call.
func (w *window) at(place span) ([]byte, error) {
	from := place.offset - w.start
	if from < 0 || from+int64(place.length) > int64(len(w.buffer)) {
		if err := w.move(place); err != nil {
			return nil, err
		}
		from = 0
	}
	return w.buffer[from : from+int64(place.length)], nil
}

func (w *window) move(place span) error {
	size := max(place.length, windowSize)
	if cap(w.buffer) < size || cap(w.buffer) > 8*windowSize && size == windowSize {
		w.buffer = make([]byte, size)
	}
	n, err := w.file.ReadAt(w.buffer[:size], place.offset)
	w.buffer, w.start = w.buffer[:n], place.offset
	if n >= place.length {
		return nil
	}
	w.buffer = w.buffer[:0]
	if err == io.EOF {
		return errChanged
	}
	return err
}
