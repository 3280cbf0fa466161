package run

import (
	"fmt"
	"path/filepath"
	"slices"

	"github.com/ftprep/ftprep/core/owned"
	"github.com/ftprep/ftprep/core/whole"
	"github.com/ftprep/ftprep/sdk"
)

// outputFile is a file that an output makes.
type outputFile struct {
	*whole.File
	split     string         // whose rows it holds; empty: rows to train on, or no rows
	companion *sdk.Companion // that it holds; nil: it holds rows
	list      *owned.List    // a companion's entries in a list that outputs share; nil: the file is the output's own
}

// finishRows completes and counts the files of rows, and describes them for the format.
func (e *encoder) finishRows() ([]sdk.WrittenFile, error) {
	files, err := e.rows.finish()
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		e.files = append(e.files, outputFile{File: file.File, split: file.split})
		e.counts.Rows += file.rows
		e.counts.Bytes += file.Bytes()
		if file.split != "" {
			e.counts.AddSplit(file.split, file.Path, file.rows)
		}
		if len(files) > 1 || e.step.output.Folder || file.Path != e.step.file {
			e.counts.Files = append(e.counts.Files, file.Path)
		}
	}
	return written(files), nil
}

// companions writes the format's files beside the output or, if that is a folder, into it.
func (e *encoder) companions(companions []sdk.Companion) error {
	folder := filepath.Dir(e.step.file)
	if e.step.output.Folder {
		folder = e.step.output.Path
	}
	for _, companion := range companions {
		file, err := e.companion(filepath.Join(folder, companion.Name), companion)
		if err != nil {
			return err
		}
		e.files = append(e.files, file)
		e.counts.Beside = append(e.counts.Beside, companion.Name)
	}
	return nil
}

// companion writes one of the format's files, which will be placed at path.
func (e *encoder) companion(path string, companion sdk.Companion) (outputFile, error) {
	taken := slices.ContainsFunc(e.files, func(f outputFile) bool { return f.Path == path })
	if companion.Name != filepath.Base(companion.Name) || !filepath.IsLocal(companion.Name) || taken { // NUL is not local on Windows
		return outputFile{}, e.step.plugin.Explain(
			fmt.Errorf("the plugin wants to write a file called %q: only names of other files beside the output are allowed", companion.Name))
	}
	var list *owned.List
	if companion.Shared {
		var err error
		if list, err = owned.ParseList(companion.Content); err != nil {
			return outputFile{}, e.step.plugin.Explain(
				fmt.Errorf("the plugin wants to write something other than members of a JSON object into %s: %w", companion.Name, err))
		}
	}
	file, err := whole.Sealed(path, companion.Content)
	return outputFile{File: file, companion: &companion, list: list}, err
}

// discard removes what was not placed.
func (e *encoder) discard() {
	e.rows.discard()
	for _, file := range e.files {
		file.Discard()
	}
}
