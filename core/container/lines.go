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
