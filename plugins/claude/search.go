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
// archive do not, and need not be parsed. What it finds is parsed to be sure, since programs list the names of all
// their tools in every session.
type search struct {
	selection *sdk.Selection
	index     func(text []byte) int // where a piece is that every name of a selected tool holds
	longest   int                   // the length of the longest piece
	buffers   sync.Pool             // of *[]byte
}

// newSearch makes a search for a selection; nil where a glob says too little to search for.
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

// plainPiece is the longest piece of a glob that every name it matches holds, and that every writer of JSON writes as it is.
func plainPiece(glob string) (piece string) {
	for _, p := range strings.FieldsFunc(glob, func(r rune) bool { return r > 127 || !strings.ContainsRune(common, r) }) {
		if len(p) > len(piece) {
			piece = p
		}
	}
	return piece
}

// searchSize is how much of a file is searched at a time; it fits a processor's cache.
const searchSize = 256 << 10

// find reports whether a file, from whose beginning it reads, holds a matching call, or how many lines it has where it
// holds none; alive is called now and then.
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

// skip looks for the first needle without regard to lines, of which some are very long. It returns where a line begins from
// which to go on, and how many are before it; -1 and all lines where there is no needle. It gives up in a line above half of
// [sdk.MaxLine], so that [sdk.Parts] finds those that are too long.
func (s *search) skip(ctx context.Context, file io.Reader, buffer []byte, alive func() error) (lines int, line int64, err error) {
	kept := 0          // bytes of the buffer that were searched before
	offset := int64(0) // in the file, of those that were not
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
