// Package packed reads and writes files that may be compressed, as logs are that were put away.
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

// Cut parts the name of a file from the ending that says how it is compressed, in lower case: .gz, .zst, or none.
func Cut(name string) (plain, ending string) {
	switch ending := strings.ToLower(filepath.Ext(name)); ending {
	case ".gz", ".zst":
		return name[:len(name)-len(ending)], ending
	}
	return name, ""
}

// Open opens a file to read what was compressed, where its name says that it is. Errors name the file, also those of reading,
// as a source may return them.
func Open(file sdk.File) (io.ReadCloser, error) {
	opened, err := file.Open()
	if err != nil {
		return nil, err
	}
	_, ending := Cut(file.Path)
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

// maxWindow is, in bytes, how much earlier text a compressed file may make its reader keep: what zstd allows by default.
const maxWindow = 128 << 20

// Reader reads what was compressed, as an ending says. To close it leaves content open.
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

// Writer compresses what is written, as an ending says; the same bytes on every machine. To close it leaves content open.
func Writer(content io.Writer, ending string) io.WriteCloser {
	switch ending {
	case ".gz":
		return gzip.NewWriter(content)
	case ".zst":
		encoder, _ := zstd.NewWriter(content, zstd.WithEncoderConcurrency(1)) // only a wrong option is an error
		return encoder
	}
	return plain{content}
}

// plain leaves what is written as it is.
type plain struct{ io.Writer }

func (plain) Close() error { return nil }

// unpacking reads a compressed file.
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
	_ = u.content.Close() // it can only say again what reading has said
	return u.file.Close()
}

// named is an error that names the file; those of the file itself do.
func named(path string, err error) error {
	if _, ok := errors.AsType[*fs.PathError](err); ok {
		return err
	}
	return &fs.PathError{Op: "unpack", Path: path, Err: err}
}
