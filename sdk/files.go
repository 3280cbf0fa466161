package sdk

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// ListFiles returns the files below paths whose base name match accepts, sorted by name. A path that is itself a file is
// always included, and a path given twice counts once. If there are several paths, the names of files below a folder
// begin with the base name of their path; paths with the same base name get as many of their last folders in front of it
// as it takes to tell them apart. Links to files are followed, links to folders are not. A folder that cannot be read, or
// a link to nothing, is returned as a file, so that reading it reports the reason.
func ListFiles(paths []string, match func(base string) bool) ([]File, error) {
	var files []File
	roots, err := rootsOf(paths)
	if err != nil {
		return nil, fmt.Errorf("list files: %w", err)
	}
	for _, root := range roots {
		info, err := os.Stat(root.path)
		if err != nil {
			return nil, fmt.Errorf("list files: %w", err)
		}
		if !info.IsDir() {
			files = append(files, file(root.path, root.label()))
			continue
		}
		prefix := ""
		if len(roots) > 1 {
			prefix = root.label()
		}
		found, err := listFolder(root.path, prefix, match)
		if err != nil {
			return nil, err
		}
		files = append(files, found...)
	}
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	return files, nil
}

// ListUnits returns a unit for each file that [ListFiles] returns, with the file's name as its id. It is for sources that
// read each file on its own.
func ListUnits(paths []string, match func(base string) bool) ([]Unit, error) {
	files, err := ListFiles(paths, match)
	if err != nil {
		return nil, err
	}
	return mapped(files, func(file File) Unit { return Unit{ID: file.Name, Files: []File{file}} }), nil
}

func listFolder(root, prefix string, match func(base string) bool) ([]File, error) {
	root, err := filepath.EvalSymlinks(root)
	if err != nil {
		return nil, fmt.Errorf("list files: %w", err)
	}
	var files []File
	err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		relative, relativeErr := filepath.Rel(root, path)
		if relativeErr != nil {
			return relativeErr
		}
		label := filepath.ToSlash(filepath.Join(prefix, relative))
		if err != nil { // a folder that cannot be read
			files = append(files, file(path, label))
			return nil
		}
		if entry.IsDir() || !match(entry.Name()) {
			return nil
		}
		if entry.Type()&fs.ModeSymlink != 0 {
			if target, err := os.Stat(path); err == nil && target.IsDir() {
				return nil
			}
		}
		files = append(files, file(path, label))
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list files: %w", err)
	}
	return files, nil
}

func file(path, label string) File {
	f := File{Path: path, Name: readable(label)}
	if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
		f.Size, f.Modified = info.Size(), info.ModTime()
	}
	return f
}
