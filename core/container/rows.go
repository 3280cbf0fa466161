package container

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"

	"github.com/ftprep/ftprep/sdk"
	"github.com/ftprep/ftprep/sdk/packed"
	"github.com/ftprep/ftprep/sdk/tables"
)

// A Row is one row of a file.
type Row struct {
	Number int    // from 1: the line, or the row of a table
	Text   []byte // the JSON as it was written, without checks; only valid until the next row is read
}

// Rows iterates over the rows of a file of any [Kind]. Blank lines are passed over. Compressed lines and tables are
// recognized by their content, too, under any name that means lines.
//
// A line longer than [sdk.MaxLine] comes as [sdk.ErrLongLine] with its number, and reading goes on; any other error ends the
// iteration.
//
// The members of a table's row are in the order of the columns, those that are null are left out, and columns that hold JSON
// text give strings.
func Rows(path string) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		kind, err := KindOf(path)
		if err == nil {
			err = read(path, kind, yield)
		}
		if err != nil {
			yield(Row{}, fmt.Errorf("read the rows of %s: %w", path, err))
		}
	}
}

// Contents iterates over the rows of a file as [Rows] does, but judges it by its content, whatever its name promises.
func Contents(path string) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		if err := read(path, Lines, yield); err != nil {
			yield(Row{}, fmt.Errorf("read %s: %w", path, err))
		}
	}
}

// read yields the rows of a file. It returns nil if the caller wants no more.
func read(path string, kind Kind, yield func(Row, error) bool) error {
	file, err := os.Open(path)
	if err != nil {
		return withoutPath(err)
	}
	defer file.Close()
	buffer := bufio.NewReaderSize(file, 64<<10)
	if kind == Lines {
		start, _ := buffer.Peek(4) // a file may be shorter
		kind = Sniff(start)
	}
	if kind == Parquet {
		return readTable(file, yield)
	}
	_, ending := packed.SplitEnding(string(kind))
	reader, err := packed.Reader(buffer, ending)
	if err != nil {
		return notWhole(kind, err)
	}
	defer reader.Close()
	if err = readLines(reader, yield); err != nil && kind != Lines {
		return notWhole(kind, err)
	}
	return err
}

func readTable(file *os.File, yield func(Row, error) bool) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	for row, err := range tables.Rows(file, info.Size()) {
		if err != nil {
			return err
		}
		if !yield(Row(row), nil) {
			return nil
		}
	}
	return nil
}

func readLines(reader io.Reader, yield func(Row, error) bool) error {
	for line, err := range sdk.Lines(reader) {
		if err != nil && !errors.Is(err, sdk.ErrLongLine) {
			return err
		}
		if err == nil && len(bytes.TrimSpace(line.Text)) == 0 {
			continue
		}
		if !yield(Row{line.Number, line.Text}, err) {
			return nil
		}
	}
	return nil
}

// Sniff returns how a file keeps rows, by its first bytes, whatever its name: as lines, unless they say something else.
func Sniff(start []byte) Kind {
	switch {
	case bytes.HasPrefix(start, []byte("\x1f\x8b")): // RFC 1952, 2.3.1
		return Gzip
	case bytes.HasPrefix(start, []byte("\x28\xb5\x2f\xfd")): // RFC 8878, 3.1.1
		return Zstd
	case bytes.HasPrefix(start, []byte("PAR1")): // a table that does not have its final name yet
		return Parquet
	}
	return Lines
}

// notWhole returns the error of a file that is cut off, damaged, or not of the kind at all.
func notWhole(kind Kind, err error) error {
	return fmt.Errorf("it is not a complete %s file: %w", kind, err)
}

// withoutPath returns an error of the file system without the path, which the caller names.
func withoutPath(err error) error {
	if fault := (*os.PathError)(nil); errors.As(err, &fault) {
		return fault.Err
	}
	return err
}
