package sdk

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/tidwall/match"
)

// A Selection chooses examples by time and calls by tool: the since, until, tools and keep options of source blocks, and
// the tools and keep options of the tools filter.
//
// By tool it chooses turns with a matching call and keeps, of their calls, only those that match, with their results; it
// leaves out no example that is not a conversation. A nil Selection chooses everything.
type Selection struct {
	Tools    []string  // globs that match mcp__SERVER__TOOL or the bare tool; none: every call
	KeepTurn bool      // keep = "turn": a turn with a matching call stays whole
	Since    time.Time // only examples of this time or later; zero: no bound
	Before   time.Time // only examples earlier than this; zero: no bound
}

// inNoName are characters that no tool has in its name, but regular expressions and the globs of shells do.
const inNoName = `[]{}()|^$+,\`

// NewSelection makes a selection of the options' values. Without tools, which is nil, it selects everything. The errors are
// joined [OptionError]s.
func NewSelection(tools []string, keep string) (*Selection, error) {
	var problems []error
	if tools != nil && len(tools) == 0 {
		problems = append(problems, &OptionError{Option: "tools", Reason: "the list is empty, so no call would be chosen; leave it out, or make it null, to choose all"})
	}
	for _, glob := range tools {
		if glob == "" || strings.ContainsAny(glob, inNoName) {
			problems = append(problems, &OptionError{Option: "tools", Reason: fmt.Sprintf("%q matches no tool: a glob is a name in which * stands for any text and ? for one character; write several as a list", glob)})
		}
	}
	switch keep {
	case "", "calls", "turn":
	default:
		problems = append(problems, &OptionError{Option: "keep", Reason: fmt.Sprintf(`%q is neither "calls" nor "turn"`, keep)})
	}
	if len(problems) > 0 || len(tools) == 0 {
		return nil, errors.Join(problems...)
	}
	return &Selection{Tools: tools, KeepTurn: keep == "turn"}, nil
}

// Between is the selection with other bounds on the time of examples: since is the first instant that is chosen, before the
// first that no longer is. A zero time is no bound.
func (s *Selection) Between(since, before time.Time) *Selection {
	if s == nil && since.IsZero() && before.IsZero() {
		return nil
	}
	bounded := *cmp.Or(s, &Selection{})
	bounded.Since, bounded.Before = since, before
	return &bounded
}

// The kinds under which the records of examples that a selection leaves out are ignored.
const (
	notSelected   = "turn without a selected tool"
	outsidePeriod = "outside since and until"
	timeless      = "without a time to compare with since and until"
)

// outside is the kind under which an example of some time (see [Provenance].Time) is ignored because of its time, empty for one
// that is chosen. A zero time stands for one that is not known: where there is a bound, nobody can tell that it is met.
func (s *Selection) outside(began time.Time) string {
	switch {
	case s == nil || s.Since.IsZero() && s.Before.IsZero():
		return ""
	case began.IsZero():
		return timeless
	case began.Before(s.Since) || !s.Before.IsZero() && !began.Before(s.Before):
		return outsidePeriod
	}
	return ""
}

// LeavesOut returns the kind under which the emitter would ignore an example, empty where the selection chooses it. The
// emitter judges every example anyway: a source asks before work that would be in vain. began is when the example's turn
// began; calls reports whether match accepts the full name of a tool of which the example has an answered call, and is
// called at most once.
func (s *Selection) LeavesOut(began time.Time, calls func(match func(tool string) bool) bool) string {
	if kind := s.outside(began); kind != "" {
		return kind
	}
	if s != nil && len(s.Tools) > 0 && !calls(s.Match) {
		return notSelected
	}
	return ""
}

// Match reports whether a tool is selected, by its full name.
func (s *Selection) Match(fullName string) bool {
	if s == nil || len(s.Tools) == 0 {
		return true
	}
	_, bare := SplitName(fullName)
	return slices.ContainsFunc(s.Tools, func(glob string) bool { return match.Match(fullName, glob) || match.Match(bare, glob) })
}

// Apply narrows an example to the selected calls and reports whether any is left. Messages left empty vanish,
// neighbours of one role merge, a call verifies nothing that left, and the provenance counts what did. The example gets
// new slices, so that a copy of it stays as it was. Apply does not look at the time.
func (s *Selection) Apply(e *Example) bool {
	if s == nil || len(s.Tools) == 0 || e.Detailed() {
		return true
	}
	selected := map[string]bool{}
	chosen := false // what is only shown, such as an earlier turn, chooses nothing
	for _, call := range e.Calls() {
		if s.Match(call.FullName()) {
			selected[call.ID] = true
			chosen = chosen || !call.Masked
		}
	}
	if !chosen {
		return false
	}
	if s.KeepTurn {
		return true
	}
	e.Messages = mergeNeighbours(s.narrow(e, selected))
	e.unverify()
	if e.Type == TypeDirectExecution || e.Type == TypeMultiStep {
		e.Type = e.deriveType()
	}
	if e.TaskType == taskMultiStep {
		e.TaskType = e.DerivedTaskType()
	}
	return true
}

// narrow leaves out the calls that are not selected, their results, and messages of which nothing is left.
func (s *Selection) narrow(e *Example, selected map[string]bool) []Message {
	removed := map[string]int{}
	maps.Copy(removed, e.Provenance.Removed)
	var messages []Message
	for _, message := range e.Messages {
		if message.Role == RoleTool && !selected[message.CallID] {
			removed["results"]++
			continue
		}
		var calls []Call
		what := "calls"
		if message.Masked {
			what = "calls only shown"
		}
		for _, call := range message.Calls {
			if selected[call.ID] {
				calls = append(calls, call)
			} else {
				removed[what]++
			}
		}
		if message.Rejected != nil && len(calls) < len(message.Calls) { // what is left is not what took its place
			message.Rejected = nil
			removed["answers rejected"]++
		}
		message.Calls = calls
		if message.Role == RoleAssistant && len(calls) == 0 && strings.TrimSpace(message.Text) == "" {
			removed["messages"]++
			continue
		}
		messages = append(messages, message)
	}
	if len(removed) > 0 {
		e.Provenance.Removed = removed
	}
	return messages
}

// mergeNeighbours joins messages of one role that follow each other. Results stay apart, and so does what comes after a
// call: it answers to that call. What was corrected stays apart, too, beside what it was before.
func mergeNeighbours(messages []Message) []Message {
	var merged []Message
	for _, message := range messages {
		if n := len(merged); n > 0 && message.Role != RoleTool {
			last := &merged[n-1]
			corrected := last.Rejected != nil || message.Rejected != nil
			if last.Role == message.Role && last.Masked == message.Masked && len(last.Calls) == 0 && !corrected {
				last.Text = joinText(last.Text, message.Text)
				last.Thinking = joinText(last.Thinking, message.Thinking)
				last.Calls = message.Calls
				continue
			}
		}
		merged = append(merged, message)
	}
	return merged
}

func joinText(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "\n\n" + b
}
