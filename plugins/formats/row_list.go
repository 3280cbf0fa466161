package formats

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ftprep/ftprep/sdk"
	"github.com/ftprep/ftprep/sdk/packed"
)

// isList reports whether a file is one JSON list of rows, as many a dataset is, rather than rows on lines. The name must say
// so, too, because a file of lines may begin with half a row. Of the content it consumes only a byte order mark.
func isList(name string, content *bufio.Reader) bool {
	if plain, _ := packed.SplitEnding(name); extension(plain) != ".json" {
		return false
	}
	if mark, _ := content.Peek(3); string(mark) == "\ufeff" {
		_, _ = content.Discard(len(mark)) // they are there
	}
	head, _ := content.Peek(content.Size())
	return bytes.HasPrefix(bytes.TrimLeft(head, " \t\r\n"), []byte("["))
}

// A listReader notes where lines end, and fails where a row is too long.
type listReader struct {
	io.Reader
	read, row int64   // the offsets up to which it has read, and where the row begins
	ends      []int64 // the offsets of line ends that lineOf has not passed yet
	line      int     // how many lines it has passed
}

func (l *listReader) Read(buffer []byte) (int, error) {
	if l.read-l.row > sdk.MaxLine {
		return 0, errLongRow
	}
	n, err := l.Reader.Read(buffer)
	for text := range bytes.Lines(buffer[:n]) {
		l.read += int64(len(text))
		if bytes.HasSuffix(text, []byte("\n")) {
			l.ends = append(l.ends, l.read)
		}
	}
	return n, err
}

// lineOf returns the number of the line of an offset, which may only grow from call to call.
func (l *listReader) lineOf(offset int64) int {
	passed, _ := slices.BinarySearch(l.ends, offset+1)
	l.line, l.ends = l.line+passed, l.ends[passed:]
	return l.line + 1
}

var (
	errLongRow    = errors.New("the row is longer than 256 MiB")
	errBehindList = errors.New("something follows the list; a file must be one list, or have each row on a line of its own")
)

// readList reads the rows of a JSON list and hands them over one by one, with the lines that each stands on. Behind a fault of
// the list nothing can be read, so the error is about the whole file.
func readList(ctx context.Context, path string, content io.Reader, take func(rowLine, []byte) error) error {
	list := &listReader{Reader: content}
	decoder := jsontext.NewDecoder(list, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	_, err := decoder.ReadToken()
	for err == nil && decoder.PeekKind() != ']' {
		var row jsontext.Value
		if row, err = decoder.ReadValue(); err != nil {
			break
		}
		end := decoder.InputOffset()
		line := rowLine{number: list.lineOf(end - int64(len(row))), last: list.lineOf(end - 1), size: int(end - list.row)}
		if err := cmp.Or(ctx.Err(), take(line, row)); err != nil {
			return err
		}
		list.row = end
	}
	if err == nil {
		_, err = decoder.ReadToken()
	}
	if err == nil {
		err = behind(decoder)
	}
	if fault := faultOfList(err); fault != nil {
		return &fs.PathError{Op: "read", Path: path, Err: fmt.Errorf("line %d: %w", list.lineOf(offsetOf(err, decoder)), fault)}
	}
	return err
}

// offsetOf returns the offset of a fault of a list. If the error does not say it, the fault is in the row that comes next.
func offsetOf(err error, decoder *jsontext.Decoder) int64 {
	if syntax, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		if errors.Is(err, io.ErrUnexpectedEOF) {
			return syntax.ByteOffset - 1 // the last byte, which may be a line end
		}
		return syntax.ByteOffset
	}
	unread := decoder.UnreadBuffer()
	separators := len(unread) - len(bytes.TrimLeft(unread, ", \t\r\n"))
	return decoder.InputOffset() + int64(separators)
}

// behind returns an error if anything stands after the list.
func behind(decoder *jsontext.Decoder) error {
	_, err := decoder.ReadToken()
	syntax, broken := errors.AsType[*jsontext.SyntacticError](err)
	switch {
	case err == io.EOF:
		return nil
	case err == nil:
		return &jsontext.SyntacticError{ByteOffset: decoder.InputOffset(), Err: errBehindList}
	case broken:
		return &jsontext.SyntacticError{ByteOffset: syntax.ByteOffset, Err: errBehindList}
	}
	return err
}

// faultOfList returns what is wrong with a list. It returns nil if the error is not about what the list says.
func faultOfList(err error) error {
	var file *fs.PathError
	var syntax *jsontext.SyntacticError
	switch {
	case errors.As(err, &file):
		return nil
	case errors.Is(err, errBehindList):
		return errBehindList
	case errors.Is(err, errLongRow):
		return fmt.Errorf("%w, and nothing after it is read", errLongRow)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("the list does not end: the file may be cut off")
	case errors.As(err, &syntax):
		return fmt.Errorf("not valid JSON, and nothing after it is read: %s", strings.TrimPrefix(syntax.Err.Error(), "jsontext: "))
	}
	return nil
}
