package run

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// missingFolders lists the folders that the outputs need and that do not exist, each after the folders that it will hold.
func (x *execution) missingFolders() []string {
	var missing []string
	for _, output := range x.outputs {
		folder := filepath.Dir(output.file)
		for above := filepath.Dir(folder); folder != above; folder, above = above, filepath.Dir(above) {
			if _, err := os.Lstat(folder); !errors.Is(err, fs.ErrNotExist) { // a dangling link exists, and is the user's
				break
			}
			missing = append(missing, folder)
		}
	}
	return missing
}

// removeEmpty removes the folders that hold nothing. A folder that two outputs need is listed twice, so that one of the two
// places is after everything that either output puts into it.
func removeEmpty(folders []string) {
	for _, folder := range folders {
		_ = os.Remove(folder) // it fails if something is inside
	}
}
