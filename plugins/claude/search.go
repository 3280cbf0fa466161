package claude

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"sync"

	"github.com/ftprep/ftprep/sdk"
)

// A search decides by the bytes of a file whether it can hold a call that the selection matches: most files of a large
// archive cannot and need not be parsed. The lines that it finds are parsed to be sure, because programs list the names of
// all their tools in every session.
type search struct {
	selection *sdk.Selection
	index     func(text []byte) int // the position of a piece, or -1; the name of every selected tool holds one of them
	longest   int                   // the length of the longest piece
	buffers   sync.Pool             // of *[]byte
}

// newSearch returns a search for a selection, or nil if it selects no tools or a glob holds no piece to search for.
func newSearch(selection *sdk.Selection) *search {
	if selection == nil || len(selection.Tools) == 0 {
		return nil
	}
	s := &search{selection: selection}
	pieces := make([]string, len(selection.Tools))
	for i, glob := range selection.Tools {
		if pieces[i] = plainPiece(glob); len(pieces[i]) < 2 || len(pieces[i]) >= searchSize {
			return nil
		}
		s.longest = max(s.longest, len(pieces[i]))
	}
	s.index = newIndex(pieces)
	s.buffers.New = func() any { buffer := make([]byte, searchSize); return &buffer }
	return s
}

// plainPiece returns the longest piece of a glob that every matching name holds and every JSON writer writes unchanged.
func plainPiece(glob string) (piece string) {
	for _, p := range strings.FieldsFunc(glob, func(r rune) bool { return r > 127 || !strings.ContainsRune(common, r) }) {
		if len(p) > len(piece) {
			piece = p
		}
	}
	return piece
}

// searchSize is how many bytes of a file are searched at a time; they fit into a processor's cache.
const searchSize = 256 << 10

// find reads a file from its beginning and reports whether it holds a matching call; if it holds none, it also returns the
// number of lines. It calls alive regularly.
func (s *search) find(ctx context.Context, file io.ReadSeeker, alive func() error) (bool, int, error) {
	buffer := s.buffers.Get().(*[]byte)
	defer func() {
		if cap(*buffer) <= 8*searchSize {
			s.buffers.Put(buffer)
		}
	}()
	lines, line, err := s.skip(ctx, file, (*buffer)[:searchSize], alive)
	if err != nil || line < 0 {
		return false, lines, err
	}
	if spread, err := isSpread(file); spread || err != nil {
		return spread, 0, err // its lines say too little to tell
	}
	if _, err := file.Seek(line, io.SeekStart); err != nil {
		return false, 0, err
	}
	for part, err := range sdk.Parts(file, buffer) {
		if err == sdk.ErrLongLine || s.calls(part.Text) {
			return true, 0, nil // whoever reads the file rejects a line that is too long
		}
		if err := errors.Join(err, ctx.Err(), alive()); err != nil {
			return false, 0, err
		}
		lines += part.Lines
	}
	return false, lines, nil
}

// skip looks for the first piece without splitting the text into lines, some of which are very long. It returns the number
// of lines to skip and the offset of the line from which to continue; if there is no piece, it returns the number of all
// lines and -1. It gives up in a line longer than half of [sdk.MaxLine], so that [sdk.Parts] finds lines that are too long.
func (s *search) skip(ctx context.Context, file io.Reader, buffer []byte, alive func() error) (lines int, line int64, err error) {
	kept := 0          // how many bytes at the beginning of the buffer were searched before
	offset := int64(0) // position in the file of the bytes after them
	for {
		n, fault := io.ReadFull(file, buffer[kept:])
		text := buffer[:kept+n]
		if s.index(text) >= 0 || offset-line > sdk.MaxLine/2 {
			return lines, line, nil
		}
		lines += bytes.Count(text[kept:], []byte("\n"))
		if end := sdk.EndOfLines(text[kept:]); end > 0 {
			line = offset + int64(end)
		}
		offset += int64(n)
		switch fault {
		case nil:
		case io.EOF, io.ErrUnexpectedEOF:
			if line < offset {
				lines++
			}
			return lines, -1, nil
		default:
			return 0, 0, fault
		}
		if err := errors.Join(ctx.Err(), alive()); err != nil {
			return 0, 0, err
		}
		kept = copy(buffer, text[max(0, len(text)-s.longest):])
	}
}

// calls reports whether whole lines hold a matching call.
func (s *search) calls(text []byte) bool {
	for {
		found := s.index(text)
		if found < 0 {
			return false
		}
		start, end := bytes.LastIndexByte(text[:found], '\n')+1, len(text)
		if length := bytes.IndexByte(text[found:], '\n'); length >= 0 {
			end = found + length
		}
		if s.line(text[start:end]) {
			return true
		}
		text = text[end:]
	}
}

// line reports whether a line holds a matching call.
func (s *search) line(line []byte) bool {
	if !bytes.Contains(line, []byte("tool_use")) {
		return false
	}
	var p part
	_ = newDecoder().line(sdk.Line{Text: bytes.TrimPrefix(line, []byte("\ufeff"))}, &p) // whoever reads the file rejects a fault
	for _, r := range p.records {
		for _, call := range r.calls {
			if s.selection.Match(call.name) {
				return true
			}
		}
	}
	return false
}
