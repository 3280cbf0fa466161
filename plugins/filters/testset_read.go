package filters

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/tidwall/gjson"

	"github.com/ftprep/ftprep/sdk"
	"github.com/ftprep/ftprep/sdk/packed"
)

// testReader reads the files of a test set. A row is a line of a text, a JSON value, or, if a .json file has only one value,
// an element of it.
type testReader struct {
	testBuilder
}

func readTestSet(paths []string, words int) (*testSet, error) {
	files, err := sdk.ListFiles(paths, func(base string) bool { return kind(base) != "" })
	if err != nil {
		return nil, err
	}
	r := &testReader{testBuilder{words: words}}
	var problems []error
	for _, file := range files {
		if err := r.file(file); err != nil {
			problems = append(problems, &sdk.OptionError{Option: "against", Reason: fmt.Sprintf("%s: %v", file.Name, err)})
		}
	}
	if err := errors.Join(problems...); err != nil {
		return nil, err
	}
	s := r.build()
	if len(s.hashes) == 0 {
		return nil, &sdk.OptionError{Option: "against", Reason: fmt.Sprintf("found no text of %d words or more that most rows do not share; in a folder, only .json, .jsonl and .ndjson files are read", leastWords)}
	}
	return s, nil
}

// kind returns the extension that tells how a file of JSON is read, without that of a compression. It is empty for a text.
func kind(name string) string {
	plain, _ := packed.SplitEnding(name)
	extension := strings.ToLower(filepath.Ext(plain))
	if slices.Contains([]string{".json", ".jsonl", ".ndjson"}, extension) {
		return extension
	}
	return ""
}

func (r *testReader) file(f sdk.File) error {
	opened, err := f.Open()
	if err != nil {
		return err
	}
	defer opened.Close()
	_, ending := packed.SplitEnding(f.Name)
	content, err := packed.Reader(opened, ending)
	if err != nil {
		return err
	}
	defer content.Close()
	first := r.rows
	if kind := kind(f.Name); kind != "" {
		err = r.values(content, kind == ".json")
	} else {
		err = r.lines(content)
	}
	if r.rows > first {
		r.files = append(r.files, testFile{f.Name, first, r.rows - first})
	}
	return err
}

// values reads JSON values that follow each other, each a row. If whole is true and there is only one, its elements are the
// rows.
func (r *testReader) values(content io.Reader, whole bool) error {
	buffered := bufio.NewReader(content)
	if mark, _ := buffered.Peek(3); string(mark) == "\ufeff" {
		_, _ = buffered.Discard(len(mark))
	}
	decoder := json.NewDecoder(buffered)
	var only json.RawMessage
	for n := 1; ; n++ {
		var value json.RawMessage
		switch err := decoder.Decode(&value); {
		case err == io.EOF && whole && n == 2:
			gjson.ParseBytes(only).ForEach(func(_, element gjson.Result) bool {
				r.row(element)
				return true
			})
			return nil
		case err == io.EOF:
			return nil
		case err != nil:
			return fmt.Errorf("row %d is not valid JSON: %w", n, err)
		case whole && n == 1:
			only = value
			continue
		case whole && n == 2:
			r.row(gjson.ParseBytes(only))
		}
		r.row(gjson.ParseBytes(value))
	}
}

func (r *testReader) row(value gjson.Result) {
	eachOf(value, func(text string) bool {
		w := newWindow(r.words)
		r.add(w, text)
		r.keep(w.shortHash())
		return true
	})
	r.rows++
}

// lines reads a text. Sequences go on from line to line; a line that is shorter than a sequence also counts as a whole.
func (r *testReader) lines(content io.Reader) error {
	all := newWindow(r.words)
	for line, err := range sdk.Lines(content) {
		switch {
		case err != nil:
			return fmt.Errorf("line %d: %w", line.Number, err)
		case bytes.IndexByte(line.Text, 0) >= 0 || !utf8.Valid(line.Text):
			return fmt.Errorf("line %d is not UTF-8 text; convert tables and other binary files to JSON lines first", line.Number)
		}
		text := normal(string(line.Text))
		r.add(all, text)
		alone := newWindow(r.words)
		for word := range wordsOf(text) {
			alone.push(word)
		}
		r.keep(alone.shortHash())
		r.rows++
	}
	return nil
}

// add reads a text into the window and keeps the sequences that end in it.
func (r *testReader) add(w *window, text string) {
	for word := range wordsOf(normal(text)) {
		w.push(word)
		r.keep(w.sequence())
	}
}

// textsIn iterates over the strings in a text that is a JSON object or list; any other text it yields whole.
func textsIn(text string) iter.Seq[string] {
	return func(yield func(string) bool) { eachIn(text, yield) }
}

func eachIn(text string, yield func(string) bool) (more bool) {
	if (strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[")) && json.Valid([]byte(text)) {
		return eachOf(gjson.Parse(text), yield)
	}
	return yield(text)
}

// eachOf yields the strings in a JSON value. A string may be JSON itself, as arguments of calls often are.
func eachOf(value gjson.Result, yield func(string) bool) (more bool) {
	more = true
	if value.Type == gjson.String {
		return eachIn(value.Str, yield)
	}
	if value.IsObject() || value.IsArray() {
		value.ForEach(func(_, inner gjson.Result) bool {
			more = eachOf(inner, yield)
			return more
		})
	}
	return more
}
