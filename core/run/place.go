package run

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/ftprep/ftprep/core/owned"
	"github.com/ftprep/ftprep/core/whole"
)

// checkFiles makes sure that no two outputs write the same file, or the same entry of a list that they share.
func checkFiles(encoders []*encoder) error {
	type target struct{ file, entry string }
	writer := map[target]string{}
	claim := func(at target, what, output string) error {
		if other, taken := writer[at]; taken {
			return fmt.Errorf("%s and %s both write %s: give them folders of their own", other, output, what)
		}
		writer[at] = output
		return nil
	}
	var err error
	for _, e := range encoders {
		for _, file := range e.files {
			key := fileKey(file.Path)
			if file.list != nil {
				for _, entry := range file.list.Names() {
					err = cmp.Or(err, claim(target{key, entry}, fmt.Sprintf("%q in %s", entry, file.Path), e.counts.Output))
				}
			} else {
				err = cmp.Or(err, claim(target{file: key}, file.Path, e.counts.Output))
			}
		}
	}
	return err
}

// fileKey returns the same text for all paths of a file, whatever links lead to its folder and whatever case they are written
// in: some systems ignore case.
func fileKey(path string) string {
	folder := filepath.Dir(path)
	if resolved, err := filepath.EvalSymlinks(folder); err == nil {
		folder = resolved
	}
	return strings.ToLower(filepath.Join(folder, filepath.Base(path)))
}

// announce remembers the new files of splits before they are in their places: if this run is killed while it puts them there,
// the next one knows that a run wrote them.
func announce(encoders []*encoder, ours *owned.Files) error {
	anyNew := false
	for _, e := range encoders {
		fresh, err := e.announce(ours)
		if err != nil {
			return err
		}
		anyNew = anyNew || fresh
	}
	if !anyNew {
		return nil
	}
	return ours.Save()
}

// announce remembers which files of splits will be placed, and reports whether one of them is new. It fails if a file that no
// run wrote is at such a place: whoever put it there may not know that it would be replaced.
func (e *encoder) announce(ours *owned.Files) (fresh bool, err error) {
	for _, file := range e.files {
		if file.split == "" || !ours.Announce(file.Path, e.rows.path) {
			continue
		}
		fresh = true
		if _, err := os.Lstat(file.Path); err == nil {
			return fresh, fmt.Errorf("%s: the rows of the split %s would replace %s, which no run on record here wrote: move it away, or give the output another path",
				e.counts.Output, file.split, file.Path)
		}
	}
	return fresh, nil
}

// place puts the files of all outputs in their places. What it wrote is remembered even when it fails halfway.
func (x *execution) place(encoders []*encoder, ours *owned.Files) error {
	var err error
	for _, e := range encoders {
		if err = e.place(ours); err != nil {
			break
		}
	}
	if err = errors.Join(err, ours.Save()); err != nil {
		return &ChangedError{err}
	}
	return nil
}

// place puts the files of one output in their places. An earlier output that holds something is not replaced by an empty one,
// unless that is asked for.
func (e *encoder) place(ours *owned.Files) (err error) {
	if e.counts.Rows == 0 && !e.x.options.AllowEmpty && e.rows.earlier(ours) {
		e.counts.Unchanged = true
		return nil
	}
	for _, file := range e.files {
		if file.companion != nil {
			foreign, err := file.placeCompanion(ours)
			if err != nil {
				return err
			}
			e.counts.Foreign = append(e.counts.Foreign, foreign...)
			continue
		}
		if err := file.Place(); err != nil {
			return err
		}
		ours.AddRows(file.Path, e.splitOf(file))
	}
	placed := e.files
	e.files = nil
	e.counts.Strange, err = e.rows.forgetOthers(placed, ours)
	return err
}

// placeCompanion puts a companion in its place, or its entries into the list that is there. It returns the files or entries
// that stay as somebody else wrote them.
func (f outputFile) placeCompanion(ours *owned.Files) (foreign []string, err error) {
	defer whole.Sweep(f.Path)
	if f.list != nil {
		f.Discard()
		return f.list.Place(f.Path, ours)
	}
	if ours.Foreign(f.Path, f.companion.Content) {
		f.Discard()
		return []string{filepath.Base(f.Path)}, nil
	}
	if err := f.Place(); err != nil {
		return nil, err
	}
	ours.Add(f.Path, f.companion.Content)
	return nil, nil
}

// splitOf returns the output's path for a file that holds a split, and an empty text for other files.
func (e *encoder) splitOf(file outputFile) string {
	if file.split == "" {
		return ""
	}
	return e.rows.path
}
