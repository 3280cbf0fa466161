package formats

import (
	"maps"
	"slices"
	"strconv"

	"github.com/ftprep/ftprep/sdk"
)

// A joint finds the call that a result answers. In a row, ids of calls may be missing, or used again in a later message; in
// an example they may not.
type joint struct {
	done    map[string]bool      // whether the call of this id in the example has its result
	calls   map[claim][]madeCall // those that a claim may mean, in order; if all have their results, one may be left
	waiting int                  // how many calls have no result yet
	guessed int                  // the last message with a call that a result may answer, though an earlier one was taken
}

// A claim is what a result says of its call: the id that it has in the row, its name, or nothing.
type claim struct{ id, name string }

type madeCall struct {
	id      string
	message int
}

func newJoint() joint { return joint{done: map[string]bool{}, calls: map[claim][]madeCall{}} }

func (j joint) clone() joint {
	j.done, j.calls = maps.Clone(j.done), maps.Clone(j.calls)
	for key, calls := range j.calls {
		j.calls[key] = slices.Clone(calls)
	}
	return j
}

func (j joint) has(id string) bool {
	_, has := j.done[id]
	return has
}

// wait lets a call, which is in the message of that index, wait for a result. It gives it an id if it has none of its own.
func (j *joint) wait(call *sdk.Call, message int) {
	claims := []claim{{}, {name: call.FullName()}}
	if call.Tool != call.FullName() {
		claims = append(claims, claim{name: call.Tool})
	}
	if call.ID != "" {
		claims = append(claims, claim{id: call.ID})
	}
	for n := len(j.done) + 1; call.ID == "" || j.has(call.ID); n++ {
		call.ID = "call_" + strconv.Itoa(n)
	}
	j.done[call.ID] = false
	j.waiting++
	for _, key := range claims {
		j.calls[key] = append(j.calls[key], madeCall{call.ID, message})
	}
}

// answered returns the id of the call that a result answers: the first that waits. Only a result with an id may be the second
// one of a call.
func (j *joint) answered(inRow, name string) (id string, ok bool) {
	key := claim{name: name}
	if inRow != "" {
		key = claim{id: inRow}
	}
	calls := j.calls[key]
	for len(calls) > 1 && j.done[calls[0].id] {
		calls = calls[1:]
	}
	for len(calls) > 1 && j.done[calls[len(calls)-1].id] {
		calls = calls[:len(calls)-1]
	}
	j.calls[key] = calls
	if len(calls) == 0 || inRow == "" && j.done[calls[0].id] {
		return "", false
	}
	if last := calls[len(calls)-1].message; last > calls[0].message {
		j.guessed = max(j.guessed, last)
	}
	return calls[0].id, true
}
