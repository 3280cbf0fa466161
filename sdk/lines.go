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

// ErrLongLine is the error for a line longer than [MaxLine]. It may be wrapped: use [errors.Is].
var ErrLongLine = errors.New("the line is longer than 256 MiB")

// longLine is an ErrLongLine that knows the number of the line.
type longLine int

func (longLine) Error() string { return ErrLongLine.Error() }

func (longLine) Unwrap() error { return ErrLongLine }

// A Line is one line of a file.
type Line struct {
	Number int    // 1-based
	Offset int64  // of the first byte of Text in the file
	Text   []byte // without the line end and without a byte order mark; only valid until the next line is read
	Ended  bool   // it has a line end; a last line without one may be half-written
}

// Lines iterates over the lines of r. A line longer than [MaxLine] comes as an [ErrLongLine] with the line's number, and
// the iteration can go on after it; any other error ends the iteration. For a line that is too long, a source either
// rejects it (see [Emitter.Reject]) and goes on, or returns the error from its Read, which rejects the rest of the file
// as well.
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

// Parts iterates over r in parts of whole lines, for callers that can look at many lines at once. It reads them into
// *buffer. If its capacity is less than 64 KiB, or if a line does not fit into it, Parts replaces it by a larger one, of
// up to eight times the size. Errors are those of [Lines].
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
			if size := cap(p.Text); size > cap(*buffer) && size <= maxReuseFactor*reader.size {
				*buffer = p.Text
			}
			if !yield(p, err) || err != nil && !p.long {
				return
			}
		}
	}
}

// A LineDecoder reads files in parts of whole lines and decodes several parts at the same time. Several goroutines may
// use it at once; together they hold hardly more parts in memory than there are processors.
type LineDecoder[T any] struct {
	decode  func(iter.Seq2[Line, error]) T
	permits chan struct{} // one for each part that is being decoded
	spare   chan []byte   // buffers to use again; a sync.Pool would lose them to the garbage collector, and replacing them would keep it busy
}

// NewLineDecoder returns a decoder of files. The function decode gets the lines of a part, with errors as from [Lines].
// What it returns must not share memory with the lines.
func NewLineDecoder[T any](decode func(lines iter.Seq2[Line, error]) T) *LineDecoder[T] {
	processors := runtime.GOMAXPROCS(0)
	decoding := processors + 1
	return &LineDecoder[T]{
		decode: decode, permits: make(chan struct{}, decoding),
		spare: make(chan []byte, decoding+processors), // as many files as there are processors have read a part ahead
	}
}

// Read reads r, decodes its parts and calls take with each result, in the order of the file. The goroutine that calls
// Read calls take.
func (d *LineDecoder[T]) Read(ctx context.Context, r io.Reader, take func(T) error) error {
	reader := newPartReader(r, partSize)
	p, err := reader.next(d.buffer())
	if err != nil {
		return withoutEOF(err)
	}
	if reader.ended() { // a small file is not worth a goroutine
		defer d.release(p.Text)
		return take(d.decode(p.lines()))
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	group, ctx := errgroup.WithContext(ctx)
	results := make(chan chan T, runtime.GOMAXPROCS(0)) // in the order of the file
	group.Go(func() error {
		defer close(results)
		return d.decodeParts(ctx, group, reader, p, results)
	})
	var fault error
	for result := range results {
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

// decodeParts starts to decode a part and all that follow it, and sends a channel for the result of each. A channel that
// is closed without a result belongs to a part that was not decoded.
func (d *LineDecoder[T]) decodeParts(ctx context.Context, group *errgroup.Group, reader *partReader, p Part, results chan<- chan T) error {
	for {
		result := make(chan T, 1)
		select {
		case results <- result:
		case <-ctx.Done():
			return ctx.Err()
		}
		reader.detach()
		if err := d.start(ctx, group, p, result); err != nil {
			close(result)
			return err
		}
		if reader.ended() { // there is no next part to take a buffer for
			return nil
		}
		var err error
		if p, err = reader.next(d.buffer()); err != nil {
			return withoutEOF(err)
		}
	}
}

// start waits for permission and then decodes a part in a new goroutine. A panic in the plugin's code becomes an error,
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

// release keeps a buffer for another part, unless a long line has made it large.
func (d *LineDecoder[T]) release(buffer []byte) {
	if cap(buffer) > maxReuseFactor*partSize {
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

// A Part is a number of whole lines of a file.
type Part struct {
	Text  []byte // only valid until the next part is read
	Lines int    // how many lines Text has

	number int   // of the first line
	offset int64 // of the first line
	long   bool  // it stands for one line that is too long, which is not in Text

	longest int // how long a line may be, in bytes
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

// The sizes of parts, in bytes.
const (
	partSize  = 1 << 20  // of a part that is decoded in parallel
	leastPart = 64 << 10 // of any part, even if the given buffer is smaller
)

// maxReuseFactor is how many times larger than a part a buffer may be to be used again.
const maxReuseFactor = 8

// A partReader reads a file in parts of at least one line.
type partReader struct {
	file     io.Reader
	size     int    // of a part, unless a line is longer
	longest  int    // how long a line may be, in bytes
	rest     []byte // the beginning of the next part, if it has been read already
	detached []byte // the memory of rest after detach, used again each time
	number   int    // of the next line
	offset   int64
	err      error // that ended the reading, such as io.EOF
}

func newPartReader(file io.Reader, size int) *partReader {
	return &partReader{file: file, size: size, longest: MaxLine, number: 1}
}

// ended reports whether the whole file has been read.
func (r *partReader) ended() bool { return r.err == io.EOF && len(r.rest) == 0 }

// next reads the next part into a buffer, which it may replace. After the last part it returns the error that ended the
// file, such as [io.EOF]. If reading fails, the whole lines before that come first.
func (r *partReader) next(buffer []byte) (Part, error) {
	if cap(buffer) < r.size || cap(buffer) > maxReuseFactor*r.size {
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
		buffer = slices.Grow(buffer, len(buffer)) // a line does not fit
	}
}

// detach copies the beginning of the next part, so that the memory of this part can be used for another file.
func (r *partReader) detach() {
	r.detached = append(r.detached[:0], r.rest...)
	r.rest = r.detached
}

// EndOfLines returns the length of text up to and including its last line end, or 0 if it has none. It is quicker on long
// lines than [bytes.LastIndexByte], which looks at one byte at a time: it searches with [bytes.IndexByte], which compares
// many.
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

// skip passes over the rest of a line that is too long, of which length bytes have been read.
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
