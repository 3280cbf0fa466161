package plan

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// locator turns paths as a pipeline writes them into absolute ones.
type locator struct {
	dir   string // where relative paths start
	home  string
	files []string // what is read besides the sources
}

func newLocator(dir string, environ []string) *locator {
	home, ok := LookupEnv(environ, "HOME")
	if !ok {
		home, _ = LookupEnv(environ, "USERPROFILE")
	}
	return &locator{dir: dir, home: home}
}

// absolute resolves a path, which need not exist.
func (l *locator) absolute(path string) (string, error) {
	rest, home := strings.CutPrefix(filepath.ToSlash(path), "~")
	switch {
	case strings.TrimSpace(path) == "":
		return "", errors.New("the path is empty")
	case home && (rest == "" || rest[0] == '/'):
		if l.home == "" {
			return "", fmt.Errorf("%q cannot be resolved: HOME is not set", path)
		}
		return filepath.Join(l.home, rest), nil
	case filepath.IsAbs(path):
		return filepath.Clean(path), nil
	case path == filepath.VolumeName(path): // on Windows, the folder of a pattern such as "C:/*.md"
		return path + string(filepath.Separator), nil
	case os.IsPathSeparator(path[0]): // on Windows, a path without a drive
		return filepath.Clean(filepath.VolumeName(l.dir) + path), nil
	default:
		return filepath.Join(l.dir, path), nil
	}
}

// existing resolves the path of a file or folder, which must exist.
func (l *locator) existing(path string) (string, error) {
	place, err := l.absolute(path)
	if err != nil {
		return "", err
	}
	_, err = os.Stat(place)
	switch {
	case err != nil && isText(path):
		return "", errors.New("this is text, not a path: file() returns the content of a file, so write the file's name without it")
	case errors.Is(err, fs.ErrNotExist) && filepath.IsAbs(path):
		return "", fmt.Errorf("%q does not exist", path)
	case errors.Is(err, fs.ErrNotExist) && place == filepath.Join(l.dir, path):
		return "", fmt.Errorf("%q does not exist in %s", path, l.dir)
	case errors.Is(err, fs.ErrNotExist): // "~" is another folder for each user
		return "", fmt.Errorf("%q is %s, which does not exist", path, place)
	case err != nil:
		return "", err
	}
	return place, nil
}

// file resolves the path of a file that is read while a pipeline is planned, or that a step reads besides its sources, and
// adds it to files.
func (l *locator) file(path string) (string, error) {
	place, err := l.existing(path)
	if err == nil {
		l.files = appendNew(l.files, place)
	}
	return place, err
}

// expand resolves a path, or returns all paths that match if it is a pattern; at least one must exist. The name of a file
// that exists is never taken for a pattern.
func (l *locator) expand(path string) ([]string, error) {
	place, err := l.existing(path)
	if err == nil {
		return []string{place}, nil
	}
	if !isPattern(path) || isText(path) {
		return nil, err
	}
	places, err := l.glob(path)
	if err == nil && len(places) == 0 {
		return nil, fmt.Errorf("nothing matches %q", path)
	}
	return places, err
}

// glob returns the paths that match a pattern, sorted.
func (l *locator) glob(pattern string) ([]string, error) {
	base, rest := doublestar.SplitPattern(filepath.ToSlash(pattern))
	folder, err := l.absolute(base)
	if err != nil {
		return nil, err
	}
	places, err := doublestar.Glob(os.DirFS(folder), rest)
	if err != nil {
		return nil, fmt.Errorf("%q is not a valid pattern: %w", pattern, err)
	}
	for i, place := range places {
		places[i] = filepath.Join(folder, place)
	}
	slices.Sort(places)
	return places, nil
}

// matches reports whether a pattern matches a path or a folder above it.
func (l *locator) matches(pattern, path string) bool {
	base, rest := doublestar.SplitPattern(filepath.ToSlash(pattern))
	folder, err := l.absolute(base)
	if err != nil || !isPattern(pattern) {
		return false
	}
	relative, err := filepath.Rel(folder, path)
	if err != nil || !filepath.IsLocal(relative) {
		return false
	}
	for ; relative != "."; relative = filepath.Dir(relative) {
		if doublestar.MatchUnvalidated(rest, filepath.ToSlash(relative)) {
			return true
		}
	}
	return false
}

func isPattern(path string) bool { return strings.ContainsAny(path, "*?[{") }

// isText reports whether a path that does not exist is a text instead: it has several lines, or more bytes than a person
// would write.
func isText(path string) bool { return len(path) > 1024 || strings.Contains(path, "\n") }
