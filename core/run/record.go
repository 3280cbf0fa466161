package run

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ftprep/ftprep/core/whole"
	"github.com/ftprep/ftprep/sdk"
)

// keptRecords is how many runs leave their record.
const keptRecords = 10

// Event is one line of a run's record of examples: where an example came from, or why it left.
type Event struct {
	ID       string      `json:"id"`
	Step     string      `json:"step"` // the source, filter or output
	Unit     string      `json:"unit,omitempty"`
	Action   string      `json:"action"` // read, copy, drop, replace, refuse
	Reason   string      `json:"reason,omitempty"`
	Evidence string      `json:"evidence,omitempty"`
	Found    []sdk.Found `json:"found,omitempty"` // what the step took out of the example
}

// RejectEvent is one line of a run's record of rejects.
type RejectEvent struct {
	Source string `json:"source"`
	File   string `json:"file"`
	Line   int    `json:"line,omitempty"`
	Cause  string `json:"cause"`
}

// RowsEvent is one line of a run's record of rows: of which examples of a source some rows of an output were made, in order.
type RowsEvent struct {
	Output string   `json:"output"`
	File   int      `json:"file"` // index of the output's file
	Source string   `json:"source"`
	IDs    []string `json:"ids"` // one for each row
}

// record is the folder that a run leaves: summary.json, files.jsonl, examples.jsonl, rows.jsonl and rejects.jsonl. A nil
// record takes everything and keeps nothing.
type record struct {
	folder   string
	files    *lineFile
	events   *lineFile
	rows     *lineFile
	rejected *lineFile
}

func newRecord(work, id string) (*record, error) {
	r := &record{folder: filepath.Join(work, "runs", id)}
	if err := os.MkdirAll(r.folder, 0o700); err != nil {
		return nil, fmt.Errorf("make the record of the run: %w", err)
	}
	files := map[string]**lineFile{"files.jsonl": &r.files, "examples.jsonl": &r.events, "rows.jsonl": &r.rows, "rejects.jsonl": &r.rejected}
	for name, file := range files {
		opened, err := newLineFile(filepath.Join(r.folder, name))
		if err != nil {
			return nil, errors.Join(err, r.close(nil))
		}
		*file = opened
	}
	return r, nil
}

func (r *record) file(counts []*FileCounts) {
	if r != nil {
		for _, c := range counts {
			r.files.add(c)
		}
	}
}

func (r *record) event(e Event) {
	if r != nil {
		r.events.add(e)
	}
}

// read takes the examples of a frame. Of no other event are there so many, so what is the same in each is encoded once.
func (r *record) read(unit Unit, items []sdk.Item) {
	if r == nil {
		return
	}
	event, _ := json.Marshal(Event{Step: unit.Source, Unit: unit.ID, Action: "read"}) // texts can always be encoded
	rest := bytes.TrimPrefix(event, []byte(`{"id":""`))
	var lines []byte
	var err error
	for _, item := range items {
		lines = append(lines, `{"id":`...)
		if lines, err = jsontext.AppendQuote(lines, item.ID); err != nil {
			break
		}
		lines = append(append(lines, rest...), '\n')
	}
	r.events.append(lines, err)
}

func (r *record) row(rows []RowsEvent) {
	if r != nil {
		for _, e := range rows {
			r.rows.add(e)
		}
	}
}

// close completes the record; the summary comes last and only for a run that is done.
func (r *record) close(summary *Summary) error {
	if r == nil {
		return nil
	}
	for _, file := range []*lineFile{r.files, r.events, r.rows, r.rejected} {
		if file == nil { // the record could not be made, or the file is complete
			continue
		}
		if err := file.close(); err != nil {
			return fmt.Errorf("write the record of the run: %w", err)
		}
	}
	if summary == nil {
		return nil
	}
	data, err := json.MarshalIndent(summary, "", "  ")
	if err != nil {
		return err
	}
	return whole.Write(filepath.Join(r.folder, "summary.json"), append(data, '\n'))
}

// forget removes the records of all but the last runs.
func forget(work string) error {
	entries, err := os.ReadDir(filepath.Join(work, "runs"))
	if err != nil {
		return fmt.Errorf("look for records of earlier runs: %w", err)
	}
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	slices.Sort(names) // the names begin with the time
	for len(names) > keptRecords {
		if err := os.RemoveAll(filepath.Join(work, "runs", names[0])); err != nil {
			return fmt.Errorf("remove the record of an earlier run: %w", err)
		}
		names = names[1:]
	}
	return nil
}

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
		return nil, fmt.Errorf("make the record of the run: %w", err)
	}
	f := &lineFile{file: file, buffer: bufio.NewWriter(file)}
	f.encoder = json.NewEncoder(f)
	f.encoder.SetEscapeHTML(false) // [pastRun.lookup] looks for ids as they are
	return f, nil
}

// add writes a line for each value, one behind the other, and says where.
func (f *lineFile) add(values ...any) span {
	f.mu.Lock()
	defer f.mu.Unlock()
	from := f.size
	for _, v := range values {
		if err := f.encoder.Encode(v); f.err == nil {
			f.err = err
		}
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
	if err := f.buffer.Flush(); f.err == nil {
		f.err = err
	}
	if err := f.file.Close(); f.err == nil {
		f.err = err
	}
	return f.err
}
