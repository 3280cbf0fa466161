package shape

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ftprep/ftprep/sdk"
)

// leastQuoted is how long a line is that is no word which many results hold.
const leastQuoted = 16

// quotedResults finds the results of which a later call quotes a line in its arguments.
func quotedResults(messages []sdk.Message) map[int]bool {
	quoted := map[int]bool{}
	var lines []string // that later calls quote
	for i := len(messages) - 1; i >= 0; i-- {
		m := messages[i]
		if m.Role == sdk.Tool {
			quoted[i] = containsAny(m.Text, lines)
		}
		for _, call := range m.Calls {
			lines = appendQuoted(lines, call)
		}
	}
	return quoted
}

func containsAny(text string, lines []string) bool {
	for _, line := range lines {
		if strings.Contains(text, line) {
			return true
		}
	}
	return false
}

// appendQuoted appends the longest line of each text of a call's arguments, where that is long. One line is enough, and
// what prints a file puts numbers before each.
func appendQuoted(lines []string, call sdk.Call) []string {
	decoder := jsontext.NewDecoder(strings.NewReader(string(call.Arguments)), jsontext.AllowDuplicateNames(true))
	for {
		token, err := decoder.ReadToken()
		if err != nil {
			return lines
		}
		if token.Kind() != '"' {
			continue
		}
		longest := ""
		for line := range strings.SplitSeq(token.String(), "\n") {
			if line = strings.TrimSpace(line); len(line) > len(longest) {
				longest = line
			}
		}
		if len(longest) >= leastQuoted {
			lines = append(lines, longest)
		}
	}
}
