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
	"runtime"
	"strings"

	"github.com/ftprep/ftprep/core/whole"
)

// pastFiles remembers what runs wrote: files of rows, and what stands beside them, such as a training's configuration. A
// file there that somebody else wrote, or has changed since, stays.
type pastFiles struct {
	path string // of the file in which it is kept
	// By what keyOf makes of the path of a file, or of an entry of a shared list: the hash of the content, or the mark of
	// rows, which is rows SIZE TIME [of OUTPUT].
	written map[string]string
}

// keyOf is what a file is known by. Where case tells no names apart, a path is as the user has typed the way to the pipeline.
func keyOf(path string) string {
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		return strings.ToLower(path)
	}
	return path
}

// openPastFiles reads what runs remember in a work folder.
func openPastFiles(work string) (*pastFiles, error) {
	p := &pastFiles{path: filepath.Join(work, "beside.json"), written: map[string]string{}}
	text, err := os.ReadFile(p.path)
	if errors.Is(err, fs.ErrNotExist) {
		return p, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read what earlier runs wrote: %w", err)
	}
	var written map[string]string
	if err = json.Unmarshal(text, &written); err == nil && written == nil {
		err = errors.New("it is null")
	}
	if err != nil {
		return nil, fmt.Errorf("%s, which says what earlier runs wrote, is damaged: %w; once it is removed, "+
			"files there that differ from what is to be written count as somebody else's and stay", p.path, err)
	}
	for path, mark := range written {
		p.written[keyOf(path)] = mark
	}
	return p, nil
}

// foreign reports whether the file at a path is to stay: no run wrote it so, and it is no copy of what is to be written.
func (p *pastFiles) foreign(path string, content []byte) bool {
	there, err := os.ReadFile(path)
	if err != nil {
		return !errors.Is(err, fs.ErrNotExist) // it may be anything
	}
	return !bytes.Equal(there, content) && p.written[keyOf(path)] != hashOf(there)
}

// add remembers a file that was written.
func (p *pastFiles) add(path string, content []byte) { p.written[keyOf(path)] = hashOf(content) }

// addEntry remembers an entry of a shared list that was written.
func (p *pastFiles) addEntry(path, entry string, value []byte) { p.add(entryOf(path, entry), value) }

// hasEntry reports whether a run wrote an entry of a shared list so.
func (p *pastFiles) hasEntry(path, entry string, value []byte) bool {
	return p.written[keyOf(entryOf(path, entry))] == hashOf(value)
}

// entryOf is what an entry of a list is known by: no file has such a path.
func entryOf(path, entry string) string { return path + "\n" + entry }

// addRows remembers a file of rows that was placed. One of a split is remembered with the path of its output, which is
// empty for the others.
func (p *pastFiles) addRows(path, splitOf string) {
	p.written[keyOf(path)] = rowsMark(path) + ofOutput(splitOf)
}

// hasRows reports whether a run wrote the file at a path as rows, and nobody has changed it since.
func (p *pastFiles) hasRows(path string) bool {
	mark, known := p.written[keyOf(path)]
	return known && mark == rowsMark(path)+ofOutput(p.splitOf(path))
}

// announce remembers that a file of a split will be placed, so that a later run knows it even if this one is killed before
// it can say so. It reports whether that is news.
func (p *pastFiles) announce(path, splitOf string) bool {
	if p.splitOf(path) == splitOf {
		return false
	}
	p.written[keyOf(path)] = "rows" + ofOutput(splitOf)
	return true
}

// splitOf is the path of the output of which a run wrote a split to another path; empty: none did.
func (p *pastFiles) splitOf(path string) string {
	_, output, ok := strings.Cut(p.written[keyOf(path)], ofMark)
	if !ok {
		return ""
	}
	return filepath.Join(filepath.Dir(path), output)
}

func (p *pastFiles) forget(path string) { delete(p.written, keyOf(path)) }

// rowsMark tells one state of a file from another without reading it: rows may be many.
func rowsMark(path string) string {
	info, err := os.Stat(path)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("rows %d %d", info.Size(), info.ModTime().UnixNano())
}

// ofOutput ends the mark of a split's rows; the output is beside them.
func ofOutput(path string) string {
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

func (p *pastFiles) save() error {
	if len(p.written) == 0 {
		return nil
	}
	text, err := json.MarshalIndent(p.written, "", "  ")
	if err != nil {
		return err
	}
	return whole.Write(p.path, append(text, '\n'))
}
