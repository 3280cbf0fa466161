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

// A Selection chooses examples by time and calls by tool. It holds the since, until, tools and keep options of source
// blocks, or the tools and keep options of the filter "tools".
//
// With Tools it chooses the turns that have a matching call, and of their calls keeps only those that match, with their
// results. An example that is not a conversation is never left out because of Tools. A nil Selection chooses everything.
type Selection struct {
	Tools    []string  // globs that match mcp__SERVER__TOOL or the bare tool; none: every call is chosen
	KeepTurn bool      // keep = "turn": a turn with a matching call stays whole
	Since    time.Time // only examples of this time or later; zero: no bound
	Before   time.Time // only examples earlier than this; zero: no bound
}

// inNoName holds characters that the names of tools never have, but regular expressions and shell globs do.
const inNoName = `[]{}()|^$+,\`

// NewSelection returns the selection for the values of the options tools and keep. It is nil, which selects everything,
// if tools is nil. The error joins [OptionError]s.
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

// Between returns a copy of the selection with other bounds on the time of examples: since is the first instant that is
// chosen, before the first after it that is not. A zero time is no bound.
func (s *Selection) Between(since, before time.Time) *Selection {
	if s == nil && since.IsZero() && before.IsZero() {
		return nil
	}
	bounded := *cmp.Or(s, &Selection{})
	bounded.Since, bounded.Before = since, before
	return &bounded
}

// The kinds under which records are ignored whose examples a selection leaves out.
const (
	notSelected   = "turn without a selected tool"
	outsidePeriod = "outside since and until"
	timeless      = "without a time to compare with since and until"
)

// outside returns the kind under which an example is ignored because of its time (see [Provenance]), or "" if the time is
// chosen. A zero time is one that is not known; such an example is left out if there is a bound, for nobody can tell
// whether it is met.
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

// LeavesOut returns the kind under which the emitter would ignore an example, or "" if the selection chooses it. The
// emitter judges every example anyway; a source calls LeavesOut first to save work that would be in vain.
//
// began is when the example's turn began. calls must report whether match accepts the full name of any tool of which the
// example has an answered call; it is called at most once.
func (s *Selection) LeavesOut(began time.Time, calls func(match func(tool string) bool) bool) string {
	if kind := s.outside(began); kind != "" {
		return kind
	}
	if s != nil && len(s.Tools) > 0 && !calls(s.Match) {
		return notSelected
	}
	return ""
}

// Match reports whether the selection chooses the calls of a tool, given its full name.
func (s *Selection) Match(fullName string) bool {
	if s == nil || len(s.Tools) == 0 {
		return true
	}
	_, bare := SplitName(fullName)
	return slices.ContainsFunc(s.Tools, func(glob string) bool { return match.Match(fullName, glob) || match.Match(bare, glob) })
}

// Apply removes the calls that are not selected from an example and reports whether any is left. Messages that this
// leaves empty are removed, neighbours of the same role are merged, a verification becomes an observation if the call
// that it verified is gone, and the provenance counts what was removed. With KeepTurn an example with a selected call
// stays whole. The example gets new slices, so a copy of it stays as it was. Apply does not look at the time.
func (s *Selection) Apply(e *Example) bool {
	if s == nil || len(s.Tools) == 0 || e.Detailed() {
		return true
	}
	selected := map[string]bool{}
	chosen := false // masked calls, such as those of an earlier turn, do not count
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

// narrow returns the messages without the calls that are not selected, without their results, and without messages that
// this leaves empty.
func (s *Selection) narrow(e *Example, selected map[string]bool) []Message {
	removed := map[string]int{}
	maps.Copy(removed, e.Provenance.Removed)
	var messages []Message
	for _, message := range e.Messages {
		if message.Role == RoleTool && !selected[message.CallID] {
			removed["results"]++
			continue
		}
		message.selectCalls(selected, removed)
		if message.Role == RoleAssistant && len(message.Calls) == 0 && strings.TrimSpace(message.Text) == "" {
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

// selectCalls gives the message a new list of calls, those that are selected, and counts what it removes.
func (m *Message) selectCalls(selected map[string]bool, removed map[string]int) {
	kind := "calls"
	if m.Masked {
		kind = "calls only shown"
	}
	var calls []Call
	for _, call := range m.Calls {
		if selected[call.ID] {
			calls = append(calls, call)
		} else {
			removed[kind]++
		}
	}
	if m.Rejected != nil && len(calls) < len(m.Calls) { // what is left is not the correction of the rejected answer
		m.Rejected = nil
		removed["answers rejected"]++
	}
	m.Calls = calls
}

// mergeNeighbours joins neighbouring messages of the same role. Results are not joined, nor is a message to one before it
// that has calls, for it was said after them. A corrected message stays on its own, with the answer that it corrects.
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
