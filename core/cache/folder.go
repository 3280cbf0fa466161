package cache

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// A Stored is an entry as it lies in the folder.
type Stored struct {
	Label string // the name of the plugin
	Bytes int64
	Used  time.Time // last

	path string
}

// List lists the entries of a cache that hold units, the least recently used first. There are none if the folder does not
// exist.
func List(folder string) ([]Stored, error) {
	found, err := scan(folder, entryEnding)
	if err != nil {
		return nil, err
	}
	for i := range found {
		found[i].Label = labelOf(found[i].path)
	}
	return slices.DeleteFunc(found, func(s Stored) bool { return s.Label == "" }), nil
}

func labelOf(path string) string {
	file, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer file.Close()
	_, label, _ := readHead(file)
	return label
}

// Clear removes the entries of a cache, and what killed runs have left, and returns what it removed. It touches no other
// file in the folder.
func Clear(folder string) ([]Stored, error) {
	found, err := scan(folder, entryEnding, draftEnding)
	if err != nil {
		return nil, err
	}
	for i, file := range found {
		if err := remove(file.path); err != nil {
			return found[:i], err
		}
	}
	return found, nil
}

// abandoned is the age from which a draft is taken for one of a killed run: a source says something about every minute.
// Removing one that is in use after all only costs its entry.
const abandoned = time.Hour

// trim removes the least recently used entries, until all together are within the bound, and what killed runs have left. Other
// processes may do the same meanwhile.
func trim(folder string, bound int64) error {
	found, err := scan(folder, entryEnding, draftEnding)
	if err != nil {
		return err
	}
	var entries []Stored
	total := int64(0)
	for _, file := range found {
		if strings.HasSuffix(file.path, entryEnding) {
			entries, total = append(entries, file), total+file.Bytes
		} else if time.Since(file.Used) > abandoned {
			if err := remove(file.path); err != nil && !inUse(err) {
				return err
			}
		}
	}
	for _, entry := range entries {
		if total <= bound {
			break
		}
		err := remove(entry.path)
		if inUse(err) {
			continue
		}
		if err != nil {
			return err
		}
		total -= entry.Bytes
	}
	return nil
}

// scan lists files with some endings, the least recently used first.
func scan(folder string, endings ...string) ([]Stored, error) {
	listed, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("list the cache: %w", err)
	}
	var found []Stored
	for _, entry := range listed {
		if !slices.ContainsFunc(endings, func(ending string) bool { return strings.HasSuffix(entry.Name(), ending) }) {
			continue
		}
		info, err := entry.Info()
		if err != nil || !info.Mode().IsRegular() { // an error: another process has removed it
			continue
		}
		found = append(found, Stored{Bytes: info.Size(), Used: info.ModTime(), path: filepath.Join(folder, entry.Name())})
	}
	slices.SortFunc(found, func(a, b Stored) int { return cmp.Or(a.Used.Compare(b.Used), cmp.Compare(a.path, b.path)) })
	return found, nil
}

func remove(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove from the cache: %w", err)
	}
	return nil
}
