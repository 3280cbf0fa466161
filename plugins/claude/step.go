package claude

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"github.com/ftprep/ftprep/plugins/claude/internal/scan"
)

// A step is one answer of the model with its calls.
type step struct {
	turn        *turn
	parts       []*record
	calls       []*call
	answered    int // how many calls, from the first on, were found to have results
	serverCalls int // how many calls were made and answered within the model's service
	badCalls    int // how many calls cannot be used; see record
}

// A call is a tool call of a step.
type call struct {
	id, name string
	raw      string      // its id in the transcript, if an earlier call had the same
	number   int         // which of the calls with that id it is; 0: the first
	original span        // the arguments as the model wrote them; empty if the call itself has them
	result   *toolResult // nil: unanswered
	step     *step
}

// A stepKey tells which parts of answers are one step: those of one message in answer to one request. The message id alone
// does not tell, because the service has given several answers in a row the same one.
type stepKey struct{ message, request string }

func stepOf(r *record) stepKey { return stepKey{cmp.Or(r.messageID, r.uuid), r.request} }

// beginsStep reports whether a part with the message id of a step begins another step. Some services give all messages the same id
// and requests none. Then a part begins another step if its request was longer or shorter, or if the model speaks, once all
// calls of the step are answered: within one message it speaks before it calls. In another turn, every part begins another
// step except a copy of one of the step's calls after a request of the same length.
func (c *conversation) beginsStep(s *step, r *record) bool {
	if r.request != "" {
		return false
	}
	last := s.parts[len(s.parts)-1]
	other := r.prompted > 0 && last.prompted > 0 && r.prompted != last.prompted
	if s.turn != c.current {
		return other || !s.repeats(r)
	}
	return (other || r.speaks) && len(s.calls) > 0 && c.allAnswered(s)
}

// adjoining returns the step that a part without a message id continues: that of another such part directly before it, unless
// the model speaks after its calls. It returns nil if there is none, or if the part has a message id.
func (c *conversation) adjoining(i int, r *record) *step {
	if i == 0 || c.current == nil || r.messageID != "" {
		return nil
	}
	before, entries := c.records[i-1], c.current.entries
	if before.kind != answer || before.messageID != "" || before.turn != c.current || before.request != r.request {
		return nil
	}
	s := entries[len(entries)-1].step
	if s == nil || s.parts[len(s.parts)-1] != before || r.speaks && len(s.calls) > 0 {
		return nil
	}
	return s
}

// allAnswered reports whether every call of a step has a result. Calls that have one are not looked up again, because a step
// may be long.
func (c *conversation) allAnswered(s *step) bool {
	for s.answered < len(s.calls) && c.results[s.calls[s.answered].id] != nil {
		s.answered++
	}
	return s.answered == len(s.calls)
}

// cut reports whether the step was cut off before it called a tool.
func (s *step) cut() bool {
	return len(s.calls) == 0 && slices.ContainsFunc(s.parts, func(r *record) bool { return r.cut })
}

// repeats reports whether the step already makes a call of a record, which is then a copy.
func (s *step) repeats(r *record) bool {
	return slices.ContainsFunc(r.calls, func(made *call) bool {
		return slices.ContainsFunc(s.calls, func(known *call) bool { return known.id == made.id })
	})
}

// extend adds a part to a step.
func (c *conversation) extend(s *step, r *record) {
	s.parts = append(s.parts, r)
	s.badCalls += int(r.badCalls)
	s.turn.broken = s.turn.broken || r.aborted
	for _, call := range r.calls {
		if c.takeCall(s, call, r) {
			call.step = s
			s.calls = append(s.calls, call)
		}
	}
	for _, id := range r.serverCalls {
		if c.calls[id] == nil {
			c.calls[id] = &call{id: id}
			s.serverCalls++
		}
	}
}

// takeCall reports whether a call is a new one, and notes it. Some models number their calls and start again after a compaction:
// if another message takeCall a call after the earlier one with its id was answered, it is a new call and gets a new id.
func (c *conversation) takeCall(s *step, made *call, r *record) bool {
	known := c.calls[made.id]
	if known != nil && (r.messageID == "" || c.results[known.id] == nil || slices.Contains(s.calls, known)) {
		return false
	}
	c.calls[made.id] = made
	if known != nil {
		made.raw, made.number = made.id, max(known.number, 1)
		for c.callIDs[made.id] || c.results[made.id] != nil {
			made.number++
			made.id = fmt.Sprintf("%s-%d", made.raw, made.number)
		}
	}
	return true
}

// named returns the id of the call that an id in the transcript stands for at this point.
func (c *conversation) named(id string) string {
	if known := c.calls[id]; known != nil {
		return known.id
	}
	return id
}

// promptTokens returns how many tokens a request had, given the raw usage of its answer.
func promptTokens(usage []byte) int {
	tokens := 0
	for _, raw := range scan.Members(usage, "input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens") {
		n, _ := strconv.Atoi(string(raw))
		tokens += n
	}
	return tokens
}
