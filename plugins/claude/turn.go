package claude

import (
	"cmp"
	"iter"
	"slices"
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

// A turn is one human request and everything up to the next.
type turn struct {
	opening  *record
	position int // of the opening record in its conversation
	asking   int // position of the prompt that the model answers
	entries  []entry
	records  []*record
	context  string  // what else the model knew
	over     int     // how many entries it had when its outcome was told
	echo     *record // the request, as a headless session repeated it

	internal    bool   // the program's request, not a human's
	compacted   bool   // the model knew nothing of earlier turns but a summary
	summary     string // that summary, where it is not the context
	asked       bool   // a human said something
	continued   bool   // begins where a compaction cut another turn off
	rewound     bool   // the human went back on it
	apart       bool   // two programs continued the conversation, and one of them wrote this turn
	forgotten   bool   // copied from the conversation that this one was forked from
	interrupted bool   // by the human
	broken      bool   // nothing followed an interruption, an error or an answer that broke off
	replied     bool   // the model said or did something
}

// An entry is a step of the model or what was said to it.
type entry struct {
	step   *step
	text   string
	masked bool // not said by a human, or not to be learned from
}

// claim makes a record part of the turn.
func (t *turn) claim(r *record) {
	if r.turn == nil {
		r.turn = t
		t.records = append(t.records, r)
	}
}

// say adds what was said to the model. It adds a repeated text only once, because writers that ran side by side have written
// one prompt several times.
func (t *turn) say(r *record, masked bool) {
	t.claim(r)
	t.asked = t.asked || !masked
	if n := len(t.entries); n > 0 && t.entries[n-1] == (entry{text: r.text, masked: masked}) {
		if n == 1 && r.repeated {
			t.echo = r
		}
		return
	}
	t.entries = append(t.entries, entry{text: r.text, masked: masked})
}

// step begins a step of the model.
func (t *turn) step() *step {
	s := &step{turn: t}
	t.entries = append(t.entries, entry{step: s})
	t.replied, t.broken = true, false
	return s
}

// addContext adds what a record says to the turn's context.
func (t *turn) addContext(r *record) {
	t.claim(r)
	t.context = strings.TrimPrefix(t.context+"\n\n"+r.text, "\n\n")
}

// takesPrompt reports whether the turn waits for an answer, so that one more prompt belongs to it. An error leaves it
// waiting: the next prompt is often no more than "try again".
func (t *turn) takesPrompt() bool {
	return !t.replied && !t.interrupted && !t.internal
}

// waitsFor reports whether a text is the turn's last request and has no answer yet.
func (t *turn) waitsFor(text string) bool {
	n := len(t.entries)
	return n > 0 && t.entries[n-1] == entry{text: text}
}

// askInstead adds a prompt. It replaces the request of a turn that a compaction cut off, which was only repeated here.
func (t *turn) askInstead(i int, r *record) {
	t.asking = i
	if t.continued {
		t.entries, t.continued = nil, false
	}
	t.say(r, false)
}

// working reports whether the model has not come to an end yet: its last step called a tool, or something was said to it
// since.
func (t *turn) working() bool {
	n := len(t.entries)
	return n > 0 && (t.entries[n-1].step == nil || len(t.entries[n-1].step.calls) > 0)
}

// rests reports whether the model has come to its end with words that nothing cut off.
func (t *turn) rests() bool {
	return t.replied && !t.working() && !t.broken && !t.entries[len(t.entries)-1].step.cut()
}

// end notes the turn's outcome, which the log of a headless session tells. Only that says there why the last answer ended.
func (t *turn) end(r *record) {
	n := len(t.entries)
	if n == 0 || t.entries[n-1].step == nil {
		return
	}
	t.over, t.broken = n, t.broken || r.aborted
	parts := t.entries[n-1].step.parts
	last := parts[len(parts)-1]
	last.cut = last.cut || r.cut
}

// isOver reports whether nothing was said to the model since the turn's outcome was told: what it says next answers a prompt
// that the log lacks.
func (t *turn) isOver() bool { return t.over > 0 && t.over == len(t.entries) }

// launches reports whether the model has just called a skill or a command.
func (t *turn) launches(results map[string]*toolResult) bool {
	n := len(t.entries)
	return n > 0 && !t.broken && t.entries[n-1].step != nil && slices.ContainsFunc(t.entries[n-1].step.calls, func(c *call) bool {
		return (c.name == "Skill" || c.name == "SlashCommand") && results[c.id] != nil
	})
}

// ended reports whether the result of a call in the last step ends the turn, such as one that hands the work back.
func (t *turn) ended() bool {
	for _, e := range slices.Backward(t.entries) {
		if e.step != nil {
			return slices.ContainsFunc(e.step.calls, func(c *call) bool { return c.result != nil && c.result.record.ends })
		}
		if !e.masked {
			return false
		}
	}
	return false
}

// repeat adds the request with which the human began another turn.
func (t *turn) repeat(other *turn) {
	for _, e := range other.entries {
		if e.step != nil || e.masked {
			return
		}
		t.entries, t.asked, t.continued = append(t.entries, e), true, true
	}
}

// match gives the calls their results, wherever these stand.
func (t *turn) match(results map[string]*toolResult) {
	for call := range t.made() {
		if call.result = results[call.id]; call.result != nil {
			t.claim(call.result.record)
		}
	}
}

// identity returns the identity of the record that tells the turn from others. That is the prompt it begins with, because a
// copy of the turn may begin with the summary of a compaction, or else its first record. It is empty if none has an id. An app
// that keeps a log of its own beside the transcript gives the prompt another id there than the program, which repeats it.
func (t *turn) identity() sdk.Identity {
	var first sdk.Identity
	for _, r := range t.records {
		if first.Opening == "" {
			first = r.identity()
		}
		switch {
		case r.kind == answer:
			return first
		case r.uuid != "" && (r.kind == prompt || r.kind == command || r.kind == shellCommand):
			return cmp.Or(t.echo, r).identity()
		}
	}
	return first
}

// made iterates over the calls in order.
func (t *turn) made() iter.Seq[*call] {
	return func(yield func(*call) bool) {
		for _, e := range t.entries {
			if e.step == nil {
				continue
			}
			for _, call := range e.step.calls {
				if !yield(call) {
					return
				}
			}
		}
	}
}

// answered iterates over the calls that have a result.
func (t *turn) answered() iter.Seq[*call] {
	return func(yield func(*call) bool) {
		for call := range t.made() {
			if call.result != nil && !yield(call) {
				return
			}
		}
	}
}

// done returns the ids of the calls whose results are real. If the session was copied, or its program ended, during a call,
// its result only stands in for the missing one, and a copy that has the real result holds more.
func (t *turn) done() []string {
	var ids []string
	for call := range t.answered() {
		if !call.result.record.interrupts {
			ids = append(ids, call.id)
		}
	}
	return ids
}

// calls reports whether the turn makes an answered call of a tool that match accepts.
func (t *turn) calls(match func(tool string) bool) bool {
	for call := range t.answered() {
		if match(call.name) {
			return true
		}
	}
	return false
}
