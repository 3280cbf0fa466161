package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"github.com/ftprep/ftprep/core/container"
	"github.com/ftprep/ftprep/core/run"
	"github.com/ftprep/ftprep/sdk"
)

// leaksOf looks for leaks in a file, if it holds text.
func leaksOf(ctx context.Context, path string, look func([]byte) []run.Leak) (places []run.Leak, text bool, err error) {
	head, err := beginning(path)
	if wide := wideEncoding(head); err == nil && wide != nil {
		places, err = wideLeaks(ctx, path, wide, look)
		return places, true, err
	}
	if err == nil {
		text, err = holdsText(path, head)
	}
	if err == nil && text {
		places, err = run.Leaks(ctx, container.Contents(path), look)
	}
	return places, text, err
}

// beginning returns the first 8 KiB of a file.
func beginning(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, 8<<10))
}

// holdsText reports whether a file holds text: as it is, compressed, or in a table. head is the beginning of the file. What has no
// zero byte at its beginning counts as text.
func holdsText(path string, head []byte) (bool, error) {
	if container.Sniff(head) == container.Lines {
		return isText(head), nil
	}
	for row, err := range container.Contents(path) {
		return err != nil || isText(row.Text), nil // the search reports the error
	}
	return true, nil
}

// wideEncoding returns UTF-16, as Windows programs write it, if a file begins with a byte order mark or with alternating letters
// and zero bytes; else nil.
func wideEncoding(head []byte) encoding.Encoding {
	switch {
	case bytes.HasPrefix(head, []byte("\xff\xfe")) || bytes.HasPrefix(head, []byte("\xfe\xff")):
		return unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM)
	case zeroPadded(head, 0):
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case zeroPadded(head, 1):
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	}
	return nil
}

// zeroPadded reports whether a file begins with pairs of a byte of text and a zero byte. letter is the index of the text in a pair,
// 0 or 1.
func zeroPadded(head []byte, letter int) bool {
	const least, most = 8, 64
	for i := 0; i+1 < min(len(head), most); i += 2 {
		c := head[i+letter]
		if head[i+1-letter] != 0 || c < ' ' && c != '\t' && c != '\n' && c != '\r' || c == 0x7f {
			return false
		}
	}
	return len(head) >= least
}

// wideLeaks looks for leaks in a file in UTF-16.
func wideLeaks(ctx context.Context, path string, wide encoding.Encoding, look func([]byte) []run.Leak) ([]run.Leak, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	lines := func(yield func(container.Row, error) bool) {
		for line, err := range sdk.Lines(transform.NewReader(file, wide.NewDecoder())) {
			if !yield(container.Row{Number: line.Number, Text: line.Text}, err) {
				return
			}
		}
	}
	places, err := run.Leaks(ctx, lines, look)
	if err != nil {
		return nil, fmt.Errorf("read %s as UTF-16: %w", path, err)
	}
	return places, nil
}
