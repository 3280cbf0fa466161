package run

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// beside remembers what runs wrote beside outputs, such as a training's configuration, so that a file that somebody else
// wrote there, or has changed since, stays.
type beside struct {
	path    string            // of the file in which it is kept
	written map[string]string // hashes of contents, by the file's path
}

func openBeside(work string) (*beside, error) {
	b := &beside{path: filepath.Join(work, "beside.json"), written: map[string]string{}}
	text, err := os.ReadFile(b.path)
	if errors.Is(err, fs.ErrNotExist) {
		return b, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &b.written)
	}
	return b, err
}

// foreign reports whether the file at a path is another's than the one that a run wrote there, and no copy of what is to
// be written.
func (b *beside) foreign(path string, content []byte) bool {
	there, err := os.ReadFile(path)
	return err == nil && !bytes.Equal(there, content) && b.written[path] != hashOf(there)
}

func (b *beside) add(path string, content []byte) { b.written[path] = hashOf(content) }

func hashOf(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

func (b *beside) save() error {
	if len(b.written) == 0 {
		return nil
	}
	text, err := json.MarshalIndent(b.written, "", "  ")
	if err != nil {
		return err
	}
	return writeWhole(b.path, append(text, '\n'))
}
