package formats

import (
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ftprep/ftprep/sdk"
)

func (t *trl) Decode(row []byte) (*sdk.Example, []string) {
	r := &rowReader{}
	top := r.row(row, "tools")
	if top == nil {
		return nil, r.problems
	}
	e := &sdk.Example{}
	if t.shape == shapeMessages {
		t.chat.decode(r, top["messages"], "messages", e)
	} else {
		t.chat.decode(r, top["prompt"], "prompt", e)
		n := len(e.Messages)
		r.check(n > 0 && (e.Messages[n-1].Role == sdk.RoleUser || e.Messages[n-1].Role == sdk.RoleTool), "the prompt ends neither with a question nor with a result")
	}
	switch t.shape {
	case shapePreference:
		worse := t.chat.decodeOne(r, top["rejected"], "rejected")
		e.Messages, e.Rejected = append(e.Messages, t.chat.decodeOne(r, top["chosen"], "chosen")), &worse
		r.check(!sameAnswer(&e.Messages[len(e.Messages)-1], &worse), "chosen and rejected are the same")
	case shapeCompletion, shapeKTO:
		e.Messages = append(e.Messages, t.chat.decodeOne(r, top["completion"], "completion"))
	}
	if t.shape == shapeKTO {
		e.Good = new(r.flag(top["label"], "label"))
	}
	r.check(!padded(r, top["messages"]) && !padded(r, top["prompt"]), "messages that all have the same keys: the loader then decodes texts in arguments that look like JSON")
	e.Toolset = r.toolsText(top["tools"])
	r.check(keepsArguments(e), "a number in a call's arguments that the loader of the file changes")
	return e, r.problems
}

// padded reports whether all messages have the same keys although some hold calls, because each was given the keys of all.
func padded(r *rowReader, list jsontext.Value) bool {
	if list.Kind() != '[' {
		return false
	}
	var first []string
	calls := false
	for i, value := range r.list(list, "messages") {
		o := r.object(value, "a message")
		if i == 0 {
			first = sortedKeys(o)
		}
		if !slices.Equal(first, sortedKeys(o)) {
			return false
		}
		calls = calls || o["tool_calls"].Kind() == '['
	}
	return calls
}
