package shape

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ftprep/ftprep/sdk"
)

// quotedResults finds the results from which a later call quotes a line in its arguments.
func quotedResults(messages []sdk.Message) map[int]bool {
	quoted := map[int]bool{}
	later := quotations{}
	for i := len(messages) - 1; i >= 0; i-- {
		m := messages[i]
		if m.Role == sdk.RoleTool {
			quoted[i] = later.in(m.Text)
		}
		for _, call := range m.Calls {
			later.add(call)
		}
	}
	return quoted
}

// quotations are lines, grouped by their first bytes so that one pass over a text looks for all of them.
type quotations map[string][]string

// beginning is the number of first bytes by which lines are grouped. A shorter line is not looked for, since it may be a
// word that many results hold.
const beginning = 16

// in reports whether a text holds one of the lines.
func (q quotations) in(text string) bool {
	for at := 0; at+beginning <= len(text) && len(q) > 0; at++ {
		for _, line := range q[text[at:at+beginning]] {
			if strings.HasPrefix(text[at:], line) {
				return true
			}
		}
	}
	return false
}

// add adds the longest line of each string in a call's arguments, if it is long enough. Several lines in a row would not be
// found, because tools that print a file put a number before each line.
func (q quotations) add(call sdk.Call) {
	decoder := jsontext.NewDecoder(strings.NewReader(string(call.Arguments)), jsontext.AllowDuplicateNames(true))
	for {
		token, err := decoder.ReadToken()
		if err != nil {
			return
		}
		within, read := decoder.StackIndex(decoder.StackDepth())
		isName := within == '{' && read%2 == 1
		if token.Kind() != '"' || isName {
			continue
		}
		longest := ""
		for line := range strings.SplitSeq(token.String(), "\n") {
			if line = strings.TrimSpace(line); len(line) > len(longest) {
				longest = line
			}
		}
		if len(longest) >= beginning {
			q.line(longest)
		}
	}
}

// mostAlike is how many lines with one beginning are looked for at most.
const mostAlike = 16

// line adds a line, unless there are mostAlike with its beginning.
func (q quotations) line(line string) {
	alike := q[line[:beginning]]
	if len(alike) < mostAlike && !slices.Contains(alike, line) {
		q[line[:beginning]] = append(alike, line)
	}
}
