package claude

import (
	"slices"
	"strings"
)

// dequeue takes texts off the queue. A removed text was shown to the model while it worked, unless it also stands in another
// record. A dequeued text follows as a prompt. Recalled and withdrawn texts were never sent.
func (c *conversation) dequeue(i int, r *record) {
	for _, at := range c.unqueue(r) {
		if queued := c.records[at]; r.kind == removed && c.onlyQueued(at, i) {
			c.deliver(at, queued)
		} else {
			c.ignore(enqueued)
		}
	}
	c.ignore(r.kind)
}

// unqueue removes what leaves the queue from it and returns its positions: all texts if they are recalled, otherwise the text
// that newer versions name. If none is named, it is the first one that a human typed; if one is withdrawn, the first of the
// program's own notices, because only these go to sub-agents.
func (c *conversation) unqueue(r *record) []int {
	waiting := c.waiting
	if r.kind == recalled || len(waiting) == 0 {
		c.waiting = nil
		return waiting
	}
	first := slices.IndexFunc(waiting, func(at int) bool { return r.text != "" && c.records[at].text == r.text })
	if first < 0 {
		typed := r.kind != withdrawn
		first = max(0, slices.IndexFunc(waiting, func(at int) bool { return typed == (textKind(c.records[at].text) == prompt) }))
	}
	taken := waiting[first]
	c.waiting = slices.Delete(waiting, first, first+1)
	return []int{taken}
}

// deliver adds a queued text to what the model was shown.
func (c *conversation) deliver(i int, queued *record) {
	switch kind := textKind(queued.text); {
	case kind == prompt && !strings.HasPrefix(queued.text, "/"):
		c.steer(i, queued)
	case kind == notice:
		c.notice(i, queued)
	default:
		c.ignore(enqueued)
	}
}

// onlyQueued reports whether a queued text stands in no other record, alone or among the lines of a longer text, between the
// record that queued it and the first prompt after its removal. If the model answers before that prompt, it was shown the
// text: a human who prompts the same again says it twice.
func (c *conversation) onlyQueued(from, removal int) bool {
	text := c.records[from].text
	among := "\n" + text + "\n"
	shown := false
	for i, r := range c.records[from+1:] {
		after := from+1+i > removal
		switch r.kind {
		case answer:
			shown = shown || after
		case prompt, steering, notice, result:
			if r.kind == prompt && shown {
				return true
			}
			if r.text == text || r.kind != notice && len(r.text) > len(text) && strings.Contains("\n"+r.text+"\n", among) {
				return false
			}
			if r.kind == prompt && after {
				return true
			}
		}
	}
	return true
}
