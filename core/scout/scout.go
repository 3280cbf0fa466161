// Package scout finds logs and drafts a pipeline for them, for people who have logs and no pipeline yet.
package scout

import (
	"cmp"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// A Find is a folder or file with logs of one kind.
type Find struct {
	Source  string         `json:"source"` // the type of the source that reads it
	Name    string         `json:"name"`   // for the source block
	Path    string         `json:"path"`
	Files   int            `json:"files"`
	Bytes   int64          `json:"bytes"`
	Servers map[string]int `json:"mcp_servers,omitempty"` // sessions: sampled calls by MCP server

	deepest string // the deepest folder that holds all files
}

// mostEntries bounds how much of a folder is looked at: init answers at once, however large the disk.
const mostEntries = 50_000

// Logs looks for logs of every kind in the folder, or the file, at a path. What cannot be read is an error only if nothing
// was found; otherwise it is reported when the pipeline runs.
func Logs(path string) ([]Find, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("look for logs: %w", err)
	}
	s := &search{path: path, finds: map[string]*Find{}}
	if !info.IsDir() {
		s.file(path, info)
	} else {
		_ = filepath.WalkDir(path+string(filepath.Separator), s.visit) // with the separator, a link to a folder is walked, too
	}
	if len(s.finds) == 0 && s.unread != nil {
		return nil, fmt.Errorf("look for logs: %w", s.unread)
	}
	return s.all(), nil
}

// A search looks below one path.
type search struct {
	path    string
	entries int
	finds   map[string]*Find // by kind
	unread  error            // the first error of reading
}

// visit follows links to files, as sources do, but not links to folders.
func (s *search) visit(name string, entry fs.DirEntry, err error) error {
	if s.entries++; err != nil || s.entries > mostEntries {
		s.unread = cmp.Or(s.unread, err)
		return fs.SkipDir
	}
	if entry.IsDir() || !mayBeLog(name) {
		return nil
	}
	info, err := os.Stat(name)
	if err == nil && info.Mode().IsRegular() {
		s.file(name, info)
	}
	s.unread = cmp.Or(s.unread, err)
	return nil
}

func (s *search) file(name string, info fs.FileInfo) {
	kind, err := kindOf(name)
	if kind == "" {
		s.unread = cmp.Or(s.unread, err)
		return
	}
	find := s.finds[kind]
	if find == nil {
		find = &Find{Source: kind, Name: names[kind], Path: s.path, Servers: map[string]int{}, deepest: filepath.Dir(name)}
		s.finds[kind] = find
	}
	find.Files++
	find.Bytes += info.Size()
	find.deepest = common(find.deepest, filepath.Dir(name))
	find.sample(name)
}

// all returns what was found. A find that holds the current folder, where outputs go by default, is narrowed to the deepest
// folder that holds its files: outputs must not lie inside what a source reads.
func (s *search) all() []Find {
	var all []Find
	for _, kind := range []string{journal, claude, discord} {
		find := s.finds[kind]
		if find == nil {
			continue
		}
		if contains(find.Path, ".") {
			find.Path = find.deepest
		}
		all = append(all, *find)
	}
	return all
}

// common returns the deepest folder that holds both folders.
func common(a, b string) string {
	for a != b && filepath.Dir(a) != a && !contains(a, b) {
		a = filepath.Dir(a)
	}
	return a
}

// contains reports whether a path is the folder or lies in it.
func contains(folder, path string) bool {
	folder, errFolder := filepath.Abs(folder)
	path, errPath := filepath.Abs(path)
	relative, err := filepath.Rel(folder, path)
	return errFolder == nil && errPath == nil && err == nil && filepath.IsLocal(relative)
}
