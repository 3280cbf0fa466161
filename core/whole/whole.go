// Package whole writes files that appear whole or not at all: each is written under another name beside its place, brought
// to the disk and renamed.
package whole

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sync/errgroup"
)

// A File is a file on the way to its place. It is written, then sealed, then placed; a file that is not placed must be
// discarded.
type File struct {
	Path string // where it will be, in the folder where it is; it may change until the file is placed

	file   *os.File
	mode   fs.FileMode   // in its place
	buffer *bufio.Writer // nil: the file is sealed
	bytes  int64

	syncing    errgroup.Group // at most one fsync, while writing goes on
	syncedFrom int64          // bytes when the last fsync began
}

// PartPrefix begins the names of files that are not whole yet.
const PartPrefix = ".ftprep-part-"

// syncBytes is how much is written before some of it goes to the disk, so that little is left to wait for in the end.
const syncBytes = 32 << 20

// New begins a file that will be at path, and makes its folder. Until it is placed, only the user can read it; then others
// can, as far as the umask allows.
func New(path string) (*File, error) {
	if IsDevice(path) {
		return nil, writeError(path, errors.New("it is a device, a pipe or a socket, which would be replaced"))
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, fmt.Errorf("make the folder of an output: %w", err)
	}
	// The random number tells the parts of one file apart: several may be written at once, or be left by killed processes.
	part := PartPrefix + filepath.Base(path) + "-" + strconv.FormatUint(rand.Uint64(), 36)
	file, err := os.OpenFile(filepath.Join(filepath.Dir(path), part), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return nil, writeError(path, err)
	}
	f := &File{Path: path, file: file, buffer: bufio.NewWriterSize(file, 256<<10)}
	f.syncing.SetLimit(1)
	info, err := file.Stat()
	if err != nil {
		f.Discard()
		return nil, writeError(path, err)
	}
	f.mode = info.Mode().Perm()   // what the umask has left
	_ = os.Chmod(f.Part(), 0o600) // not every file system has modes
	return f, nil
}

// Sealed makes a file that only has to be placed.
func Sealed(path string, content []byte) (*File, error) {
	file, err := New(path)
	if err != nil {
		return nil, err
	}
	if _, err = file.Write(content); err == nil {
		err = file.Seal()
	}
	if err != nil {
		file.Discard()
		return nil, err
	}
	return file, nil
}

// Write writes a file at once. If it fails, nothing of the file is left.
func Write(path string, content []byte) error {
	file, err := Sealed(path, content)
	if err != nil {
		return err
	}
	if err := file.Place(); err != nil {
		file.Discard()
		return err
	}
	return nil
}

// Replace is [Write] for a file of the user's own: an existing file keeps its mode, and a link to it stays.
func Replace(path string, content []byte) error {
	place := path
	if target, err := filepath.EvalSymlinks(path); err == nil {
		place = target
	}
	file, err := Sealed(place, content)
	if err != nil {
		return err
	}
	if old, err := os.Stat(place); err == nil {
		file.mode = old.Mode().Perm()
	}
	if err := file.Place(); err != nil {
		file.Discard()
		return writeError(path, err)
	}
	return nil
}

// IsDevice reports whether what is at a path, or behind a link there, is a device, a pipe or a socket. Whatever is directly
// in /dev counts as one: /dev/stdout is a link to a file if standard output goes to a file, but is the system's, not the
// user's.
func IsDevice(path string) bool {
	if full, err := filepath.Abs(path); err == nil && filepath.Dir(full) == "/dev" {
		return true
	}
	info, err := os.Stat(path)
	return err == nil && info.Mode()&(fs.ModeDevice|fs.ModeNamedPipe|fs.ModeSocket) != 0
}

// Try finds out whether a file could be written at path.
func Try(path string) error {
	file, err := New(path)
	if err == nil {
		file.Discard()
	}
	return err
}

// Sweep removes what a killed process has left beside the place of a file.
func Sweep(path string) {
	folder, prefix := filepath.Dir(path), PartPrefix+filepath.Base(path)+"-"
	entries, _ := os.ReadDir(folder)
	for _, entry := range entries {
		number, ok := strings.CutPrefix(entry.Name(), prefix)
		if ok && !strings.ContainsAny(number, "-.") { // else it is a part of another file, whose name begins alike
			_ = os.Remove(filepath.Join(folder, entry.Name()))
		}
	}
}

// Part returns the path of the file until it is placed.
func (f *File) Part() string { return f.file.Name() }

// Bytes returns how many bytes were written.
func (f *File) Bytes() int64 { return f.bytes }

// Write implements [io.Writer].
func (f *File) Write(data []byte) (int, error) {
	n, err := f.buffer.Write(data)
	f.bytes += int64(n)
	if f.bytes-f.syncedFrom >= syncBytes && f.syncing.TryGo(f.file.Sync) {
		f.syncedFrom = f.bytes
	}
	if err != nil {
		return n, writeError(f.Path, err)
	}
	return n, nil
}

// Seal brings everything to the disk and closes the file. Nothing can be written after it.
func (f *File) Seal() error {
	err := errors.Join(f.buffer.Flush(), f.syncing.Wait())
	f.buffer = nil
	if err == nil {
		err = f.file.Sync()
	}
	if closeErr := f.file.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return writeError(f.Path, err)
	}
	return nil
}

// writeError returns the error that a file could not be written. It names the file that the user knows, not the part.
func writeError(path string, err error) error {
	if fault, ok := errors.AsType[*fs.PathError](err); ok {
		err = fault.Err
	}
	if fault, ok := errors.AsType[*os.LinkError](err); ok {
		err = fault.Err
	}
	return fmt.Errorf("write %s: %w", path, err)
}

// Place puts a sealed file in its place.
func (f *File) Place() error {
	err := os.Chmod(f.file.Name(), f.mode)
	if err == nil {
		err = rename(f.file.Name(), f.Path)
	}
	if err != nil {
		return fmt.Errorf("put an output in its place: %w", err)
	}
	if folder, err := os.Open(filepath.Dir(f.Path)); err == nil {
		_ = folder.Sync() // the rename itself; not every system can
		_ = folder.Close()
	}
	return nil
}

// Discard removes a file that was not placed.
func (f *File) Discard() {
	_ = f.syncing.Wait()
	_ = f.file.Close()
	_ = os.Remove(f.file.Name())
}
