package formats

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"slices"
	"strings"

	"github.com/ftprep/ftprep/sdk"
	"github.com/ftprep/ftprep/sdk/packed"
)

// A rowSource makes an example of each row of files.
type rowSource struct {
	extensions []string // of the files
	reading    func() rowReading
	lines      *sdk.LineDecoder[[]rowLine]
	emit       func(*sdk.Emitter, rowLine) error
}

// A rowReading makes examples of the rows of a file, or of a part of it.
type rowReading func(row []byte) (*sdk.Example, error)

func newRowSource(extensions []string, reading func() rowReading, emit func(*sdk.Emitter, rowLine) error) *rowSource {
	lines := sdk.NewLineDecoder(func(lines iter.Seq2[sdk.Line, error]) []rowLine { return rowLines(lines, reading()) })
	return &rowSource{extensions: extensions, reading: reading, lines: lines, emit: emit}
}

// A rowLine is what stands on a line, on several lines of a list, or in a row of a table: an example, or what is wrong.
type rowLine struct {
	number  int
	last    int
	size    int
	example *sdk.Example
	err     error
}

// rowFileExtensions are the extensions of files with a row on each line.
var rowFileExtensions = []string{".jsonl", ".jsonl.gz", ".jsonl.zst"}

// Units makes every file a unit of its own.
func (s *rowSource) Units(_ context.Context, paths []string) ([]sdk.Unit, error) {
	units, err := sdk.ListUnits(paths, s.reads)
	for _, unit := range units {
		if isTable(unit.ID) && !s.reads(unit.ID) {
			return nil, fmt.Errorf("%s is a table, but rows are read only from %s", unit.ID, strings.Join(s.extensions, ", "))
		}
	}
	return units, err
}

// reads reports whether a file of a folder is read.
func (s *rowSource) reads(name string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc(s.extensions, func(known string) bool { return strings.HasSuffix(name, known) })
}

// errUTF16 is what is wrong with a file that begins with the byte order mark of UTF-16: no row of it could be read.
var errUTF16 = errors.New("it is UTF-16; convert it with iconv -f UTF-16 -t UTF-8")

// Read reads one file: lines, a list, or a table.
func (s *rowSource) Read(ctx context.Context, unit sdk.Unit, emitter *sdk.Emitter) error {
	if file := unit.Files[0]; isTable(file.Path) {
		return readTable(ctx, file, s.oneByOne(emitter, "row"))
	}
	path := unit.Files[0].Path
	content, err := packed.Open(unit.Files[0])
	if err != nil {
		return err
	}
	defer content.Close()
	buffered := bufio.NewReader(content)
	if mark, _ := buffered.Peek(2); string(mark) == "\xff\xfe" || string(mark) == "\xfe\xff" {
		return &fs.PathError{Op: "read", Path: path, Err: errUTF16}
	}
	if isList(path, buffered) {
		return readList(ctx, path, buffered, s.oneByOne(emitter, "element"))
	}
	return s.lines.Read(ctx, buffered, func(lines []rowLine) error {
		for _, line := range lines {
			if err := s.take(emitter, line); err != nil {
				return err
			}
		}
		return nil
	})
}

// rowsAtATime is how many rows of a list or a table one reading makes examples of.
const rowsAtATime = 256

// oneByOne returns a function that takes the rows of a list or a table. Problems call a row what and its number, because a
// list may be one line.
func (s *rowSource) oneByOne(emitter *sdk.Emitter, what string) func(rowLine, []byte) error {
	var read rowReading
	rows := 0
	return func(line rowLine, row []byte) error {
		if rows++; rows%rowsAtATime == 1 { // what a reading remembers of rows must not grow with the file
			read = s.reading()
		}
		if line.example, line.err = read(row); line.err != nil {
			line.err = fmt.Errorf("%s %d: %w", what, rows, line.err)
		}
		return s.take(emitter, line)
	}
}

func rowLines(lines iter.Seq2[sdk.Line, error], read rowReading) []rowLine {
	var all []rowLine
	for line, err := range lines {
		l := rowLine{number: line.Number, last: line.Number, size: len(line.Text) + 1, err: err}
		if row := bytes.TrimSpace(line.Text); err == nil && len(row) > 0 {
			l.example, l.err = read(row)
		}
		all = append(all, l)
	}
	return all
}

func (s *rowSource) take(emitter *sdk.Emitter, l rowLine) error {
	if err := emitter.Progress(int64(l.size)); err != nil {
		return err
	}
	switch {
	case l.err != nil:
		return emitter.Reject(sdk.Reject{Line: l.number, Cause: l.err.Error()})
	case l.example == nil:
		emitter.Ignore("empty line", 1)
		return nil
	}
	return s.emit(emitter, l)
}
