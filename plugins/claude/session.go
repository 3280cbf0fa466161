package claude

import (
	"cmp"
	"slices"
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

// join makes one turn of those that share a context: all from one compaction to the next. Turns that the human went back
// on stay apart. What the model did in a turn that was interrupted is shown, but not learned from.
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

// bytesPerToken is what a token of such text has on average, near enough to bound a context.
const bytesPerToken = 4

// history puts what the model remembered of earlier turns before an example, masked: as many whole turns as fit a number
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

// fromRequest leaves out what stands before the first request of the earlier messages: a conversation begins with one.
func fromRequest(messages []sdk.Message, earlier int) []sdk.Message {
	first := slices.IndexFunc(messages[:earlier], func(m sdk.Message) bool { return m.Role == sdk.RoleUser })
	if first < 0 {
		first = earlier
	}
	return messages[first:]
}

// size is how many bytes messages say.
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
