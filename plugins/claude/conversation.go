package claude

import (
	"cmp"
	"slices"
	"strings"
)

// A conversation is the main one of a session or that of a sub-agent: its records in file order, and the turns that they
// make. File order is the order of what happened; parent links and timestamps are not, because parallel calls branch the
// former and the latter are often inverted.
type conversation struct {
	agent    string // empty for the main conversation
	internal bool   // the program talks to itself
	records  []*record
	read     func(*record) []block // what a record says
	expand   bool                  // commands are replaced by the text that they stand for
	show     bool                  // turns also show what the program told the model

	turns   []*turn
	current *turn
	steps   map[stepKey]*step      // the last step of each key
	calls   map[string]*call       // the last call of each id in the transcript
	results map[string]*toolResult // by call
	shown   map[string]span        // by call: the text that the model saw in place of its result
	waiting []int                  // positions of the texts in the queue
	prompts map[string]bool        // uuids of prompts
	callIDs map[string]bool        // all ids of calls in the transcript
	follows []following            // by position
	fired   string                 // the uuid of the last start of a scheduled task
	cleared bool                   // the next turn is the first after the conversation was cleared
	echoes  map[string]int         // by text: the last position at which a headless session repeats a prompt
	lineage lineage

	retracted map[string]bool // uuids of answers
	ignored   map[string]int
}

// take adds the next record in file order. Of a record that cannot be part of a turn, only the link to its parent is kept.
func (c *conversation) take(r *record) {
	c.internal = c.internal || c.agent != "" && (r.kind == internal || internalAgent.MatchString(r.origin.agent))
	c.retract(r.retracts)
	if r.kind.idle() {
		c.ignore(r.kind)
		c.lineage.pass(r)
		return
	}
	if r.repeated {
		if c.echoes == nil {
			c.echoes = map[string]int{}
		}
		c.echoes[r.text] = len(c.records)
	}
	c.records = append(c.records, r)
}

// build makes turns of the records and accounts for those that belong to none.
func (c *conversation) build() {
	c.steps, c.calls, c.results, c.shown = map[stepKey]*step{}, map[string]*call{}, map[string]*toolResult{}, map[string]span{}
	c.prompts, c.callIDs = map[string]bool{}, map[string]bool{}
	for _, r := range c.records {
		for _, call := range r.calls {
			c.callIDs[call.id] = true
		}
		if r.kind == prompt {
			c.prompts[r.uuid] = true
		}
	}
	c.findSummaries()
	c.follows = follows(c.records)
	for i, r := range c.records {
		c.add(i, r)
		c.lineage.add(i, r)
	}
	c.abandon()
	for range c.waiting {
		c.ignore(enqueued)
	}
	for call, shown := range c.shown {
		if result := c.results[call]; result != nil {
			result.content = shown
		}
	}
	for _, t := range c.turns {
		t.match(c.results)
	}
	for _, r := range c.records {
		if r.kind == result && r.turn == nil {
			c.ignore("result without its call")
		}
	}
}

// findSummaries finds the summaries of compactions by versions such as 0.2, which stand there as answers.
func (c *conversation) findSummaries() {
	for i, r := range c.records {
		if r.kind == answer && i > 0 && c.records[i-1].kind == compacted {
			r.kind, r.text = summary, strings.TrimSpace(clean(textOf(c.read(r))))
		}
	}
}

// mostKinds bounds how many kinds of ignored records are counted separately, because in another program's log every record
// may have a type of its own.
const mostKinds = 100

func (c *conversation) ignore(kind kind) {
	if c.ignored == nil {
		c.ignored = map[string]int{}
	}
	if _, known := c.ignored[string(kind)]; !known && len(c.ignored) >= mostKinds {
		kind = "record of one more kind"
	}
	c.ignored[string(kind)]++
}

func (c *conversation) add(i int, r *record) {
	switch r.kind {
	case prompt:
		if c.follows[i].output && slashLine.MatchString(r.text) { // a sub-agent carried it out
			c.local(r)
			return
		}
		c.prompt(i, r)
	case command:
		c.command(i, r)
	case shellCommand:
		c.shell(i, r)
	case internal:
		c.open(i, r).internal = true
	case summary:
		c.compact(i, r)
	case boundary, compacted:
		c.lineage.cut = i
		c.ignore(r.kind)
	case answer:
		c.answer(i, r)
	case result:
		c.result(r)
	case replacement:
		for _, made := range r.results {
			c.shown[c.named(made.call)] = made.content
		}
		c.ignore(replacement)
	case notice:
		c.notice(i, r)
	case steering:
		c.steer(i, r)
	case interruption, failure:
		c.breakOff(r)
	case injected:
		c.inject(i, r)
	case fired:
		c.fired = r.uuid
		c.ignore(fired)
	case wentBack:
		c.ignore(ignoredTypes["last-prompt"])
	case cleared:
		c.current, c.cleared = nil, true
		c.ignore(cleared)
	case outcome:
		if c.current != nil {
			c.current.end(r)
		}
		c.ignore(outcome)
	case taskEnd:
		if c.woken(i) {
			c.notice(i, r)
		} else {
			c.ignore(ignoredTypes["system"])
		}
	case enqueued:
		c.waiting = append(c.waiting, i)
	case dequeued, removed, withdrawn, recalled:
		c.dequeue(i, r)
	default:
		c.ignore(r.kind)
	}
}

