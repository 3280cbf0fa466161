package sdk

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// ListFiles lists the files below paths whose base name match accepts, sorted by name. A path that is itself a file is
// always listed. Names begin with the base name of their path where there are several; paths that share it are told apart
// by as many of their last folders as that takes, and a path that is given twice counts once. Links to files are followed,
// links to folders are not. What cannot be listed - a folder without permission, a link to nothing - is listed as a file,
// so that reading it reports why.
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

// ListUnits makes a unit of each file that [ListFiles] lists, with the file's name as its id: for sources that read files
// one by one.
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
