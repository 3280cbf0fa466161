package run

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// missingFolders lists the folders that the outputs need and that are not there, each behind those that it holds.
func (x *execution) missingFolders() []string {
	var missing []string
	for _, output := range x.outputs {
		folder := filepath.Dir(output.file)
		for above := filepath.Dir(folder); folder != above; folder, above = above, filepath.Dir(above) {
			if _, err := os.Lstat(folder); !errors.Is(err, fs.ErrNotExist) { // a link to nowhere is there, and the user's
				break
			}
			missing = append(missing, folder)
		}
	}
	return missing
}

// removeEmpty removes those of some folders that hold nothing. One that two outputs need is listed twice, behind what
// either puts into it.
func removeEmpty(folders []string) {
	for _, folder := range folders {
		_ = os.Remove(folder) // it fails where something is inside
	}
}
