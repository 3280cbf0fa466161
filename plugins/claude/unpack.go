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

// opened is a file of which any place can be read.
type opened interface {
	io.ReadSeekCloser
	io.ReaderAt
}

// open opens a file. One that is compressed is unpacked into a temporary one: no place of it can be read without all that is
// before, and memory has no room for it. With an error of reading it comes what stands before. alive is called now and then.
func open(ctx context.Context, file sdk.File, alive func() error) (opened, error) {
	if _, ending := packed.Cut(file.Path); ending == "" {
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
		return nil, fmt.Errorf("make a file to unpack %s into: %w; TMPDIR names another folder", file.Name, err)
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
			return fmt.Errorf("%w; TMPDIR names another folder", err)
		}
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			return nil
		}
		if err := cmp.Or(err, ctx.Err(), alive()); err != nil {
			return err
		}
	}
}

// A temporary file can be read by nobody else, and is gone when it is closed: where the system allows it, with its process, too.
type temporary struct{ *os.File }

func newTemporary() (temporary, error) {
	file, err := os.CreateTemp("", "ftprep-unpacked-*")
	if err == nil && !removedLater {
		err = os.Remove(file.Name())
	}
	return temporary{file}, err
}

// removedLater says that no file can be removed while it is open.
const removedLater = runtime.GOOS == "windows"

func (t temporary) Close() error {
	err := t.File.Close()
	if removedLater {
		err = errors.Join(err, os.Remove(t.Name()))
	}
	return err
}
