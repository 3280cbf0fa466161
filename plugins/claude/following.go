package claude

// following tells whether an answer follows a record, or was begun, before the human does or says anything else.
type following struct {
	answer bool
	reply  int  // the position of that answer; 0 if there is none
	shell  bool // like answer, for a shell command, which other shell commands may follow
	worked bool // like answer, for a slash command, which its output may follow
	output bool // the output of a command follows the record
}

// follows returns what follows each record. It goes through them from the last to the first.
func follows(records []*record) []following {
	all := make([]following, len(records))
	var next following
	for i := len(records) - 1; i >= 0; i-- {
		all[i] = next
		switch records[i].kind {
		case answer:
			next = following{answer: true, reply: i, shell: true, worked: true}
		case interruption, failure:
			next.answer, next.worked, next.output = true, true, false
		case shellCommand:
			next.answer, next.reply, next.worked, next.output = false, 0, false, false
		case summary, boundary, compacted:
			next.shell, next.worked, next.output = false, false, false
		case notice, steering, result:
			next.worked, next.output = false, false
		case localOutput:
			next = following{worked: next.worked, output: true}
		case prompt, command, localCommand:
			if !records[i].stacked {
				next = following{}
			}
		}
	}
	return all
}

// answered reports whether the model worked on a record.
func (c *conversation) answered(i int) bool {
	if c.records[i].kind == shellCommand {
		return c.follows[i].shell
	}
	return c.follows[i].answer
}

// commandAnswered reports whether the model worked on a command that has an output. A model that was at work before only continues
// that work.
func (c *conversation) commandAnswered(i int, r *record) bool {
	idle := c.current == nil || c.current.broken || !c.current.working()
	return c.follows[i].worked && idle && !startsCompaction(r.text)
}

// woken reports whether the model had come to its end and then answered a record.
func (c *conversation) woken(i int) bool {
	reply := c.follows[i].reply
	return reply > 0 && c.steps[stepOf(c.records[reply])] == nil && (c.current == nil || c.current.rests())
}