func (c *conversation) open(i int, r *record) *turn {
	apart := c.current != nil && c.current.apart && r.kind != summary
	c.current = &turn{opening: r, position: i, asking: i, apart: apart, compacted: c.cleared}
	c.cleared = false
	c.current.claim(r)
	c.turns = append(c.turns, c.current)
	return c.current
}

// prompt opens a turn, unless the model has not yet answered what was said before: then it saw both texts.
func (c *conversation) prompt(i int, r *record) {
	if r.forks {
		c.forget()
	}
	if r.interrupts && c.current != nil {
		c.current.interrupted, c.current.broken = true, true
	}
	if t := c.current; t != nil && t.replied && t.working() && !t.broken && !t.isOver() {
		switch {
		case r.repeated:
			c.steer(i, r)
			return
		case c.echoes[r.text] > i: // there it reaches the model
			c.ignore("prompt that is repeated later")
			return
		}
	}
	if t := c.current; t != nil && t.takesPrompt() && t.waitsFor(r.text) {
		t.askInstead(i, r) // the program sends it again, after an error perhaps at another point of the conversation
		return
	}
	var instead *turn
	if from, ok := c.lineage.rewound(r); ok {
		if !c.apart(from) {
			instead = c.rewind(from)
		}
	} else if t := c.current; t != nil && t.takesPrompt() {
		t.askInstead(i, r)
		return
	}
	t := c.open(i, r)
	if instead != nil {
		t.context, t.compacted = instead.context, instead.compacted
	}
	t.say(r, false)
}

// rewind marks the turns that were asked for after a position as rewound, because the human went back to it. If one of them
// was opened before the position with what the model still knows, such as the summary of a compaction, rewind returns it.
func (c *conversation) rewind(from int) *turn {
	for _, t := range slices.Backward(c.turns) {
		if t.asking <= from {
			break
		}
		t.rewound = true
		if t.position <= from {
			return t
		}
	}
	return nil
}

// abandon marks the turns as rewound that the human went back on at the end, without saying anything more.
func (c *conversation) abandon() {
	for _, r := range slices.Backward(c.records) {
		switch r.kind {
		case prompt, command, shellCommand, steering, notice, summary:
			return
		case wentBack:
			from, ok := c.lineage.rewound(r)
			if r.parent == "" {
				from, ok = beginning, c.lineage.cut == 0
			}
			if ok && !c.apart(from) {
				c.rewind(from)
			}
			return
		}
	}
}

// command opens a turn if the model worked on the command. Otherwise the program ran it alone, or tells of a command that
// the model called.
func (c *conversation) command(i int, r *record) {
	switch {
	case c.current != nil && c.current.launches(c.results):
		r.kind, r.text = injected, ""
		c.inject(i, r)
	case r.stacked && c.current != nil && c.current.asked && !c.current.replied:
		c.current.claim(r)
	case c.answered(i) || c.commandAnswered(i, r):
		if c.expand {
			r.text = c.expanded(r)
		}
		c.prompt(i, r)
	default:
		c.local(r)
	}
}

// expanded returns the text that a command stands for, if its own record has it, else the command.
func (c *conversation) expanded(r *record) string {
	return cmp.Or(strings.TrimSpace(commandText(promptText(c.read(r)))), r.text)
}

// local leaves out a command that the program ran without the model.
func (c *conversation) local(r *record) {
	r.kind = localCommand
	c.ignore(localCommand)
}

