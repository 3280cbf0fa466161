package record

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"sync"
)

// lineFile is a file of JSON lines, safe for several goroutines. The first error is kept for close.
type lineFile struct {
	mu      sync.Mutex
	file    *os.File
	buffer  *bufio.Writer
	encoder *json.Encoder
	size    int64
	err     error
}

func newLineFile(path string) (*lineFile, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, fmt.Errorf("create the record of the run: %w", err)
	}
	f := &lineFile{file: file, buffer: bufio.NewWriter(file)}
	f.encoder = json.NewEncoder(f)
	f.encoder.SetEscapeHTML(false) // [pastRun.lookup] looks for ids as they are
	return f, nil
}

// add writes a line for each value, one after the other, and returns where they stand.
func (f *lineFile) add(values ...any) span {
	f.mu.Lock()
	defer f.mu.Unlock()
	from := f.size
	for _, v := range values {
		f.err = cmp.Or(f.err, f.encoder.Encode(v))
	}
	return span{from, f.size}
}

// append adds lines, unless making them failed.
func (f *lineFile) append(lines []byte, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err == nil {
		_, err = f.Write(lines)
	}
	f.err = cmp.Or(f.err, err)
}

// Write implements [io.Writer] for the encoder.
func (f *lineFile) Write(data []byte) (int, error) {
	f.size += int64(len(data))
	return f.buffer.Write(data)
}

func (f *lineFile) close() error {
	f.err = cmp.Or(f.err, f.buffer.Flush(), f.file.Close())
	return f.err
}
