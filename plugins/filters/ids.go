package filters

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

// leastID is how many characters of an id are enough to name an example: as many as are shown of it.
const leastID = 8

// ids are the ids of examples that somebody chose, whole or only their beginnings, keyed by their first leastID characters.
type ids map[string][]string

// newIDs reads lines as people keep them: an id, perhaps with a comma, a colon or a semicolon, and after a blank why it was
// chosen. It skips empty lines and those that begin with #.
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
			return nil, &sdk.OptionError{Option: "ids", Reason: fmt.Sprintf("%q is not the id of an example; write an id, or at least its first %d characters", id, leastID)}
		}
		chosen[id[:leastID]] = append(chosen[id[:leastID]], id)
	}
	return chosen, nil
}

// has reports whether an id was chosen.
func (chosen ids) has(id string) bool {
	return len(id) >= leastID && slices.ContainsFunc(chosen[id[:leastID]], func(beginning string) bool { return strings.HasPrefix(id, beginning) })
}
