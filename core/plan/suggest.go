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
	best, least := "", 1+max(2, len(written)/4)
	for _, candidate := range slices.Sorted(slices.Values(candidates)) {
		distance := levenshtein.Distance(strings.ToLower(written), strings.ToLower(candidate), nil)
		if distance < least && distance < len(candidate) {
			best, least = candidate, distance
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(" Did you mean %q?", best)
}
