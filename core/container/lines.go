package container

import (
	"bufio"
	"errors"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// lines writes a line for each row.
type lines struct {
	buffer  *bufio.Writer
	encoder io.Closer // nil: the lines are not compressed
}

func newLines(kind Kind, out io.Writer) *lines {
	l := &lines{}
	switch kind {
	case Gzip:
		encoder := gzip.NewWriter(out)
		l.encoder, out = encoder, encoder
	case Zstd:
		encoder, _ := zstd.NewWriter(out, zstd.WithEncoderConcurrency(1)) // only a wrong option is an error
		l.encoder, out = encoder, encoder
	}
	l.buffer = bufio.NewWriterSize(out, 64<<10)
	return l
}

func (l *lines) Write(row []byte) error {
	_, err := l.buffer.Write(row)
	if err == nil {
		err = l.buffer.WriteByte('\n')
	}
	return err
}

func (l *lines) Close() error {
	err := l.buffer.Flush()
	if l.encoder != nil {
		err = errors.Join(err, l.encoder.Close())
	}
	return err
}

// maxWindow is, in bytes, how much earlier text a compressed file may make its reader keep: what zstd allows by default.
const maxWindow = 128 << 20

// decompress returns what a file of lines holds. Closing it leaves the file open.
func decompress(kind Kind, file io.Reader) (io.ReadCloser, error) {
	switch kind {
	case Gzip:
		return gzip.NewReader(file)
	case Zstd:
		decoder, err := zstd.NewReader(file, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow))
		if err != nil {
			return nil, err
		}
		return decoder.IOReadCloser(), nil
	}
	return io.NopCloser(file), nil
}
