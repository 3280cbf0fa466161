package claude

// A lineage finds out by parent links when a human went back to an earlier point of a conversation. It serves nothing
// else: the links break, branch at parallel calls and may run in circles.
type lineage struct {
	positions map[string]int  // of what was said to the model and by it, by uuid; of a beginning, that of what was said before
	parents   map[string]link // of the records between
	last      int             // the position of what was said last
	prompts   []int           // the positions of prompts
	cut       int             // the position of the last compaction
	summary   int             // that of its summary
}

// A link leads from a record to its parent.
type link struct {
	parent   string
	progress bool // the record tells of a call that may run on beside all that is said
}

// beginning is the position of what stands before the first prompt and is nobody's word: one more prompt that hangs on it
// goes back over all.
const beginning = -1

func (l *lineage) add(i int, r *record) {
	if r.silent { // the program may write it at the point that the human goes back to
		l.pass(r)
		return
	}
	switch r.kind {
	case prompt, command:
		l.begin(r.parent)
		l.prompts = append(l.prompts, i)
		fallthrough
	case answer, result, summary, notice, interruption, failure, synthetic:
		switch {
		case r.kind == summary:
			l.summary = i
		case l.cut > 0 && l.summary > l.cut && l.last == l.summary:
			l.goOn(r.parent)
		}
		l.place(r.uuid, i)
		l.last = i
	default: // also what the program ran for the human or told the model, for who went back may do that first
		l.pass(r)
	}
}

// begin marks a beginning: the first of the records that a prompt hangs on, where all are nobody's words. That of the
// conversation is followed by others where the program began anew in the same file.
func (l *lineage) begin(uuid string) {
	before := beginning
	if len(l.prompts) > 0 {
		before = l.last
	}
	for range l.parents { // the links may run in a circle
		link, passed := l.parents[uuid]
		_, more := l.parents[link.parent]
		_, said := l.positions[link.parent]
		switch {
		case !passed || said:
			return
		case !more:
			l.place(uuid, before)
			return
		}
		uuid = link.parent
	}
}

// goOn has what the first record behind a summary hangs on stand for the summary: that may be what was said before the compaction,
// and who goes back to the summary goes back there.
func (l *lineage) goOn(parent string) {
	if at, uuid := l.ancestor(parent); uuid != "" && at < l.cut {
		l.place(uuid, l.summary)
	}
}

func (l *lineage) place(uuid string, at int) {
	if l.positions == nil {
		l.positions = map[string]int{}
	}
	l.positions[uuid] = at
}

// pass notes the parent of a record that is nobody's word in the conversation.
func (l *lineage) pass(r *record) {
	if r.uuid == "" {
		return
	}
	if l.parents == nil {
		l.parents = map[string]link{}
	}
	l.parents[r.uuid] = link{r.parent, r.kind == progress}
}

// rewound reports whether a prompt goes back over an earlier one, and the position after which all is abandoned. What
// follows a compaction may hang on what stands before it, and is no sign of that.
func (l *lineage) rewound(r *record) (int, bool) {
	at, uuid := l.ancestor(r.parent)
	if uuid == "" || at == l.last || l.cut > 0 && at < l.cut {
		return 0, false
	}
	return at, len(l.prompts) > 0 && l.prompts[len(l.prompts)-1] > at
}

// ancestor is the position of the nearest record above that has one, and its uuid; none where there is no such record.
func (l *lineage) ancestor(uuid string) (int, string) {
	from, top := uuid, uuid
	beside, besideTop := false, false
	for range len(l.parents) + 1 {
		if at, ok := l.positions[uuid]; ok {
			l.shorten(from, uuid, beside)
			return at, uuid
		}
		link, ok := l.parents[uuid]
		if !ok || uuid == "" {
			l.shorten(from, top, besideTop)
			return 0, ""
		}
		top, besideTop, beside = uuid, beside, beside || link.progress
		uuid = link.parent
	}
	return 0, ""
}

// shorten has a link lead to the end of the way that was gone from it: of many records that hang on it each would go that way.
func (l *lineage) shorten(from, to string, progress bool) {
	if from != to {
		l.parents[from] = link{to, progress}
	}
}

// aside reports whether one hangs on the other by what tells of a call's progress.
func (l *lineage) aside(uuid, ancestor string) bool {
	for range l.parents {
		if uuid == ancestor {
			return false
		}
		link := l.parents[uuid]
		if link.progress {
			return true
		}
		uuid = link.parent
	}
	return false
}
