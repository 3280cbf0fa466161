package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/agext/levenshtein"
)

// suggest is a sentence, with a space before it, that names the candidate nearest to what was written; empty when none
// is near.
func suggest(written string, candidates []string) string {
	if near := Nearest(written, candidates, 4); near != "" {
		return fmt.Sprintf(" Did you mean %q?", near)
	}
	return ""
}

// Nearest is the candidate that somebody may have meant who wrote something else; empty when none is near. Of each part
// letters one may be wrong, and two of any word, however short; case does not count. Of equally near ones the first in the
// alphabet is taken.
func Nearest(written string, candidates []string, part int) string {
	best, least := "", 1+max(2, len(written)/part)
	for _, candidate := range slices.Sorted(slices.Values(candidates)) {
		distance := levenshtein.Distance(strings.ToLower(written), strings.ToLower(candidate), nil)
		if distance < least && distance < len(candidate) {
			best, least = candidate, distance
		}
	}
	return best
}
