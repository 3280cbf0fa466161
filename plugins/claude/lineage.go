package claude

// A lineage finds out by parent links when a human went back to an earlier point of a conversation. It serves nothing
// else: the links break, branch at parallel calls and may run in circles.
type lineage struct {
	positions map[string]int    // of what was said, by uuid
	parents   map[string]string // of the records between
	last      int               // the position of what was said last
	prompts   []int             // the positions of prompts
	root      string            // the parent of the first of them
	cut       int               // the position of the last compaction
}

func (l *lineage) add(i int, r *record) {
	switch r.kind {
	case prompt, command:
		if len(l.prompts) == 0 {
			l.root = r.parent
		}
		l.prompts = append(l.prompts, i)
		fallthrough
	case answer, result, summary, injected, notice, interruption, failure, synthetic, localCommand, localOutput, shellCommand:
		if l.positions == nil {
			l.positions = map[string]int{}
		}
		l.positions[r.uuid] = i
		l.last = i
	default:
		l.pass(r)
	}
}

// pass notes the parent of a record in which nobody said anything.
func (l *lineage) pass(r *record) {
	if r.uuid == "" {
		return
	}
	if l.parents == nil {
		l.parents = map[string]string{}
	}
	l.parents[r.uuid] = r.parent
}

// rewound reports whether a prompt goes back over an earlier one, and the position after which all is abandoned. What
// follows a compaction may hang on what stands before it, and is no sign of that. Before the first prompt may stand
// records in which nobody said anything: one more prompt that hangs there goes back over all.
func (l *lineage) rewound(r *record) (int, bool) {
	at, ok := l.ancestor(r.parent)
	if !ok {
		return -1, l.cut == 0 && l.passed(r.parent) && r.parent == l.root && len(l.prompts) > 0
	}
	if at == l.last || at < l.cut {
		return 0, false
	}
	return at, len(l.prompts) > 0 && l.prompts[len(l.prompts)-1] > at
}

// passed reports whether a record that was read is one in which nobody said anything.
func (l *lineage) passed(uuid string) bool {
	_, ok := l.parents[uuid]
	return ok
}

// ancestor is the position of the nearest record above that was said by someone.
func (l *lineage) ancestor(uuid string) (int, bool) {
	for range len(l.parents) + 1 {
		if at, ok := l.positions[uuid]; ok {
			return at, uuid != ""
		}
		parent, ok := l.parents[uuid]
		if !ok || uuid == "" {
			return 0, false
		}
		uuid = parent
	}
	return 0, false
}
