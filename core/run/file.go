package run

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sync/errgroup"

	"github.com/ftprep/ftprep/sdk"
)

// outputFile is an output on its way: it is written under another name beside its place and takes the place only when
// everything is done, so that it appears whole or not at all.
type outputFile struct {
	path      string         // where it will be
	companion *sdk.Companion // that it holds; nil: it holds rows
	file      *os.File
	buffer    *bufio.Writer // nil: the file is sealed
	bytes     int64

	syncing    errgroup.Group // at most one fsync, while more is written
	syncedFrom int64          // bytes when it last began
}

// syncBytes is how much is written before some of it goes to the disk, so that little is left to wait for in the end.
const syncBytes = 32 << 20

func newOutputFile(path string) (*outputFile, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, fmt.Errorf("make the folder of an output: %w", err)
	}
	file, err := os.CreateTemp(filepath.Dir(path), partPrefix+filepath.Base(path)+"-*")
	if fault := (*fs.PathError)(nil); errors.As(err, &fault) {
		err = fault.Err // the name that the user knows is another
	}
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", path, err)
	}
	f := &outputFile{path: path, file: file, buffer: bufio.NewWriterSize(file, 256<<10)}
	f.syncing.SetLimit(1)
	return f, nil
}

// sealed writes a whole file that only has to be put in its place.
func sealed(path string, content []byte) (*outputFile, error) {
	file, err := newOutputFile(path)
	if err != nil {
		return nil, err
	}
	if _, err = file.Write(content); err == nil {
		err = file.seal()
	}
	if err != nil {
		file.discard()
		return nil, err
	}
	return file, nil
}

// writeWhole writes a file that appears whole or not at all; when it fails, nothing of it is left.
func writeWhole(path string, content []byte) error {
	file, err := sealed(path, content)
	if err != nil {
		return err
	}
	if err := file.place(); err != nil {
		file.discard()
		return err
	}
	return nil
}

// checkWritable finds out before hours of work whether an output can be written.
func checkWritable(path string) error {
	file, err := newOutputFile(path)
	if err == nil {
		file.discard()
	}
	return err
}

// partPrefix begins the names of files that are not whole yet.
const partPrefix = ".ftprep-part-"

// Write implements [io.Writer].
func (f *outputFile) Write(data []byte) (int, error) {
	n, err := f.buffer.Write(data)
	f.bytes += int64(n)
	if f.bytes-f.syncedFrom >= syncBytes && f.syncing.TryGo(f.file.Sync) {
		f.syncedFrom = f.bytes
	}
	if err != nil {
		return n, fmt.Errorf("write %s: %w", f.path, err)
	}
	return n, nil
}

// seal brings everything to the disk. Nothing can be written any more.
func (f *outputFile) seal() error {
	err := errors.Join(f.buffer.Flush(), f.syncing.Wait())
	f.buffer = nil
	if err == nil {
		err = f.file.Sync()
	}
	if closeErr := f.file.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Chmod(f.file.Name(), 0o644)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", f.path, err)
	}
	return nil
}

// place puts a sealed file in its place.
func (f *outputFile) place() error {
	if err := os.Rename(f.file.Name(), f.path); err != nil {
		return fmt.Errorf("put an output in its place: %w", err)
	}
	if folder, err := os.Open(filepath.Dir(f.path)); err == nil {
		_ = folder.Sync() // the rename itself; not every system can
		_ = folder.Close()
	}
	return nil
}

// discard removes a file that was not placed.
func (f *outputFile) discard() {
	_ = f.syncing.Wait()
	_ = f.file.Close()
	_ = os.Remove(f.file.Name())
}

// sweep removes what a killed run has left beside an output.
func sweep(path string) {
	left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), partPrefix+filepath.Base(path)+"-*"))
	for _, name := range left {
		_ = os.Remove(name)
	}
}
