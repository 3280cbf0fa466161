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
	needles   []needle
	longest   int       // the length of the longest needle
	buffers   sync.Pool // of *[]byte
}

// newSearch makes a search for a selection; nil where a glob says too little to search for.
func newSearch(selection *sdk.Selection) *search {
	if selection == nil || len(selection.Tools) == 0 {
		return nil
	}
	s := &search{selection: selection}
	s.buffers.New = func() any { buffer := make([]byte, searchSize); return &buffer }
	for _, glob := range selection.Tools {
		n, ok := newNeedle(glob)
		if !ok {
			return nil
		}
		s.needles, s.longest = append(s.needles, n), max(s.longest, len(n.text))
	}
	return s
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
		if s.any(text) || offset-line > sdk.MaxLine/2 {
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

// any reports whether a text holds a needle.
func (s *search) any(text []byte) bool {
	for _, n := range s.needles {
		if n.index(text) >= 0 {
			return true
		}
	}
	return false
}

// calls reports whether whole lines hold a matching call.
func (s *search) calls(text []byte) bool {
	for _, n := range s.needles {
		for at := 0; at < len(text); {
			found := n.index(text[at:])
			if found < 0 {
				break
			}
			found += at
			start := bytes.LastIndexByte(text[:found], '\n') + 1
			end := len(text)
			if length := bytes.IndexByte(text[found:], '\n'); length >= 0 {
				end = found + length
			}
			if s.line(text[start:end]) {
				return true
			}
			at = end
		}
	}
	return false
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

// A needle is a piece that every name matched by a glob holds, as every writer of JSON writes it.
type needle struct {
	text   []byte
	rare   int // the position of its rarest byte
	beside int // that of a byte beside it
}

// common are the bytes of transcripts, the most frequent first, roughly.
const common = "etaoinsrlcdupmhgfbTSCAIRE0yLDwN1vPFMO_kB2xU3-VG45W67H98jqzKXYQZJ"

// newNeedle takes the longest plain piece of a glob. It reports false where there is none.
func newNeedle(glob string) (needle, bool) {
	piece := ""
	for _, p := range strings.FieldsFunc(glob, func(r rune) bool { return r > 127 || !strings.ContainsRune(common, r) }) {
		if len(p) > len(piece) {
			piece = p
		}
	}
	n := needle{text: []byte(piece)}
	for i := range piece {
		if strings.IndexByte(common, piece[i]) > strings.IndexByte(common, piece[n.rare]) {
			n.rare = i
		}
	}
	if n.beside = n.rare + 1; n.beside == len(piece) {
		n.beside = n.rare - 1
	}
	return n, len(piece) > 1 && len(piece) < searchSize
}

// index is the position of the needle in a text, or -1. To look for its rarest byte is twice as fast as [bytes.Index], and
// the byte beside it tells most of the places where it is something else.
func (n needle) index(text []byte) int {
	for at := n.rare; at < len(text); at++ {
		next := bytes.IndexByte(text[at:], n.text[n.rare])
		if next < 0 {
			return -1
		}
		at += next
		start := at - n.rare
		if start+len(n.text) > len(text) {
			return -1
		}
		if text[start+n.beside] == n.text[n.beside] && bytes.HasPrefix(text[start:], n.text) {
			return start
		}
	}
	return -1
}
