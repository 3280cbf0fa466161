package run

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
)

// companionRecord remembers what runs wrote beside outputs, such as a training's configuration, so that a file that
// somebody else wrote there, or has changed since, stays.
type companionRecord struct {
	path    string            // of the file in which it is kept
	written map[string]string // hashes of contents, by the file's path
}

func openCompanionRecord(work string) (*companionRecord, error) {
	r := &companionRecord{path: filepath.Join(work, "beside.json"), written: map[string]string{}}
	text, err := os.ReadFile(r.path)
	if errors.Is(err, fs.ErrNotExist) {
		return r, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read what earlier runs wrote beside outputs: %w", err)
	}
	if err = json.Unmarshal(text, &r.written); err == nil && r.written == nil {
		err = errors.New("it is null")
	}
	if err != nil {
		return nil, fmt.Errorf("%s, which says what earlier runs wrote beside outputs, is damaged: %w; once it is removed, "+
			"files there that differ from what is to be written count as somebody else's and stay", r.path, err)
	}
	return r, nil
}

// foreign reports whether the file at a path is to stay: no run wrote it so, and it is no copy of what is to be written.
func (r *companionRecord) foreign(path string, content []byte) bool {
	there, err := os.ReadFile(path)
	if err != nil {
		return !errors.Is(err, fs.ErrNotExist) // it may be anything
	}
	return !bytes.Equal(there, content) && r.written[path] != hashOf(there)
}

func (r *companionRecord) add(path string, content []byte) { r.written[path] = hashOf(content) }

func hashOf(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

func (r *companionRecord) save() error {
	if len(r.written) == 0 {
		return nil
	}
	text, err := json.MarshalIndent(r.written, "", "  ")
	if err != nil {
		return err
	}
	return writeWhole(r.path, append(text, '\n'))
}
