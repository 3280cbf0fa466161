package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/agext/levenshtein"
)

// suggest returns a sentence, with a space before it, that names the candidate nearest to what was written. It is empty if
// none is near.
func suggest(written string, candidates []string) string {
	if near := Nearest(written, candidates, 4); near != "" {
		return fmt.Sprintf(" Did you mean %q?", near)
	}
	return ""
}

// Nearest returns the candidate that was probably meant by what was written, or the empty string if none is near. Two letters
// may be wrong or, in a longer text, one of every part letters, but always fewer than the candidate has. Case does not count.
// Of equally near candidates it returns the first in the alphabet.
func Nearest(written string, candidates []string, part int) string {
	nearest, allowed := "", max(2, len(written)/part)
	for _, candidate := range slices.Sorted(slices.Values(candidates)) {
		wrong := levenshtein.Distance(strings.ToLower(written), strings.ToLower(candidate), nil)
		if wrong <= allowed && wrong < len(candidate) {
			nearest, allowed = candidate, wrong-1 // only a nearer one can take its place
		}
	}
	return nearest
}
