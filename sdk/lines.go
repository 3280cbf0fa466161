package sdk

import (
	"bytes"
	"context"
	"errors"
	"io"
	"iter"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"
)

// MaxLine is the longest line that [Lines] reads, in bytes.
const MaxLine = 256 << 20

// ErrLongLine stands in place of a line above [MaxLine]. It may be wrapped: ask [errors.Is].
var ErrLongLine = errors.New("the line is longer than 256 MiB")

// longLine is an ErrLongLine that knows the line's number.
type longLine int

func (longLine) Error() string { return ErrLongLine.Error() }

func (longLine) Unwrap() error { return ErrLongLine }

// A Line is one line of a file.
type Line struct {
	Number int    // 1-based
	Offset int64  // of the text's first byte
	Text   []byte // without its end, and without a byte order mark; only valid until the next line is read
	Ended  bool   // it has a line end; without one, the last line may be half-written
}

// Lines iterates over the lines of r, however long. A line above [MaxLine] comes as [ErrLongLine] with its number, and
// reading can go on behind it; any other error ends the iteration. A source rejects the line (see [Emitter.Reject]) and
// goes on, or returns the error as any other: then the line is rejected with the rest of the file.
func Lines(r io.Reader) iter.Seq2[Line, error] {
	return func(yield func(Line, error) bool) {
		var buffer []byte
		for p, err := range Parts(r, &buffer) {
			if err != nil && err != ErrLongLine {
				yield(Line{Number: p.number}, err)
				return
			}
			for line, err := range p.lines() {
				if !yield(line, err) {
					return
				}
			}
		}
	}
}

// Parts iterates over r in parts of whole lines, for whoever can look at many lines at once. It reads them into the buffer, and
// puts another in its place, of up to eight times the size, where it has less than 64 KiB or a line does not fit. Errors are
// those of [Lines].
func Parts(r io.Reader, buffer *[]byte) iter.Seq2[Part, error] {
	return func(yield func(Part, error) bool) {
		reader := newPartReader(r, max(cap(*buffer), leastPart))
		for {
			p, err := reader.next(*buffer)
			if err == io.EOF {
				return
			}
			if p.long {
				err = ErrLongLine
			}
			if size := cap(p.Text); size > cap(*buffer) && size <= large*reader.size {
				*buffer = p.Text
			}
			if !yield(p, err) || err != nil && !p.long {
				return
			}
		}
	}
}

// A LineDecoder reads files in parts of whole lines and decodes several parts at a time. It is safe for several goroutines;
// together they hold hardly more parts in memory than there are processors.
type LineDecoder[T any] struct {
	decode  func(iter.Seq2[Line, error]) T
	permits chan struct{} // one for each part
	spare   chan []byte   // buffers; a pool would lose them to the garbage collector, which they would keep busy
}

// NewLineDecoder makes a decoder. decode gets the lines of a part, with errors as from [Lines]; what it returns must not
// share their memory.
func NewLineDecoder[T any](decode func(lines iter.Seq2[Line, error]) T) *LineDecoder[T] {
	processors := runtime.GOMAXPROCS(0)
	decoding := processors + 1
	return &LineDecoder[T]{
		decode: decode, permits: make(chan struct{}, decoding),
		spare: make(chan []byte, decoding+processors), // besides, as many files have read a part ahead
	}
}

