package run

import (
	"bytes"
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ftprep/ftprep/core/container"
	"github.com/ftprep/ftprep/core/owned"
	"github.com/ftprep/ftprep/core/whole"
	"github.com/ftprep/ftprep/sdk"
)

// rowFiles are the files that the rows of an output go to: one for each split, or shards of a bounded size.
type rowFiles struct {
	path       string
	kind       container.Kind
	framing    sdk.Framing
	trusted    bool  // rows are JSON objects: they come from this program
	shardBytes int64 // bytes of rows in a file; 0: no limit

	files   []*rowFile          // in the order in which they were begun
	current map[string]*rowFile // by split; the others are sealed: there may be more than a process may have open
}

// rowFile is one of the files that rows go to.
type rowFile struct {
	*whole.File
	split  string // empty: rows to train on
	index  int    // among the output's files
	rows   int
	held   int64            // bytes of rows
	writer container.Writer // nil if the format makes the file itself, in pieces, and when the file is sealed
}

// mostSplits is how many splits a dataset may have, since each has a file open.
const mostSplits = 16

// splitName returns the name that a split has in files and their counts: an empty one for rows to train on.
func splitName(split string) string {
	if split == sdk.SplitTrain {
		return ""
	}
	return split
}

// check says what is wrong with a row that a plugin gave.
func (r *rowFiles) check(row []byte) error {
	switch {
	case r.framing != sdk.FramingRows:
		return nil
	case bytes.IndexByte(row, '\n') >= 0:
		return fmt.Errorf("the plugin returned a row that contains a line break: %.80q", row)
	case !r.trusted && (!bytes.HasPrefix(row, []byte("{")) || !jsontext.Value(row).IsValid(jsontext.AllowDuplicateNames(true))):
		return fmt.Errorf("the plugin returned a row that is not a JSON object: %.80q", row)
	}
	return nil
}

// write adds a row of a split, or a piece of a file that the format makes itself, and returns the index of the file it is in.
func (r *rowFiles) write(split string, row []byte) (index int, err error) {
	split = splitName(split)
	f := r.current[split]
	if f == nil || r.shardBytes > 0 && f.held > 0 && f.held+int64(len(row)) > r.shardBytes {
		if f, err = r.open(split); err != nil {
			return 0, err
		}
	}
	f.rows++
	f.held += int64(len(row))
	if f.writer == nil {
		_, err := f.Write(row)
		return f.index, err
	}
	return f.index, f.writer.Write(row)
}

// open begins the next file of a split.
func (r *rowFiles) open(split string) (*rowFile, error) {
	if f := r.current[split]; f != nil {
		if err := f.seal(); err != nil {
			return nil, err
		}
	} else if len(r.current) == mostSplits {
		return nil, fmt.Errorf("the examples belong to more than %d splits, including %q: a split is a part of the dataset, such as train or eval",
			mostSplits, split)
	}
	file, err := whole.New(r.path)
	if err != nil {
		return nil, err
	}
	f := &rowFile{File: file, split: split, index: len(r.files)}
	if r.framing == sdk.FramingRows {
		f.writer = container.New(r.kind, file)
	}
	if r.current == nil {
		r.current = map[string]*rowFile{}
	}
	r.files, r.current[split] = append(r.files, f), f
	return f, nil
}

// seal completes a file.
func (f *rowFile) seal() error {
	if f.writer != nil {
		if err := f.writer.Close(); err != nil {
			return err
		}
		f.writer = nil
	}
	return f.Seal()
}

// finish completes the files and gives each its name, which includes its split and, for a shard, how many files the split has.
// There is always a file for rows to train on.
func (r *rowFiles) finish() ([]*rowFile, error) {
	if r.current[""] == nil {
		if _, err := r.open(""); err != nil {
			return nil, err
		}
	}
	total := map[string]int{}
	for _, f := range r.files {
		total[f.split]++
		if r.current[f.split] == f {
			if err := f.seal(); err != nil {
				return nil, err
			}
		}
	}
	number := map[string]int{}
	for _, f := range r.files {
		if f.split != "" {
			f.Path = container.Split(r.path, f.split)
		}
		if r.shardBytes > 0 {
			f.Path = container.Shard(f.Path, number[f.split], total[f.split])
			number[f.split]++
		}
	}
	files := r.files
	r.files = nil
	return files, nil
}

// written describes the files for a format, ordered by split.
func written(files []*rowFile) []sdk.WrittenFile {
	var all []sdk.WrittenFile
	for _, f := range files {
		all = append(all, sdk.WrittenFile{Name: filepath.Base(f.Path), Rows: f.rows, Split: f.split})
	}
	slices.SortStableFunc(all, func(a, b sdk.WrittenFile) int { return cmp.Compare(a.Split, b.Split) })
	return all
}

// discard removes the files, unless finish gave them away.
func (r *rowFiles) discard() {
	for _, f := range r.files {
		f.Discard()
	}
}

// present lists the files that are there for the output: the one at its path, those named like its shards, and those that runs
// wrote for its splits.
func (r *rowFiles) present(ours *owned.Files) []string {
	own := container.Unsharded(filepath.Base(r.path))
	var paths []string
	entries, _ := os.ReadDir(filepath.Dir(r.path)) // without the folder there are no files
	for _, entry := range entries {
		path, other := filepath.Join(filepath.Dir(r.path), entry.Name()), container.Unsharded(entry.Name())
		shard := other == own && entry.Name() != other
		if entry.Name() == filepath.Base(r.path) || shard || ours.SplitOf(path) == r.path {
			paths = append(paths, path)
		}
	}
	return paths
}

// forgetOthers removes the files that earlier runs wrote for the output, except those that were just placed. It returns the
// names of files that look like the output's but that no run wrote, or that somebody has changed: they stay.
func (r *rowFiles) forgetOthers(placed []outputFile, ours *owned.Files) (strange []string, err error) {
	for _, path := range r.present(ours) {
		switch {
		case slices.ContainsFunc(placed, func(f outputFile) bool { return f.Path == path }):
		case !ours.HasRows(path):
			strange = append(strange, filepath.Base(path))
		default:
			if err := os.Remove(path); err != nil {
				return strange, fmt.Errorf("remove a file of an earlier run: %w", err)
			}
			ours.Forget(path)
		}
	}
	return strange, nil
}

// earlier reports whether a file that is there for the output holds something.
func (r *rowFiles) earlier(ours *owned.Files) bool {
	return slices.ContainsFunc(r.present(ours), func(path string) bool {
		info, err := os.Stat(path)
		return err == nil && info.Size() > 0
	})
}
