// Package record writes and reads the record that a run leaves beside its pipeline: a summary, and lists of the files that were
// read, of what became of every example, of the rows of outputs and of rejects. A record is written while a run lasts, and
// looked up later.
//
// The files:
//
//	record, lines                                   the writer of a record, and of its lists
//	kept, rejects, causes, sample                   what goes into some of them
//	summary, counts, outputcounts, scores, census   what the summary says
//	past, names                                     records of earlier runs, and which of these is meant
//	lookup, lookuprow                               one example, by its id or by a row
//	fate, fatetable                                 what became of every example
//	overview                                        a run in short
//	diff, diffsettings, diffcounts, diffchanges     two runs compared
package record

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ftprep/ftprep/core/whole"
	"github.com/ftprep/ftprep/sdk"
)

// How many runs keep their record. Those that did not finish are counted apart: a run that fails every night must not push out
// the last one that finished.
const (
	keptRuns       = 10
	keptUnfinished = 2
)

// The files of a record. All but the summary are lists of JSON lines.
const (
	summaryFile = "summary.json"
	filesList   = "files.jsonl"    // of [FileCounts]
	eventsList  = "examples.jsonl" // of [Event]
	keptList    = "kept.jsonl"     // of [Kept]
	sampleList  = "sample.jsonl"   // of [Sampled]
	rowsList    = "rows.jsonl"     // of [Rows]
	rejectsList = "rejects.jsonl"  // of [Reject]
)

// Event is one line of a run's record of examples: where an example came from, or why it left.
type Event struct {
	ID       string      `json:"id"`
	Step     string      `json:"step"` // the source, filter or output
	Unit     string      `json:"unit,omitempty"`
	Action   string      `json:"action"` // read, copy, corrected, drop, replace, refuse
	Reason   string      `json:"reason,omitempty"`
	Evidence string      `json:"evidence,omitempty"`
	Found    []sdk.Found `json:"found,omitempty"` // what the step took out of the example
	Made     []string    `json:"made,omitempty"`  // ids of what this step, or one before it in its plugin, put beside the example
}

// read reports whether the event says that a source made the example.
func (e Event) read() bool { return e.Action == "read" }

// left reports whether the event says that what a source made is left out: another example holds it all, or corrects it.
func (e Event) left() bool { return e.Action == "copy" || e.Action == "corrected" }

// Reject is one line of a run's record of rejects.
type Reject struct {
	Source string `json:"source"`
	File   string `json:"file"`
	Line   int    `json:"line,omitempty"`
	Cause  string `json:"cause"`
}

// Rows is one line of a run's record of rows: the examples of a source that some rows of an output were made from, in order.
type Rows struct {
	Output string   `json:"output"`
	File   int      `json:"file"` // index of the output's file
	Source string   `json:"source"`
	Pieces bool     `json:"pieces,omitempty"` // of a file of the format's own making: nothing in it can be counted as rows
	IDs    []string `json:"ids"`              // one for each row
}

// A Writer writes the folder that a run leaves: the summary and the lists. A nil writer takes everything and keeps nothing. It
// is safe for several goroutines.
type Writer struct {
	folder   string
	files    *lineFile
	events   *lineFile
	kept     *lineFile
	sampled  *lineFile
	rows     *lineFile
	rejected *lineFile
}

// New begins the record of a run below a work folder.
func New(work, id string) (*Writer, error) {
	w := &Writer{folder: filepath.Join(work, "runs", id)}
	if err := os.MkdirAll(w.folder, 0o700); err != nil {
		return nil, fmt.Errorf("create the record of the run: %w; copy the pipeline to a folder that you can write to", err)
	}
	files := map[string]**lineFile{
		filesList: &w.files, eventsList: &w.events, keptList: &w.kept, sampleList: &w.sampled, rowsList: &w.rows, rejectsList: &w.rejected,
	}
	for name, file := range files {
		opened, err := newLineFile(filepath.Join(w.folder, name))
		if err != nil {
			return nil, errors.Join(err, w.Complete())
		}
		*file = opened
	}
	return w, nil
}

// Files takes the counts of what was read in files.
func (w *Writer) Files(counts []*FileCounts) {
	if w != nil {
		for _, c := range counts {
			w.files.add(c)
		}
	}
}

// Event takes what became of an example.
func (w *Writer) Event(e Event) {
	if w != nil {
		w.events.add(e)
	}
}

// Read takes examples that were read in a unit of a source. No other event is so frequent, so what is the same in each is
// encoded once.
func (w *Writer) Read(source, unit string, items []sdk.Item) {
	if w == nil {
		return
	}
	event, _ := json.Marshal(Event{Step: source, Unit: unit, Action: "read"}) // texts can always be encoded
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
	w.events.append(lines, err)
}

// Rows takes rows that were written, in order.
func (w *Writer) Rows(rows []Rows) {
	if w != nil {
		for _, e := range rows {
			w.rows.add(e)
		}
	}
}

// Sampled takes an example of the run's sample.
func (w *Writer) Sampled(s *Sampled) {
	if w != nil {
		w.sampled.add(s)
	}
}

// Complete closes the lists: nothing can be added any more. It reports a line that could not be written, as on a full disk; of
// several faults the first, since they are of one disk.
func (w *Writer) Complete() error {
	if w == nil {
		return nil
	}
	var fault error
	for _, file := range []**lineFile{&w.files, &w.events, &w.kept, &w.sampled, &w.rows, &w.rejected} {
		if *file != nil { // nil: the record could not be made, or the file is complete
			fault = cmp.Or(fault, (*file).close())
			*file = nil
		}
	}
	if fault != nil {
		return fmt.Errorf("write the record of the run: %w", fault)
	}
	return nil
}

// ExampleOf returns the id of the example that a row of an output's file was made from, in a record that is complete; it is
// empty if it is not known. Rows count from 1.
func (w *Writer) ExampleOf(output string, file, row int) (id string) {
	if w == nil {
		return ""
	}
	id, _, _, _ = pastRun{folder: w.folder}.row(output, file, row) // the caller has another error to report
	return id
}

// Finish adds the summary to a record that is complete, when the run is done.
func (w *Writer) Finish(summary *Summary) error {
	data, err := json.MarshalIndent(summary, "", "  ")
	if err != nil {
		return err
	}
	return whole.Write(filepath.Join(w.folder, summaryFile), append(data, '\n'))
}

// Forget removes the records of all but the last runs.
func Forget(work string) error {
	folder := filepath.Join(work, "runs")
	entries, err := os.ReadDir(folder)
	if err != nil {
		return fmt.Errorf("look for records of earlier runs: %w", err)
	}
	finished, unfinished := keptRuns, keptUnfinished // how many to keep from here on
	for _, entry := range slices.Backward(entries) { // they come by name, and the names begin with the time
		run := filepath.Join(folder, entry.Name())
		toKeep := &finished
		if _, err := os.Stat(filepath.Join(run, summaryFile)); err != nil {
			toKeep = &unfinished
		}
		if *toKeep > 0 {
			*toKeep--
		} else if err := os.RemoveAll(run); err != nil {
			return fmt.Errorf("remove the record of an earlier run: %w", err)
		}
	}
	return nil
}
