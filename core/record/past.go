package record

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/ftprep/ftprep/core/load"
)

// pastRun is the record of a run.
type pastRun struct {
	folder  string
	summary Summary // empty if the run left none
}

func (r pastRun) name() string { return filepath.Base(r.folder) }

func (r pastRun) finished() bool { return r.summary.Version > 0 }

// experiment returns the name of the run's experiment.
func (r pastRun) experiment() string { return nameOf(r.summary.Experiment) }

// nameOf returns the name of an experiment as the command line has it.
func nameOf(experiment string) string { return cmp.Or(experiment, load.Base) }

// finishedFirst orders runs that finished before others.
func (r pastRun) finishedFirst(other pastRun) int {
	switch {
	case r.finished() == other.finished():
		return 0
	case r.finished():
		return -1
	}
	return 1
}

// runsOf returns the runs of a pipeline on record, the latest first.
func runsOf(work, pipeline string) ([]pastRun, error) {
	entries, err := os.ReadDir(filepath.Join(work, "runs"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("look for records of runs: %w", err)
	}
	if len(entries) == 0 {
		return nil, errors.New("no run has left a record here yet: use ftprep run first")
	}
	var runs []pastRun
	for _, entry := range slices.Backward(entries) { // the names begin with the time
		if !entry.IsDir() {
			continue
		}
		r := pastRun{folder: filepath.Join(work, "runs", entry.Name())}
		if err := r.readSummary(); err != nil {
			return nil, err
		}
		if other := r.summary.Pipeline; other == "" || filepath.Base(other) == filepath.Base(pipeline) {
			runs = append(runs, r)
		}
	}
	return runs, nil
}

func (r *pastRun) readSummary() error {
	path := filepath.Join(r.folder, summaryFile)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		if err = r.summary.read(data); err != nil {
			err = fmt.Errorf("%s: %w", path, err)
		}
	}
	return r.fault(err)
}

// read reads a summary of any version.
func (s *Summary) read(data []byte) error {
	if err := json.Unmarshal(data, s); err != nil || s.Version != 1 {
		return err
	}
	var first struct{ Outputs []struct{ Kept bool } }
	err := json.Unmarshal(data, &first)
	for i, output := range first.Outputs {
		s.Outputs[i].Unchanged = output.Kept
	}
	return err
}

// linesOf yields the lines of a list of a run's record, and finally an error if there is one. A list that is missing has no
// lines. A last line without a line end is left out: a run that was killed leaves one.
func linesOf[T any](r pastRun, list string) iter.Seq2[T, error] { return linesWith[T](r, list, "") }

// linesWith is linesOf for the lines that contain a text.
func linesWith[T any](r pastRun, list, text string) iter.Seq2[T, error] {
	decode := func(line []byte) (value T, err error) {
		err = jsonv2.Unmarshal(line, &value, jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))
		return value, err
	}
	return linesBy(r, list, text, decode)
}

// idsOf is linesOf for the ids alone, which stand at the beginning of each line.
func idsOf(r pastRun, list string) iter.Seq2[string, error] {
	beginning := []byte(`{"id":"`)
	decode := func(line []byte) (string, error) {
		if rest, ok := bytes.CutPrefix(line, beginning); ok {
			if end := bytes.IndexAny(rest, `"\\`); end >= 0 && rest[end] == '"' {
				return string(rest[:end]), nil
			}
		}
		var event Event
		err := json.Unmarshal(line, &event)
		return event.ID, err
	}
	return linesBy(r, list, "", decode)
}

// linesBy is linesWith for whatever decode returns for a line.
func linesBy[T any](r pastRun, list, text string, decode func(line []byte) (T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		err := eachLine(filepath.Join(r.folder, list), text, decode, func(value T) bool { return yield(value, nil) })
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			var none T
			yield(none, r.fault(err))
		}
	}
}

// eachLine decodes the lines of a file that contain a text and hands them to take, until take returns false.
func eachLine[T any](path, text string, decode func(line []byte) (T, error), take func(T) bool) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	lines := bufio.NewReader(file)
	for number := 1; ; number++ {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if !bytes.Contains(line, []byte(text)) {
			continue
		}
		value, err := decode(line)
		if err != nil {
			return fmt.Errorf("%s:%d: %w", path, number, err)
		}
		if !take(value) {
			return nil
		}
	}
}

// fault adds to an error which record could not be read, and the way out.
func (r pastRun) fault(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("read the record of run %s: %w; remove %s to look at the other runs", r.name(), err, r.folder)
}
