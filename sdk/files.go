package sdk

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

// ListFiles lists the files below paths whose base name match accepts, sorted by name. A path that is itself a file is
// always listed. Links to files are followed, links to folders are not. What cannot be listed - a folder without
// permission, a link to nothing - is listed as a file, so that reading it reports why.
func ListFiles(paths []string, match func(base string) bool) ([]File, error) {
	var files []File
	for _, root := range paths {
		info, err := os.Stat(root)
		if err != nil {
			return nil, fmt.Errorf("list files: %w", err)
		}
		if !info.IsDir() {
			files = append(files, file(root, filepath.Base(root)))
			continue
		}
		prefix := ""
		if len(paths) > 1 {
			prefix = filepath.Base(root)
		}
		found, err := listFolder(root, prefix, match)
		if err != nil {
			return nil, err
		}
		files = append(files, found...)
	}
	sort.Slice(files, func(i, j int) bool { return files[i].Name < files[j].Name })
	return files, nil
}

func listFolder(root, prefix string, match func(base string) bool) ([]File, error) {
	root, err := filepath.EvalSymlinks(root)
	if err != nil {
		return nil, fmt.Errorf("list files: %w", err)
	}
	var files []File
	err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		relative, relativeErr := filepath.Rel(root, path)
		if relativeErr != nil {
			return relativeErr
		}
		label := filepath.ToSlash(filepath.Join(prefix, relative))
		if err != nil { // a folder that cannot be read
			files = append(files, file(path, label))
			return nil
		}
		if entry.IsDir() || !match(entry.Name()) {
			return nil
		}
		if entry.Type()&fs.ModeSymlink != 0 {
			if target, err := os.Stat(path); err == nil && target.IsDir() {
				return nil
			}
		}
		files = append(files, file(path, label))
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list files: %w", err)
	}
	return files, nil
}

func file(path, label string) File {
	f := File{Path: path, Name: strings.ToValidUTF8(label, "\ufffd")}
	if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
		f.Size, f.Modified = info.Size(), info.ModTime()
	}
	return f
}

// MaxLine is the longest line that [Lines] reads, in bytes.
const MaxLine = 256 << 20

// ErrLongLine stands in place of a line above [MaxLine].
var ErrLongLine = errors.New("the line is longer than 256 MiB")

// A Line is one line of a file.
type Line struct {
	Number int    // 1-based
	Offset int64  // of the text's first byte
	Text   []byte // without its end, and without a byte order mark; only valid until the next line is read
	Ended  bool   // it has a line end; without one, the last line may be half-written
}

// Lines iterates over the lines of r, however long. A line above [MaxLine] comes as [ErrLongLine] with its number, and
// reading goes on; any other error ends the iteration.
func Lines(r io.Reader) iter.Seq2[Line, error] {
	return func(yield func(Line, error) bool) {
		reader := bufio.NewReaderSize(r, 256<<10)
		var long []byte
		offset := int64(0)
		for number := 1; ; number++ {
			text, length, err := readLine(reader, &long)
			if length == 0 && err == io.EOF {
				return
			}
			if err != nil && err != io.EOF && !errors.Is(err, ErrLongLine) {
				yield(Line{Number: number}, err)
				return
			}
			line := Line{Number: number, Offset: offset, Text: text, Ended: bytes.HasSuffix(text, []byte("\n"))}
			line.Text = bytes.TrimSuffix(bytes.TrimSuffix(line.Text, []byte("\n")), []byte("\r"))
			if mark := []byte("\ufeff"); number == 1 && bytes.HasPrefix(line.Text, mark) {
				line.Text, line.Offset = line.Text[len(mark):], int64(len(mark))
			}
			offset += length
			if errors.Is(err, ErrLongLine) {
				line.Text, line.Ended = nil, true
			} else {
				err = nil
			}
			if !yield(line, err) {
				return
			}
		}
	}
}

// readLine reads up to and with the line end, and tells the line's length. A line that fits the reader's buffer is not
// copied; a longer one is gathered in long, which is given back when the line was very long.
func readLine(reader *bufio.Reader, long *[]byte) ([]byte, int64, error) {
	text, err := reader.ReadSlice('\n')
	length := int64(len(text))
	if err != bufio.ErrBufferFull {
		return text, length, err
	}
	if cap(*long) > 8<<20 {
		*long = nil
	}
	*long = append((*long)[:0], text...)
	for err == bufio.ErrBufferFull {
		text, err = reader.ReadSlice('\n')
		if length += int64(len(text)); length <= MaxLine {
			*long = append(*long, text...)
		}
	}
	if length > MaxLine && (err == nil || err == io.EOF) {
		*long, err = nil, ErrLongLine
	}
	return *long, length, err
}
