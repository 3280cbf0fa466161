package claude

import (
	"regexp"
	"strings"

	"github.com/ftprep/ftprep/plugins/claude/internal/scan"
)

// Where a text came from, where a record tells it.
const (
	human   = "human"   // someone typed it
	channel = "channel" // a chat, or another program that sends events
)

// chat matches what someone wrote in a chat, at the beginning of a text.
var chat = regexp.MustCompile(`^<channel source="[^>]* (?:user|chat_id)="`)

// originKind is the kind of a raw origin.
func originKind(raw []byte) string { return scan.Text(scan.Member(raw, "kind")) }

// notifies reports whether a text of that kind is no human's but one that the model answers: it came from a timer, a background
// task or another agent, or the program goes on by itself. Kinds of origins that are not known yet are no human's, either: so
// the program itself tells the model.
func (e *envelope) notifies(textKind kind) bool {
	switch {
	case textKind == notice:
		return true
	case textKind != prompt && textKind != command || e.origin == human || e.origin == channel:
		return false
	}
	return e.automatic || e.origin != ""
}

// readTurnOrigin reads what began a turn: a human, or a program that uses this one to ask.
func (e *envelope) readTurnOrigin(raw []byte) {
	switch string(raw) {
	case `"human"`, `"sdk"`, "null":
	default:
		e.automatic = true
	}
}

// pasted reports whether a text of this kind is a prompt where a human is known to have typed it: people paste what the
// program wrote.
func (k kind) pasted() bool { return k == notice || k == injected || k == internal || k == summary }

// takeTask makes a prompt of what another agent tells a sub-agent in words: that is its task.
func (r *record) takeTask() {
	_, body, ok := strings.Cut(r.text, ">")
	if !ok || !strings.HasPrefix(r.text, "<teammate-message") {
		return
	}
	body = strings.TrimSpace(strings.TrimSuffix(body, "</teammate-message>"))
	if body != "" && body[0] != '{' {
		r.kind, r.text = prompt, body
	}
}
