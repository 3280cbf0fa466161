package formats

import (
	"maps"
	"slices"
	"strconv"

	"github.com/ftprep/ftprep/sdk"
)

// A callMatcher finds the call that a result answers. In a row, calls may lack ids, or later messages may use the same ids
// again; in an example every call has an id of its own.
type callMatcher struct {
	done      map[string]bool      // whether a call has its result, by the call's id in the example
	calls     map[claim][]madeCall // those that a claim may mean, in order; match removes calls that have their results
	waiting   int                  // how many calls have no result yet
	ambiguous int                  // the last message with a call that some result may answer, though it went to an earlier message's; or -1
}

// A claim is what a result says of its call: the id that it has in the row, its name, or nothing.
type claim struct{ id, name string }

type madeCall struct {
	id      string
	message int
}

func newCallMatcher() callMatcher {
	return callMatcher{done: map[string]bool{}, calls: map[claim][]madeCall{}, ambiguous: -1}
}

func (c callMatcher) clone() callMatcher {
	c.done, c.calls = maps.Clone(c.done), maps.Clone(c.calls)
	for key, calls := range c.calls {
		c.calls[key] = slices.Clone(calls)
	}
	return c
}

func (c callMatcher) has(id string) bool {
	_, has := c.done[id]
	return has
}

// expectResult adds a call of the message with that index, which waits for a result. It gives the call a new id if it has
// none, or one that an earlier call has.
func (c *callMatcher) expectResult(call *sdk.Call, message int) {
	claims := []claim{{}, {name: call.FullName()}}
	if call.Tool != call.FullName() {
		claims = append(claims, claim{name: call.Tool})
	}
	if call.ID != "" {
		claims = append(claims, claim{id: call.ID})
	}
	for n := len(c.done) + 1; call.ID == "" || c.has(call.ID); n++ {
		call.ID = "call_" + strconv.Itoa(n)
	}
	c.done[call.ID] = false
	c.waiting++
	for _, key := range claims {
		c.calls[key] = append(c.calls[key], madeCall{call.ID, message})
	}
}

// match returns the id of the call that a result answers: the first that waits. Only for a result with an id may this be a
// call that has its result already.
func (c *callMatcher) match(inRow, name string) (id string, ok bool) {
	key := claim{name: name}
	if inRow != "" {
		key = claim{id: inRow}
	}
	calls := c.trim(c.calls[key])
	c.calls[key] = calls
	if len(calls) == 0 {
		return "", false
	}
	first, last := calls[0], calls[len(calls)-1]
	if c.done[first.id] && inRow == "" {
		return "", false
	}
	if last.message > first.message {
		c.ambiguous = max(c.ambiguous, last.message)
	}
	return first.id, true
}

// trim cuts off calls that have their results at both ends, but leaves one call.
func (c *callMatcher) trim(calls []madeCall) []madeCall {
	for len(calls) > 1 && c.done[calls[0].id] {
		calls = calls[1:]
	}
	for len(calls) > 1 && c.done[calls[len(calls)-1].id] {
		calls = calls[:len(calls)-1]
	}
	return calls
}
