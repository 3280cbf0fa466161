package run

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ftprep/ftprep/core/container"
	"github.com/ftprep/ftprep/core/whole"
	"github.com/ftprep/ftprep/sdk"
)

// rowFiles are the files that the rows of an output go to: one, or shards of a bounded size.
type rowFiles struct {
	path    string
	kind    container.Kind
	framing sdk.Framing
	trusted bool  // rows are JSON objects: they come from this program
	most    int64 // bytes of rows in a file; 0: any

	files   []*whole.File    // all but the last are sealed: there may be more than a process may have open
	rows    []int            // of each file
	current container.Writer // of the last file; nil for pieces of a file of the format's own making
	held    int64            // bytes of rows in the last file
}

// check says what is wrong with a row that a plugin gave.
func (r *rowFiles) check(row []byte) error {
	switch {
	case r.framing != sdk.Rows:
		return nil
	case bytes.IndexByte(row, '\n') >= 0:
		return fmt.Errorf("the plugin gave a row with a line end: %.80q", row)
	case !r.trusted && (!bytes.HasPrefix(row, []byte("{")) || !jsontext.Value(row).IsValid(jsontext.AllowDuplicateNames(true))):
		return fmt.Errorf("the plugin gave a row that is no JSON object: %.80q", row)
	}
	return nil
}

// write adds a row, or a piece of a file of the format's own making.
func (r *rowFiles) write(row []byte) error {
	if len(r.files) == 0 || r.most > 0 && r.held > 0 && r.held+int64(len(row)) > r.most {
		if err := r.open(); err != nil {
			return err
		}
	}
	last := len(r.files) - 1
	r.rows[last]++
	r.held += int64(len(row))
	if r.framing != sdk.Rows {
		_, err := r.files[last].Write(row)
		return err
	}
	return r.current.Write(row)
}

// open begins the next file.
func (r *rowFiles) open() error {
	if err := r.sealLast(); err != nil {
		return err
	}
	file, err := whole.New(r.path)
	if err != nil {
		return err
	}
	r.files, r.rows, r.held = append(r.files, file), append(r.rows, 0), 0
	if r.framing == sdk.Rows {
		r.current = container.New(r.kind, file)
	}
	return nil
}

// sealLast completes the last file.
func (r *rowFiles) sealLast() error {
	if len(r.files) == 0 {
		return nil
	}
	if r.current != nil {
		if err := r.current.Close(); err != nil {
			return err
		}
		r.current = nil
	}
	return r.files[len(r.files)-1].Seal()
}

// finish completes the files and gives each its name, which tells how many there are, and how many rows it holds. There is
// always one.
func (r *rowFiles) finish() ([]*whole.File, []sdk.WrittenFile, error) {
	if len(r.files) == 0 {
		if err := r.open(); err != nil {
			return nil, nil, err
		}
	}
	if err := r.sealLast(); err != nil {
		return nil, nil, err
	}
	files := r.files
	r.files = nil
	var written []sdk.WrittenFile
	for i, file := range files {
		if r.most > 0 {
			file.Path = container.Shard(r.path, i, len(files))
		}
		written = append(written, sdk.WrittenFile{Name: filepath.Base(file.Path), Rows: r.rows[i]})
	}
	return files, written, nil
}

// discard removes the files, unless finish gave them away.
func (r *rowFiles) discard() {
	for _, file := range r.files {
		file.Discard()
	}
}

// present lists the files at the output's place: the one, and what is named like a shard.
func (r *rowFiles) present() []string {
	own := container.Unsharded(filepath.Base(r.path))
	var paths []string
	entries, _ := os.ReadDir(filepath.Dir(r.path)) // without the folder there are no files
	for _, entry := range entries {
		other := container.Unsharded(entry.Name())
		shard := other == own && entry.Name() != other
		if entry.Name() == filepath.Base(r.path) || shard {
			paths = append(paths, filepath.Join(filepath.Dir(r.path), entry.Name()))
		}
	}
	return paths
}

// forgetOthers removes what earlier runs left of the output beside the files that are there now. It lists what looks like
// that and is somebody else's.
func (r *rowFiles) forgetOthers(placed []outputFile, past *pastFiles) (strange []string, err error) {
	for _, path := range r.present() {
		switch {
		case slices.ContainsFunc(placed, func(f outputFile) bool { return f.Path == path }):
		case !past.hasRows(path):
			strange = append(strange, filepath.Base(path))
		default:
			if err := os.Remove(path); err != nil {
				return strange, fmt.Errorf("remove what an earlier run wrote: %w", err)
			}
			past.forget(path)
		}
	}
	return strange, nil
}

// earlier reports whether an earlier run left something.
func (r *rowFiles) earlier() bool {
	for _, path := range r.present() {
		if info, err := os.Stat(path); err == nil && info.Size() > 0 {
			return true
		}
	}
	return false
}
