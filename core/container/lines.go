package container

import (
	"bufio"
	"errors"
	"io"

	"github.com/ftprep/ftprep/sdk/packed"
)

// lines writes a line for each row.
type lines struct {
	buffer *bufio.Writer
	packer io.Closer
}

func newLines(kind Kind, out io.Writer) *lines {
	_, ending := packed.SplitEnding(string(kind))
	packer := packed.Writer(out, ending)
	return &lines{buffer: bufio.NewWriterSize(packer, 64<<10), packer: packer}
}

func (l *lines) Write(row []byte) error {
	_, err := l.buffer.Write(row)
	if err == nil {
		err = l.buffer.WriteByte('\n')
	}
	return err
}

func (l *lines) Close() error {
	return errors.Join(l.buffer.Flush(), l.packer.Close())
}
