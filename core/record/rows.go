package record

import (
	"os"
	"path/filepath"
	"slices"
)

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

// row finds the example of a row, and its source. Without such a row the id is empty, and rows says how many there are.
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
