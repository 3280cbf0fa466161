// Package owned tells the files that runs wrote from those of somebody else: files of rows, and what stands beside them,
// such as a training's configuration or an entry in a list of data sets. What somebody else wrote, or has changed since,
// stays.
package owned

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/ftprep/ftprep/core/whole"
)

// Files are what runs of the pipelines in one folder wrote. They are remembered in a file.
type Files struct {
	path string // of the file in which it is kept
	// written has, by the key (see keyOf) of a file or of an entry of a shared list, the hash of the content, or the mark of
	// rows, which is rows SIZE TIME [of OUTPUT].
	written map[string]string
}

// keyOf returns the key of a file. On systems where case does not count in names, it does not count in keys: a path is
// written as the user typed the path of the pipeline.
func keyOf(path string) string {
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		return strings.ToLower(path)
	}
	return path
}

// Open reads what runs have remembered in a work folder.
func Open(work string) (*Files, error) {
	f := &Files{path: filepath.Join(work, "beside.json"), written: map[string]string{}}
	text, err := os.ReadFile(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return f, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read what earlier runs wrote: %w", err)
	}
	var written map[string]string
	if err = json.Unmarshal(text, &written); err == nil && written == nil {
		err = errors.New("it is null")
	}
	if err != nil {
		return nil, fmt.Errorf("%s, which says what earlier runs wrote, is damaged: %w; if you remove it, "+
			"files there that differ from what would be written count as somebody else's and stay", f.path, err)
	}
	for path, mark := range written {
		f.written[keyOf(path)] = mark
	}
	return f, nil
}

// Foreign reports whether the file at a path must stay: no run wrote its present content, and it differs from the content
// that is to be written.
func (f *Files) Foreign(path string, content []byte) bool {
	there, err := os.ReadFile(path)
	if err != nil {
		return !errors.Is(err, fs.ErrNotExist) // it may be anything
	}
	return !bytes.Equal(there, content) && f.written[keyOf(path)] != hashOf(there)
}

// Add remembers a file that was written.
func (f *Files) Add(path string, content []byte) { f.written[keyOf(path)] = hashOf(content) }

// addEntry remembers an entry of a shared list that was written.
func (f *Files) addEntry(path, entry string, value []byte) { f.Add(entryPath(path, entry), value) }

// hasEntry reports whether a run wrote an entry of a shared list with this value.
func (f *Files) hasEntry(path, entry string, value []byte) bool {
	return f.written[keyOf(entryPath(path, entry))] == hashOf(value)
}

// entryPath returns what stands for the path of an entry of a list: no file has such a path.
func entryPath(path, entry string) string { return path + "\n" + entry }

// AddRows remembers a file of rows that was placed. splitOf is the path of the output whose split the file holds; it is
// empty for other files.
func (f *Files) AddRows(path, splitOf string) {
	f.written[keyOf(path)] = rowsMark(path) + splitSuffix(splitOf)
}

// HasRows reports whether a run wrote the file at a path as rows, and nobody has changed it since.
func (f *Files) HasRows(path string) bool {
	mark, known := f.written[keyOf(path)]
	return known && mark == rowsMark(path)+splitSuffix(f.SplitOf(path))
}

// Announce remembers that a file of a split will be placed, so that a later run knows it even if this one is killed before
// it can say so. It reports whether that was not known yet.
func (f *Files) Announce(path, splitOf string) bool {
	if f.SplitOf(path) == splitOf {
		return false
	}
	f.written[keyOf(path)] = "rows" + splitSuffix(splitOf)
	return true
}

// SplitOf returns the path of the output whose split a run wrote or announced at a path. It is empty if none did.
func (f *Files) SplitOf(path string) string {
	_, output, ok := strings.Cut(f.written[keyOf(path)], ofMark)
	if !ok {
		return ""
	}
	return filepath.Join(filepath.Dir(path), output)
}

// Forget forgets a file that was removed.
func (f *Files) Forget(path string) { delete(f.written, keyOf(path)) }

// rowsMark returns a mark that tells one state of a file from another. It does not read the file, since rows may be many.
func rowsMark(path string) string {
	info, err := os.Stat(path)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("rows %d %d", info.Size(), info.ModTime().UnixNano())
}

// splitSuffix returns the end of the mark of a split's rows: the name of the output, which is beside them.
func splitSuffix(path string) string {
	if path == "" {
		return ""
	}
	return ofMark + filepath.Base(path)
}

const ofMark = " of "

func hashOf(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// Save writes what is remembered, if anything is.
func (f *Files) Save() error {
	if len(f.written) == 0 {
		return nil
	}
	text, err := json.MarshalIndent(f.written, "", "  ")
	if err != nil {
		return err
	}
	return whole.Write(f.path, append(text, '\n'))
}
