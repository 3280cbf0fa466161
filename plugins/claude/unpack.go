package claude

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"

	"github.com/ftprep/ftprep/sdk"
	"github.com/ftprep/ftprep/sdk/packed"
)

// opened is a file that can be read at any place.
type opened interface {
	io.ReadSeekCloser
	io.ReaderAt
}

// open opens a file. It unpacks a compressed one into a temporary file, because no place of it can be read without everything
// before, and memory may have no room for it. If the file cannot be read to its end, open returns what it could unpack
// together with the error. It calls alive regularly.
func open(ctx context.Context, file sdk.File, alive func() error) (opened, error) {
	if _, ending := packed.SplitEnding(file.Path); ending == "" {
		plain, err := file.Open()
		if err != nil {
			return nil, err
		}
		return plain, nil
	}
	content, err := packed.Open(file)
	if err != nil {
		return nil, err
	}
	defer content.Close()
	unpacked, err := newTemporary()
	if err != nil {
		return nil, fmt.Errorf("create a temporary file to unpack %s: %w; set TMPDIR to use another folder", file.Name, err)
	}
	err = unpack(ctx, content, unpacked, alive)
	fault, _ := errors.AsType[*fs.PathError](err)
	if err == nil || fault != nil && fault.Path == file.Path {
		_, seekErr := unpacked.Seek(0, io.SeekStart)
		return unpacked, cmp.Or(err, seekErr)
	}
	return nil, errors.Join(fmt.Errorf("unpack %s: %w", file.Name, err), unpacked.Close())
}

func unpack(ctx context.Context, content io.Reader, into io.Writer, alive func() error) error {
	buffer := make([]byte, searchSize)
	for {
		n, err := io.ReadFull(content, buffer)
		if _, err := into.Write(buffer[:n]); err != nil {
			return fmt.Errorf("%w; set TMPDIR to use another folder", err)
		}
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			return nil
		}
		if err := cmp.Or(err, ctx.Err(), alive()); err != nil {
			return err
		}
	}
}

// A temporary is a file that nobody else can read and that is removed when it is closed or, if the system allows it, at the
// latest when its process ends.
type temporary struct{ *os.File }

func newTemporary() (temporary, error) {
	file, err := os.CreateTemp("", "ftprep-unpacked-*")
	if err == nil && !removedLater {
		err = os.Remove(file.Name())
	}
	return temporary{file}, err
}

// removedLater reports whether a file can be removed only after it was closed.
const removedLater = runtime.GOOS == "windows"

func (t temporary) Close() error {
	err := t.File.Close()
	if removedLater {
		err = errors.Join(err, os.Remove(t.Name()))
	}
	return err
}
