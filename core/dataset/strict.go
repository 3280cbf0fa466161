package dataset

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// marked reports whether a file begins with a byte order mark, which package container skips and other readers do not.
func marked(path string) bool {
	file, err := os.Open(path)
	if err != nil {
		return false // reading the rows reports it
	}
	defer file.Close()
	mark := make([]byte, 3)
	n, _ := io.ReadFull(file, mark)
	return string(mark[:n]) == "\xef\xbb\xbf"
}

// strict checks that a row is one JSON object that every reader takes: valid UTF-8, no key twice, no half of a surrogate
// pair, and neither NaN nor Infinity, which Python writes and JSON does not know.
func strict(row []byte) error {
	decoder := jsontext.NewDecoder(bytes.NewReader(row))
	if kind := decoder.PeekKind(); kind != '{' {
		return errors.New("not a JSON object")
	}
	if err := decoder.SkipValue(); err != nil {
		var fault *jsontext.SyntacticError
		if errors.As(err, &fault) {
			return fmt.Errorf("not valid JSON at %s: %s", place(string(fault.JSONPointer)), strings.TrimPrefix(fault.Err.Error(), "jsontext: "))
		}
		return fmt.Errorf("not valid JSON: %w", err)
	}
	if decoder.PeekKind() != 0 || len(bytes.TrimSpace(decoder.UnreadBuffer())) > 0 {
		return errors.New("something follows the JSON object")
	}
	return nil
}

func place(pointer string) string {
	if pointer == "" {
		return "the top"
	}
	return pointer
}
