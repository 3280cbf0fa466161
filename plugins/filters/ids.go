package filters

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

// leastID is how much of an id names an example: as much as is shown of it.
const leastID = 8

// ids are those of examples that somebody chose, whole or their beginnings, by their first characters.
type ids map[string][]string

// newIDs reads lines as people keep them: an id, and behind a blank, a colon or the like why it was chosen. Those without an
// id say nothing.
func newIDs(lines []string) (ids, error) {
	if lines == nil {
		return nil, nil
	}
	chosen := ids{}
	for _, line := range lines {
		words := strings.Fields(line)
		if len(words) == 0 || strings.HasPrefix(words[0], "#") {
			continue
		}
		id := strings.TrimRight(words[0], ",:;")
		if len(id) < leastID || strings.ContainsAny(id, `"{`) {
			return nil, &sdk.OptionError{Option: "ids", Reason: fmt.Sprintf("%q names no example: the first %d characters of an id, or more, do", id, leastID)}
		}
		chosen[id[:leastID]] = append(chosen[id[:leastID]], id)
	}
	return chosen, nil
}

// has reports whether an id was chosen.
func (chosen ids) has(id string) bool {
	return len(id) >= leastID && slices.ContainsFunc(chosen[id[:leastID]], func(beginning string) bool { return strings.HasPrefix(id, beginning) })
}
