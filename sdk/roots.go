package sdk

import (
	"path/filepath"
	"strings"
)

// A root is a path whose files are listed. The last elements of its absolute path tell it from other roots.
type root struct {
	path     string
	elements []string
	last     int // how many elements are its label
}

func (r *root) label() string { return strings.Join(r.elements[len(r.elements)-r.last:], "/") }

// rootsOf returns a root for each path, with the shortest label that tells its files from those of the others: its base
// name, unless another path has the same. A path that is given twice has one root.
func rootsOf(paths []string) ([]*root, error) {
	var roots []*root
	known := map[string]bool{}
	for _, path := range paths {
		full, err := filepath.Abs(path)
		if err != nil {
			return nil, err
		}
		if known[full] {
			continue
		}
		known[full] = true
		elements := strings.Split(strings.TrimLeft(filepath.ToSlash(full), "/"), "/")
		roots = append(roots, &root{path: path, elements: elements, last: 1})
	}
	for grown := true; grown; {
		grown = false
		taken := map[string]int{}
		for _, r := range roots {
			taken[r.label()]++
		}
		for _, r := range roots {
			if r.last < len(r.elements) && r.seemsBelow(taken) {
				r.last++
				grown = true
			}
		}
	}
	return roots, nil
}

// seemsBelow reports whether another root has the same label, or one that looks like a folder above this one.
func (r *root) seemsBelow(taken map[string]int) bool {
	label := r.label()
	for i, c := range label {
		if c == '/' && taken[label[:i]] > 0 {
			return true
		}
	}
	return taken[label] > 1
}
