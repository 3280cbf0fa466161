package scout

import (
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/ftprep/ftprep/core/whole"
)

// SampleFolder is where [WriteSample] writes.
const SampleFolder = "sample"

//go:embed sample
var sample embed.FS

// WriteSample writes small logs of every kind below the folder called [SampleFolder] in dir and returns the folders that
// hold them. Files that are there already stay.
func WriteSample(dir string) ([]string, error) {
	var folders []string
	err := fs.WalkDir(sample, SampleFolder, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := sample.ReadFile(name)
		if err != nil {
			return err
		}
		folders = append(folders, filepath.Join(dir, filepath.FromSlash(path.Dir(name))))
		return writeNew(filepath.Join(dir, filepath.FromSlash(name)), content)
	})
	if err != nil {
		return nil, fmt.Errorf("write the sample: %w", err)
	}
	return folders, nil
}

func writeNew(path string, content []byte) error {
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	return whole.Write(path, content) // half a file would stay for ever
}
