package record

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// History is what the record of a run says of one example.
type History struct {
	Run    string  `json:"run"`
	ID     string  `json:"id"`
	Events []Event `json:"events"` // reading first

	Outputs []string `json:"outputs"` // that the run wrote
}

// Lookup finds an example by its id, or the beginning of it, in the records that runs of a pipeline left below a work
// folder, the latest first. The error says when there is none, or when the beginning fits several.
func Lookup(work, pipeline, id string) (*History, error) {
	runs, err := runsOf(work, pipeline)
	if err != nil {
		return nil, err
	}
	for _, r := range runs {
		history, err := r.lookup(id)
		if err != nil || history != nil {
			return history, err
		}
	}
	return nil, fmt.Errorf("no run of %s on record has an example %q", filepath.Base(pipeline), id)
}

// LookupRow finds the example of which a row of an output was made, in the record of the latest run that wrote the file.
// Rows count from 1, which in a file of lines is the line.
func LookupRow(work, pipeline, file string, row int) (*History, error) {
	runs, err := runsOf(work, pipeline)
	if err != nil {
		return nil, err
	}
	for _, r := range runs {
		output, index, ok := r.outputOf(file)
		if !ok {
			continue
		}
		id, source, rows, err := r.row(output, index, row)
		switch {
		case err != nil:
			return nil, err
		case rows == 0 && id == "":
			return nil, fmt.Errorf("%s has no rows that are counted: it is text", file)
		case id == "":
			return nil, fmt.Errorf("%s has %d rows since run %s", file, rows, r.name())
		}
		history, err := r.lookup(id)
		if err == nil && history == nil {
			err = fmt.Errorf("row %d of %s was made of example %s, which a filter made", row, file, id)
		}
		return history.of(source), err
	}
	return nil, fmt.Errorf("no run of %s on record wrote rows into %s", filepath.Base(pipeline), file)
}

// of is the history without what other sources read under the same id.
func (h *History) of(source string) *History {
	if h != nil {
		h.Events = slices.DeleteFunc(h.Events, func(e Event) bool { return e.Action == "read" && e.Step != source })
	}
	return h
}

// outputOf finds the output that the run wrote into a file, and which of its files that is.
func (r pastRun) outputOf(file string) (output string, index int, ok bool) {
	info, _ := os.Stat(file)
	same := func(path string) bool {
		other, err := os.Stat(path)
		return path == file || err == nil && info != nil && os.SameFile(info, other)
	}
	for _, o := range r.summary.Outputs {
		files := o.Files
		if len(files) == 0 {
			files = []string{o.Path}
		}
		if i := slices.IndexFunc(files, same); i >= 0 && !o.Kept {
			return o.Output, i, true
		}
	}
	return "", 0, false
}

// row finds the example of a row, and its source; without one it tells how many rows there are.
func (r pastRun) row(output string, index, row int) (id, source string, rows int, err error) {
	for e, err := range linesOf[Rows](r, "rows.jsonl", "") {
		if err != nil {
			return "", "", 0, err
		}
		if e.Output != output || e.File != index {
			continue
		}
		if at := row - rows - 1; at >= 0 && at < len(e.IDs) {
			return e.IDs[at], e.Source, rows, nil
		}
		rows += len(e.IDs)
	}
	return "", "", rows, nil
}

func (r pastRun) lookup(id string) (*History, error) {
	history := &History{Run: r.name()}
	for event, err := range linesOf[Event](r, "examples.jsonl", `"id":"`+id) {
		if err != nil {
			return nil, err
		}
		if history.ID != "" && history.ID != event.ID {
			return nil, fmt.Errorf("the id %q fits several examples, such as %s and %s", id, history.ID, event.ID)
		}
		history.ID = event.ID
		history.Events = append(history.Events, event)
	}
	if history.ID == "" {
		return nil, nil
	}
	for _, output := range r.summary.Outputs {
		history.Outputs = append(history.Outputs, output.Output)
	}
	return history, nil
}

// File is what the run read in a file of the example's unit; nil where its record does not say.
func (h *History) File(work, name string) (*FileCounts, error) {
	read := h.Events[0]
	for counts, err := range linesOf[FileCounts](pastRun{folder: filepath.Join(work, "runs", h.Run)}, "files.jsonl", "") {
		if err != nil {
			return nil, err
		}
		if counts.Source == read.Step && counts.Unit == read.Unit && counts.File == name {
			return &counts, nil
		}
	}
	return nil, nil
}
