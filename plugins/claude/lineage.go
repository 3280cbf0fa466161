package claude

// A lineage uses parent links to find out when a human went back to an earlier point of a conversation, or when two programs
// continued it. It serves nothing else, because the links break, branch at parallel calls and may run in circles.
type lineage struct {
	positions map[string]int  // by uuid: of what was said to or by the model; for a beginning, of what was last said before it
	parents   map[string]link // by uuid: the parents of all other records
	last      int             // the position of what was said last
	lastUUID  string          // its uuid
	prompts   []int           // the positions of prompts
	cut       int             // the position of the last compaction
	summary   int             // the position of its summary
}

// A link leads from a record to its parent.
type link struct {
	parent   string
	progress bool // the record reports on a call, which may run on beside everything that is said
	injected bool // the program told the model something
	last     int  // the position of what was said last before the record
}

// beginning is the position of the records before the first prompt, which nobody said: another prompt that hangs on them goes
// back over everything.
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
			l.standInForSummary(r.parent)
		}
		l.place(r.uuid, i)
		l.last, l.lastUUID = i, r.uuid
	default: // also what the program ran for the human or told the model: after going back, that may come first
		l.pass(r)
	}
}

// begin marks a beginning: the first of the records that a prompt hangs on, if nobody said any of them. After that of the
// conversation there may be others, if the program began anew in the same file.
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

// standInForSummary makes the record that the first one after a summary hangs on stand for the summary: it may have been said before the
// compaction, and a human who goes back to the summary goes back to it.
func (l *lineage) standInForSummary(parent string) {
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

// pass notes the parent of a record that nobody said in the conversation.
func (l *lineage) pass(r *record) {
	if r.uuid == "" {
		return
	}
	if l.parents == nil {
		l.parents = map[string]link{}
	}
	l.parents[r.uuid] = link{l.parentOf(r), r.kind == progress, r.kind == injected, l.last}
}

// parentOf returns the parent of a record that nobody said. Versions such as 1.0.57 wrote a caveat before the first thing that
// they ran for the human, and let all later ones hang on it, too: these hang on what was said last.
func (l *lineage) parentOf(r *record) string {
	caveat := l.parents[r.parent]
	ran := r.kind == localCommand || r.kind == shellCommand
	if ran && caveat.injected && caveat.last != l.last && l.lastUUID != "" {
		return l.lastUUID
	}
	return r.parent
}

// rewound reports whether a prompt goes back over an earlier one, and returns the position after which everything is
// abandoned. A prompt after a compaction may hang on what stands before it, which is no sign of going back.
func (l *lineage) rewound(r *record) (int, bool) {
	at, uuid := l.ancestor(r.parent)
	if uuid == "" || at == l.last || l.cut > 0 && at < l.cut {
		return 0, false
	}
	return at, len(l.prompts) > 0 && l.prompts[len(l.prompts)-1] > at
}

// ancestor returns the position and the uuid of the nearest record, from the given one upwards, that has a position. The
// uuid is empty if there is none.
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

// shorten makes the link of a record lead directly to the end of the way up from it, because many records may hang on it and
// each would go the same way.
func (l *lineage) shorten(from, to string, progress bool) {
	if from != to {
		short := l.parents[from]
		short.parent, short.progress = to, progress
		l.parents[from] = short
	}
}

// aside reports whether a record hangs on its ancestor through one that reports a call's progress.
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