// Read reads r and hands over what came of its parts in the order of the file. take is called by the calling goroutine.
func (d *LineDecoder[T]) Read(ctx context.Context, r io.Reader, take func(T) error) error {
	reader := newPartReader(r, partSize)
	p, err := reader.next(d.buffer())
	if err != nil {
		return withoutEOF(err)
	}
	if reader.ended() { // a small file is not worth more
		defer d.release(p.Text)
		return take(d.decode(p.lines()))
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	group, ctx := errgroup.WithContext(ctx)
	decoded := make(chan chan T, runtime.GOMAXPROCS(0))
	group.Go(func() error {
		defer close(decoded)
		for err == nil {
			result := make(chan T, 1)
			select {
			case decoded <- result:
			case <-ctx.Done():
				return ctx.Err()
			}
			reader.detach()
			if err := d.start(ctx, group, p, result); err != nil {
				close(result)
				return err
			}
			if reader.ended() { // what is next takes no buffer
				return nil
			}
			p, err = reader.next(d.buffer())
		}
		return withoutEOF(err)
	})
	var fault error
	for result := range decoded {
		if value, ok := <-result; ok && fault == nil {
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

// start decodes a part in a goroutine of its own, and waits until that is allowed. A panic of the plugin's code becomes an error,
// as everywhere.
func (d *LineDecoder[T]) start(ctx context.Context, group *errgroup.Group, p Part, result chan<- T) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case d.permits <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	group.Go(func() (err error) {
		defer func() { <-d.permits }()
		defer close(result)
		defer recovered(&err)
		result <- d.decode(p.lines())
		d.release(p.Text)
		return nil
	})
	return nil
}

func (d *LineDecoder[T]) buffer() []byte {
	select {
	case buffer := <-d.spare:
		return buffer
	default:
		return nil
	}
}

// release keeps a buffer for the next part, unless a long line has made it large.
func (d *LineDecoder[T]) release(buffer []byte) {
	if cap(buffer) > large*partSize {
		return
	}
	select {
	case d.spare <- buffer:
	default:
	}
}

func withoutEOF(err error) error {
	if err == io.EOF {
		return nil
	}
	return err
}

// A Part is some whole lines of a file.
type Part struct {
	Text  []byte // only valid until the next part is read
	Lines int    // how many

	number int   // of the first line
	offset int64 // of the first line
	long   bool  // it stands in place of one line that is too long

	longest int // line
}

// lines iterates over the lines of the part.
func (p Part) lines() iter.Seq2[Line, error] {
	return func(yield func(Line, error) bool) {
		if p.long {
			yield(Line{Number: p.number, Offset: p.offset, Ended: true}, longLine(p.number))
			return
		}
		number, offset := p.number, p.offset
		for text := range bytes.Lines(p.Text) {
			line := Line{Number: number, Offset: offset, Text: text, Ended: bytes.HasSuffix(text, []byte("\n"))}
			line.Text = bytes.TrimSuffix(bytes.TrimSuffix(text, []byte("\n")), []byte("\r"))
			if mark := []byte("\ufeff"); number == 1 && bytes.HasPrefix(line.Text, mark) {
				line.Text, line.Offset = line.Text[len(mark):], int64(len(mark))
			}
			var err error
			if len(text) > p.longest {
				line.Text, err = nil, longLine(number)
			}
			if !yield(line, err) {
				return
			}
			number++
			offset += int64(len(text))
		}
	}
}

// How much of a file is read at a time, in bytes.
const (
	partSize  = 1 << 20  // to be decoded beside others
	leastPart = 64 << 10 // whatever buffer there is
)

// large is how many times the size of a part a buffer may have to be used again.
const large = 8

// A partReader reads a file in parts of at least one line.
type partReader struct {
	file    io.Reader
	size    int    // of a part, unless a line is longer
	longest int    // line
	rest    []byte // the beginning of the next part, where it was read
	own     []byte // memory for the rest
	number  int    // of the next line
	offset  int64
	err     error // that ended the file
}

func newPartReader(file io.Reader, size int) *partReader {
	return &partReader{file: file, size: size, longest: MaxLine, number: 1}
}

// ended reports whether everything was read.
func (r *partReader) ended() bool { return r.err == io.EOF && len(r.rest) == 0 }

// next reads the next part into a buffer, which it may replace. After the last it returns what ended the file, such as
// [io.EOF]; a fault of reading comes after the whole lines before it.
func (r *partReader) next(buffer []byte) (Part, error) {
	if cap(buffer) < r.size || cap(buffer) > large*r.size {
		buffer = make([]byte, 0, r.size)
	}
	buffer = append(buffer[:0], r.rest...)
	r.rest = nil
	for {
		buffer = r.fill(buffer)
		end := EndOfLines(buffer)
		switch {
		case r.err == io.EOF:
			return r.part(buffer)
		case end > 0:
			r.rest = buffer[end:]
			return r.part(buffer[:end])
		case r.err != nil:
			return Part{number: r.number}, r.err
		case len(buffer) > r.longest:
			return r.skip(len(buffer))
		}
		buffer = slices.Grow(buffer, len(buffer)) // a line that does not fit
	}
}

// detach copies the beginning of the next part, so that the memory of this one may be used for another file.
func (r *partReader) detach() {
	r.own = append(r.own[:0], r.rest...)
	r.rest = r.own
}

// EndOfLines is where the last line end of a text ends, or 0. Unlike [bytes.LastIndexByte], [bytes.IndexByte] compares many
// bytes at a time, and lines are long.
func EndOfLines(text []byte) int {
	const step = 4 << 10
	for end := len(text); end > 0; end -= step {
		start := max(0, end-step)
		if bytes.IndexByte(text[start:end], '\n') >= 0 {
			return start + bytes.LastIndexByte(text[start:end], '\n') + 1
		}
	}
	return 0
}

// fill reads until the buffer is full or the file ends.
func (r *partReader) fill(buffer []byte) []byte {
	for idle := 0; r.err == nil && len(buffer) < cap(buffer); idle++ {
		var n int
		n, r.err = r.file.Read(buffer[len(buffer):cap(buffer)])
		buffer = buffer[:len(buffer)+n]
		if n > 0 {
			idle = 0
		} else if idle == 100 && r.err == nil {
			r.err = io.ErrNoProgress
		}
	}
	return buffer
}

func (r *partReader) part(text []byte) (Part, error) {
	if len(text) == 0 {
		return Part{number: r.number}, r.err
	}
	p := Part{Text: text, Lines: bytes.Count(text, []byte("\n")), number: r.number, offset: r.offset, longest: r.longest}
	r.number += p.Lines
	r.offset += int64(len(text))
	if text[len(text)-1] != '\n' {
		p.Lines++
	}
	return p, nil
}

// skip passes the rest of a line that is too long.
func (r *partReader) skip(length int) (Part, error) {
	p := Part{Lines: 1, number: r.number, offset: r.offset, long: true}
	buffer := make([]byte, 0, r.size)
	for r.err == nil {
		buffer = r.fill(buffer[:0])
		if end := bytes.IndexByte(buffer, '\n') + 1; end > 0 {
			length += end
			r.rest = buffer[end:]
			break
		}
		length += len(buffer)
	}
	r.number++
	r.offset += int64(length)
	return p, nil
}
