package claude

import (
	"bufio"
	"bytes"
	"io"
	"sync"
)

// A lineReader reads a file so that each line is an object. Tools such as jq spread an object over several lines: then it
// replaces the line ends within by spaces. The bytes stay where they are, because records know the offsets of what they say.
type lineReader struct {
	file  *bufio.Reader
	joins bool

	mutex  sync.Mutex // a file is read ahead
	line   int        // of the file
	starts []int      // the lines of the file on which the objects start
}

func newLineReader(file io.Reader) *lineReader {
	r := &lineReader{file: bufio.NewReader(file), line: 1, starts: []int{1}}
	start, _ := r.file.Peek(2)
	r.joins = opensSpread(start)
	return r
}

// opensSpread reports whether the first two bytes of a file are how an object begins that is spread over several lines.
func opensSpread(start []byte) bool { return string(start) == "{\n" || string(start) == "{\r" }

// isSpread reports whether the objects of a file are spread over several lines.
func isSpread(file io.ReadSeeker) (bool, error) {
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return false, err
	}
	var start [2]byte
	n, err := io.ReadFull(file, start[:])
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		err = nil
	}
	return opensSpread(start[:n]), err
}

func (r *lineReader) Read(p []byte) (int, error) {
	n, err := r.file.Read(p)
	if !r.joins {
		return n, err
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	for at := 0; at < n; at++ {
		next := bytes.IndexByte(p[at:n], '\n')
		if next < 0 {
			break
		}
		at += next
		r.line++
		if r.endsObject(p[at+1 : n]) {
			r.starts = append(r.starts, r.line)
		} else {
			p[at] = ' '
		}
	}
	return n, err
}

// endsObject reports whether a line end is the last one of an object, given what was already read behind it: lines within an
// object are indented or begin with its closing brace.
func (r *lineReader) endsObject(behind []byte) bool {
	if len(behind) == 0 {
		behind, _ = r.file.Peek(1)
	}
	return len(behind) == 0 || behind[0] == '{'
}

// number returns the line of the file on which a line that was read begins.
func (r *lineReader) number(line int) int {
	if !r.joins {
		return line
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return r.starts[line-1]
}