// inject takes a text that the program injected: after the start of a scheduled task it is the task, after a command it is
// what the command stands for, and elsewhere it is what else the model was told.
func (c *conversation) inject(i int, r *record) {
	if r.parent != "" && r.parent == c.fired {
		r.kind, r.text = notice, promptText(c.read(r))
		c.notice(i, r)
		return
	}
	t := c.current
	behind := c.expand && t != nil && t.records[len(t.records)-1].kind == command
	if behind || c.show && c.answered(i) {
		r.text = promptText(c.read(r))
	}
	if c.woken(i) {
		blocks := c.read(r)
		r.text = cmp.Or(promptText(blocks), strings.TrimSpace(clean(textOf(blocks))))
	}
	switch {
	case r.text == "":
		c.ignore(injected)
	case behind:
		request := &t.entries[len(t.entries)-1]
		if t.records[len(t.records)-1].stacked {
			r.text = request.text + "\n\n" + r.text
		}
		t.claim(r)
		request.text = r.text
	case t != nil && t.replied: // even if no human has asked: an injected text makes no turn of its own
		t.say(r, true)
	default:
		c.notice(i, r)
	}
}

// shell takes a command that the human ran in a shell, or its output: in some versions the model answers them. If the human
// has asked for nothing yet, the command is their request.
func (c *conversation) shell(i int, r *record) {
	line, typed := shellLine(r.text)
	switch {
	case !c.answered(i):
		c.ignore(shellCommand)
	case typed && (c.current == nil || !c.current.asked):
		r.text = line
		c.prompt(i, r)
	default:
		c.notice(i, r)
	}
}

// compact takes the summary of a compaction, which is what the model still knew: it becomes the context of what follows. A
// turn that the model was working on ends there, and a new one with the same request continues it.
func (c *conversation) compact(i int, r *record) {
	before := c.current
	if before != nil && !before.replied && !before.broken {
		before.context = "" // the summary says all that the model knows
		before.addContext(r)
		before.compacted = true
		return
	}
	t := c.open(i, r)
	t.addContext(r)
	t.compacted = true
	if before != nil && before.working() {
		t.repeat(before)
	}
}

// answer adds a part to the step of its message, which may have begun long before. Without any turn before it, it resumes a
// conversation whose beginning is elsewhere.
func (c *conversation) answer(i int, r *record) {
	if c.retracted[r.uuid] {
		c.ignore("retracted answer")
		return
	}
	key := stepOf(r)
	s := c.steps[key]
	if s == nil || key == (stepKey{}) || c.beginsStep(s, r) {
		s = c.adjoining(i, r)
	}
	if s != nil {
		s.turn.claim(r)
		c.extend(s, r)
		return
	}
	c.follow(r)
	if c.current == nil || c.current.isOver() {
		c.open(i, r)
	}
	c.current.claim(r)
	s = c.current.step()
	c.steps[key] = s
	c.extend(s, r)
}

// result notes the results in a record, and what the human or the program said beside them. The first result of a call
// counts, unless it only stands in for one that was lost.
func (c *conversation) result(r *record) {
	for i := range r.results {
		result, call := &r.results[i], c.named(r.results[i].call)
		if known := c.results[call]; known == nil || known.record.interrupts && !r.interrupts {
			c.results[call] = result
		}
	}
	if c.current == nil {
		return
	}
	if r.interrupts {
		c.breakOff(r)
	}
	if kind := textKind(r.text); kind == prompt || kind == notice {
		c.current.say(r, kind == notice)
	}
}

// notice takes a text of the program, which the model answers inside the turn. If no human has asked anything, the text is
// the context of what follows, unless the model is at work.
func (c *conversation) notice(i int, r *record) {
	failed := strings.HasPrefix(r.text, malformedCall) || strings.HasPrefix(r.text, failedCall)
	if failed && c.current != nil && len(c.current.entries) > 0 {
		last := &c.current.entries[len(c.current.entries)-1]
		last.masked = last.masked || last.step != nil && len(last.step.calls) == 0 // the call stands there as text
	}
	switch t := c.current; {
	case t == nil || !t.asked && t.replied && (t.broken || !t.working()):
		c.open(i, r).addContext(r)
	case !t.asked && !t.replied:
		t.addContext(r)
	default:
		t.say(r, true)
	}
}

// steer takes what a human typed while the model worked.
func (c *conversation) steer(i int, r *record) {
	if r.sent != "" && c.prompts[r.sent] {
		c.ignore("queued prompt that is a prompt as well")
		return
	}
	if c.current == nil {
		c.open(i, r)
	}
	c.current.say(r, false)
}

// breakOff notes that the model was interrupted, by the human or by an error.
func (c *conversation) breakOff(r *record) {
	c.follow(r)
	t := cmp.Or(c.turnOf(r), c.current)
	switch {
	case t == nil || r.kind == failure:
		c.ignore(r.kind)
	case t != c.current && t.rests(): // it had come to its end without the call
		return
	default:
		t.claim(r)
		t.interrupted = true
	}
	if t != nil {
		t.broken = true
	}
}
