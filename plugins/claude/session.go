package claude

import (
	"cmp"
	"slices"
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

// join makes one turn of those that share a context, which are all from one compaction to the next. Turns that the human
// went back on, or that one of two programs wrote, stay separate. What the model did in an interrupted turn is masked.
func join(turns []*turn) []*turn {
	var joined []*turn
	var whole *turn
	for _, t := range turns {
		switch {
		case t.rewound || t.apart:
			joined = append(joined, t)
			continue
		case whole == nil || t.compacted:
			whole = &turn{opening: t.opening, context: strings.Trim(t.summary+"\n\n"+t.context, "\n"), continued: t.continued}
			joined = append(joined, whole)
		case t.context != "":
			whole.entries = append(whole.entries, entry{text: t.context, masked: true})
		}
		whole.append(t)
	}
	return joined
}

func (t *turn) append(other *turn) {
	for _, e := range other.entries {
		e.masked = e.masked || e.step != nil && other.interrupted
		t.entries = append(t.entries, e)
	}
	t.records = append(t.records, other.records...)
	t.asked = t.asked || other.asked
	t.interrupted = t.interrupted || other.interrupted
	t.broken = other.broken
}

// bytesPerToken is how many bytes a token of such text has on average, precise enough to bound a context.
const bytesPerToken = 4

// history puts earlier turns that the model remembered before an example, masked: as many whole turns as fit into a number
// of tokens, back to the last compaction.
func (w *writer) history(e *sdk.Example, turns []*turn, at, tokens int) error {
	room := tokens * bytesPerToken
	own := len(e.Messages)
	defer func() { e.Messages = fromRequest(e.Messages, len(e.Messages)-own) }()
	for ; room > 0 && at > 0 && !turns[at].compacted; at-- {
		t := turns[at-1]
		if t.rewound || t.apart {
			continue
		}
		earlier, err := w.example(t)
		if err != nil {
			return err
		}
		messages := earlier.Messages
		for len(messages) > 0 && messages[len(messages)-1].Role == sdk.RoleUser {
			messages = messages[:len(messages)-1]
		}
		if room -= size(messages); room < 0 {
			return nil
		}
		for i := range messages {
			messages[i].Masked = true
		}
		e.Messages = append(messages, e.Messages...)
		if t.compacted && e.Context == "" {
			e.Context = cmp.Or(t.summary, t.context)
		}
	}
	return nil
}

// fromRequest leaves out the earlier messages before the first request among them, because a conversation begins with a
// request. earlier is their number.
func fromRequest(messages []sdk.Message, earlier int) []sdk.Message {
	first := slices.IndexFunc(messages[:earlier], func(m sdk.Message) bool { return m.Role == sdk.RoleUser })
	if first < 0 {
		first = earlier
	}
	return messages[first:]
}

// size returns how many bytes the texts, thinking and calls of messages have.
func size(messages []sdk.Message) int {
	bytes := 0
	for _, m := range messages {
		bytes += len(m.Text) + len(m.Thinking)
		for _, call := range m.Calls {
			bytes += len(call.Tool) + len(call.Arguments)
		}
	}
	return bytes
}
