package sdk

import (
	"bytes"
	"context"
	"errors"
	"io"
	"iter"
	"runtime"
	"sync"

	"golang.org/x/sync/errgroup"
)

// MaxLine is the longest line that [Lines] reads, in bytes.
const MaxLine = 256 << 20

// ErrLongLine stands in place of a line above [MaxLine].
var ErrLongLine = errors.New("the line is longer than 256 MiB")

// A Line is one line of a file.
type Line struct {
	Number int    // 1-based
	Offset int64  // of the text's first byte
	Text   []byte // without its end, and without a byte order mark; only valid until the next line is read
	Ended  bool   // it has a line end; without one, the last line may be half-written
}

// Lines iterates over the lines of r, however long. A line above [MaxLine] comes as [ErrLongLine] with its number, and
// reading goes on; any other error ends the iteration.
func Lines(r io.Reader) iter.Seq2[Line, error] {
	return func(yield func(Line, error) bool) {
		reader := newPartReader(r, 256<<10)
		var buffer []byte
		for {
			p, err := reader.next(buffer)
			if err == io.EOF {
				return
			}
			if err != nil {
				yield(Line{Number: reader.number}, err)
				return
			}
			for line, err := range p.lines() {
				if !yield(line, err) {
					return
				}
			}
			buffer = p.text
		}
	}
}

// A LineDecoder reads files in parts of whole lines and decodes several parts at a time. It is safe for several goroutines,
// which share its memory.
type LineDecoder[T any] struct {
	// Decode gets the lines of a part, with errors as from [Lines]. What it returns must not share their memory.
	Decode func(lines iter.Seq2[Line, error]) T

	buffers sync.Pool // of *[]byte
}

// Read reads r and hands over what came of its parts in the order of the file. take is called by the calling goroutine.
func (d *LineDecoder[T]) Read(ctx context.Context, r io.Reader, take func(T) error) error {
	reader := newPartReader(r, 1<<20)
	p, err := reader.next(d.buffer())
	if err != nil {
		return withoutEOF(err)
	}
	if reader.ended { // a small file is not worth more
		defer d.buffers.Put(&p.text)
		return take(d.Decode(p.lines()))
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	group, ctx := errgroup.WithContext(ctx)
	decoded := make(chan chan T, runtime.GOMAXPROCS(0))
	group.Go(func() error {
		defer close(decoded)
		for ; err == nil; p, err = reader.next(d.buffer()) {
			if err := ctx.Err(); err != nil {
				return err
			}
			result := make(chan T, 1)
			select {
			case decoded <- result:
			case <-ctx.Done():
				return ctx.Err()
			}
			read := p
			group.Go(func() error {
				result <- d.Decode(read.lines())
				d.buffers.Put(&read.text)
				return nil
			})
		}
		return withoutEOF(err)
	})
	var fault error
	for result := range decoded {
		if value := <-result; fault == nil {
			if fault = take(value); fault != nil {
				cancel()
			}
		}
	}
	if err := group.Wait(); fault == nil {
		return err
	}
	return fault
}

func (d *LineDecoder[T]) buffer() []byte {
	if buffer, ok := d.buffers.Get().(*[]byte); ok {
		return *buffer
	}
	return nil
}

func withoutEOF(err error) error {
	if err == io.EOF {
		return nil
	}
	return err
}

// A part is some whole lines of a file.
type part struct {
	text   []byte
	number int   // of the first line
	offset int64 // of the first line
	long   bool  // it stands in place of one line that is too long
}

// lines iterates over the lines of the part.
func (p part) lines() iter.Seq2[Line, error] {
	return func(yield func(Line, error) bool) {
		if p.long {
			yield(Line{Number: p.number, Offset: p.offset, Ended: true}, ErrLongLine)
			return
		}
		number, offset := p.number, p.offset
		for text := range bytes.Lines(p.text) {
			line := Line{Number: number, Offset: offset, Text: text, Ended: bytes.HasSuffix(text, []byte("\n"))}
			line.Text = bytes.TrimSuffix(bytes.TrimSuffix(text, []byte("\n")), []byte("\r"))
			if mark := []byte("\ufeff"); number == 1 && bytes.HasPrefix(line.Text, mark) {
				line.Text, line.Offset = line.Text[len(mark):], int64(len(mark))
			}
			var err error
			if len(text) > MaxLine {
				line.Text, err = nil, ErrLongLine
			}
			if !yield(line, err) {
				return
			}
			number++
			offset += int64(len(text))
		}
	}
}

// A partReader reads a file in parts of at least one line.
type partReader struct {
	file   io.Reader
	size   int    // of a part, unless a line is longer
	rest   []byte // the beginning of the next part
	number int    // of the next line
	offset int64
	ended  bool
}

func newPartReader(file io.Reader, size int) *partReader {
	return &partReader{file: file, size: size, number: 1}
}

// next reads the next part into a buffer, which it may replace; after the last, [io.EOF].
func (r *partReader) next(buffer []byte) (part, error) {
	if cap(buffer) < r.size || cap(buffer) > 8*r.size {
		buffer = make([]byte, 0, r.size)
	}
	buffer = append(buffer[:0], r.rest...)
	r.rest = r.rest[:0]
	for !r.ended {
		if len(buffer) > MaxLine {
			return r.skip(len(buffer))
		}
		if len(buffer) == cap(buffer) {
			buffer = append(buffer, 0)[:len(buffer)]
		}
		n, err := r.file.Read(buffer[len(buffer):cap(buffer)])
		from := len(buffer)
		buffer = buffer[:from+n]
		if r.ended = err == io.EOF; err != nil && !r.ended {
			return part{}, err
		}
		if end := bytes.LastIndexByte(buffer[from:], '\n'); end >= 0 && !r.ended {
			end += from + 1
			r.rest = append(r.rest, buffer[end:]...)
			buffer = buffer[:end]
			break
		}
	}
	if len(buffer) == 0 {
		return part{}, io.EOF
	}
	p := part{text: buffer, number: r.number, offset: r.offset}
	r.number += bytes.Count(buffer, []byte("\n"))
	r.offset += int64(len(buffer))
	return p, nil
}

// skip passes the rest of a line that is too long.
func (r *partReader) skip(length int) (part, error) {
	p := part{number: r.number, offset: r.offset, long: true}
	buffer := make([]byte, r.size)
	for !r.ended {
		n, err := r.file.Read(buffer)
		if r.ended = err == io.EOF; err != nil && !r.ended {
			return part{}, err
		}
		if end := bytes.IndexByte(buffer[:n], '\n'); end >= 0 {
			length += end + 1
			r.rest = append(r.rest, buffer[end+1:n]...)
			break
		}
		length += n
	}
	r.number++
	r.offset += int64(length)
	return p, nil
}
