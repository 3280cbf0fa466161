package record

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// LookupRow finds the example that a row of an output was made from, in the record of the latest run that wrote the file.
// Rows count from 1; in a file of lines the row is the line.
func (s Runs) LookupRow(file string, row int) (*History, error) {
	if row < 1 {
		return nil, fmt.Errorf("%s has no row %d: rows count from 1", file, row)
	}
	runs, err := runsOf(s.Work, s.Pipeline)
	if err != nil {
		return nil, err
	}
	for _, r := range runs {
		output, index, ok := r.outputOf(file)
		if !ok {
			continue
		}
		if !s.includes(r) {
			return nil, fmt.Errorf("%s was written by run %s with experiment %s, not with %s", file, r.name(), r.experiment(), nameOf(*s.Experiment))
		}
		return r.lookupRow(file, output, index, row)
	}
	return nil, fmt.Errorf("no recorded run of %s wrote rows into %s", filepath.Base(s.Pipeline), file)
}

// lookupRow finds the example of a row of a file, which belongs to an output and has an index among the output's files.
func (r pastRun) lookupRow(file, output string, index, row int) (*History, error) {
	id, source, rows, err := r.row(output, index, row)
	switch {
	case err != nil:
		return nil, err
	case rows == 0 && id == "":
		return nil, fmt.Errorf("%s has no rows to look up: it is empty, or the format wrote it as a whole", file)
	case id == "":
		return nil, fmt.Errorf("%s has only %d rows as of run %s", file, rows, r.name())
	}
	history, err := r.lookup(id)
	if err != nil {
		return nil, err
	}
	if history == nil {
		history = &History{ID: id}
	}
	history.Events = slices.DeleteFunc(history.Events, func(e Event) bool { // other sources may read the same id
		return e.read() && e.Step != source
	})
	if err := r.fillIn(history); err != nil {
		return nil, fmt.Errorf("row %d of %s: %w", row, file, err)
	}
	if r.changedSince(file) {
		history.Changed = file
	}
	return history, nil
}

// outputOf finds the output that the run wrote into a file, and the index of the file among the output's.
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
		if i := slices.IndexFunc(files, same); i >= 0 && !o.Unchanged {
			return o.Output, i, true
		}
	}
	return "", 0, false
}

// changedSince reports whether a file was written after the run had left its summary.
func (r pastRun) changedSince(file string) bool {
	left, err := os.Stat(filepath.Join(r.folder, summaryFile))
	written, errWritten := os.Stat(file)
	return err == nil && errWritten == nil && written.ModTime().After(left.ModTime())
}

// row finds the example of a row, and its source. If there is no such row, the id is empty and rows is how many there are.
func (r pastRun) row(output string, index, row int) (id, source string, rows int, err error) {
	for e, err := range linesOf[Rows](r, rowsList) {
		if err != nil {
			return "", "", 0, err
		}
		if e.Output != output || e.File != index || e.Pieces {
			continue
		}
		if at := row - rows - 1; at >= 0 && at < len(e.IDs) {
			return e.IDs[at], e.Source, rows, nil
		}
		rows += len(e.IDs)
	}
	return "", "", rows, nil
}
