// Package packed reads and writes files that may be compressed, as archived logs often are.
package packed

import (
	"errors"
	"io"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/ftprep/ftprep/sdk"
)

// SplitEnding splits the name of a file into the plain name and the ending that says how the file is compressed: .gz or
// .zst, in lower case, or none.
func SplitEnding(name string) (plain, ending string) {
	switch ending := strings.ToLower(filepath.Ext(name)); ending {
	case ".gz", ".zst":
		return name[:len(name)-len(ending)], ending
	}
	return name, ""
}

// Open opens a file for reading. If its name says that it is compressed, reading returns the uncompressed content. Errors
// of opening and reading name the file, so a source may return them as they are.
func Open(file sdk.File) (io.ReadCloser, error) {
	opened, err := file.Open()
	if err != nil {
		return nil, err
	}
	_, ending := SplitEnding(file.Path)
	if ending == "" {
		return opened, nil
	}
	content, err := Reader(opened, ending)
	if err != nil {
		_ = opened.Close() // nothing was written
		return nil, named(file.Path, err)
	}
	return &unpacking{content: content, file: opened, path: file.Path}, nil
}

// maxWindow is how much earlier text, in bytes, a compressed file may make its reader keep. It is what zstd allows by
// default.
const maxWindow = 128 << 20

// Reader returns a reader of the uncompressed content of a compressed one, as the ending says. Closing it does not close
// content.
func Reader(content io.Reader, ending string) (io.ReadCloser, error) {
	switch ending {
	case ".gz":
		return gzip.NewReader(content)
	case ".zst":
		decoder, err := zstd.NewReader(content, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow))
		if err != nil {
			return nil, err
		}
		return decoder.IOReadCloser(), nil
	}
	return io.NopCloser(content), nil
}

// Writer returns a writer that compresses what is written to it, as the ending says. The result is the same bytes on
// every machine. Closing it does not close content.
func Writer(content io.Writer, ending string) io.WriteCloser {
	switch ending {
	case ".gz":
		return gzip.NewWriter(content)
	case ".zst":
		encoder, _ := zstd.NewWriter(content, zstd.WithEncoderConcurrency(1)) // only wrong options are an error
		return encoder
	}
	return plain{content}
}

// plain writes what is written as it is.
type plain struct{ io.Writer }

func (plain) Close() error { return nil }

// unpacking reads a compressed file and names it in errors.
type unpacking struct {
	content io.ReadCloser
	file    io.Closer
	path    string
}

func (u *unpacking) Read(buffer []byte) (int, error) {
	n, err := u.content.Read(buffer)
	if err != nil && err != io.EOF {
		err = named(u.path, err)
	}
	return n, err
}

func (u *unpacking) Close() error {
	_ = u.content.Close() // closing can only repeat an error of reading
	return u.file.Close()
}

// named returns an error that names the file. Errors of the file itself already do.
func named(path string, err error) error {
	if _, ok := errors.AsType[*fs.PathError](err); ok {
		return err
	}
	return &fs.PathError{Op: "unpack", Path: path, Err: err}
}
