package claude

import (
	"regexp"
	"strings"

	"github.com/ftprep/ftprep/plugins/claude/internal/scan"
)

// Where a text came from, if a record says so.
const (
	human       = "human"             // someone typed it
	channel     = "channel"           // a chat, or another program that sends events
	coordinator = "coordinator"       // the agent that a sub-agent works for
	goesOn      = "auto-continuation" // the program, also with what the human did elsewhere than at the prompt
)

// chat matches what someone wrote in a chat, at the beginning of a text.
var chat = regexp.MustCompile(`^<channel source="[^>]* (?:user|chat_id)="`)

// ofApp matches the beginning of what the app, on a desktop or in the cloud, says in the human's place or passes on.
var ofApp = regexp.MustCompile(`^(?:<scheduled-task name="|<ci-monitor-event>|<wake reason="|<webhook-payload>[\n{]` +
	`|<child-session-event [a-z]|\[Artifact comment sent to Claude\]|The dev server failed to start with the following error:\n` +
	`|(?:The app was quit|My computer went to sleep|I hit my usage limit) while you were working[^\n]* Please continue from where you left off\.$)`)

// accepted matches the beginning of a plan that the human has accepted: it is their request.
var accepted = regexp.MustCompile(`^(?:Implement the following plan|Here is the approved implementation plan):`)

// stopped matches the news, which has no tag, that agents were stopped, or the model before its budget was spent.
var stopped = regexp.MustCompile(`^(?:(?:\d+ background agents were|Background agent "(?s:.*)" was) stopped by the user` +
	`|Stopped at \d+% of token target \()`)

// ofHook reports whether a text is a tool's name followed by a hook's verdict about it. Versions such as 1.0.98 give no other
// sign that a hook said it.
func ofHook(text, verdict string) bool {
	end := strings.IndexByte(text, ' ')
	return end > 0 && strings.HasPrefix(text[end:], verdict)
}

// originKind returns the kind of a raw origin. What a plugin passes on in the human's name comes from the human.
func originKind(raw []byte) string {
	if scan.True(scan.Member(raw, "asUser")) {
		return human
	}
	return scan.Text(scan.Member(raw, "kind"))
}

// notHuman holds the origins of what other agents, plugins, schedules and background tasks send, and of what makes the program
// continue by itself.
var notHuman = map[string]bool{
	"task-notification": true, "scheduled-trigger": true, "peer": true, "peer-send-message": true, "projects-relay": true,
	coordinator: true, "observer": true, "observer-activity": true, "plugin": true, goesOn: true,
	"slack-ping": true, "voice-call": true, "unclassified": true,
}

// correct corrects the origin of a text: the app claims that a human typed what it says in their place, and that it continues
// by itself with a plan that they accepted.
func (e *envelope) correct(text string) {
	switch {
	case e.origin == human && (e.ofApp || ofApp.MatchString(text) && !quotes(text)):
		e.origin = ""
	case e.origin == goesOn && accepted.MatchString(text):
		e.origin, e.automatic = human, false
	}
}

// goalLine returns the command by which a goal was set while the model worked; it returns any other text unchanged.
func goalLine(text string) string {
	if goal, ok := strings.CutPrefix(text, "Goal set: "); ok {
		return "/goal " + goal
	}
	return text
}

// notifies reports whether a text of that kind comes from no human but is one that the model answers. For an origin that is
// not known, only the mark isMeta tells.
func (e *envelope) notifies(textKind kind) bool {
	switch {
	case textKind == notice:
		return true
	case textKind != prompt && textKind != command || e.origin == human || e.origin == channel:
		return false
	}
	return e.automatic || notHuman[e.origin] || e.origin != "" && e.meta
}

// readTurnOrigin reads what began a turn. The app may have begun it although the origin says that a human did. What a plugin
// passes on in the human's name counts as begun by the system.
func (e *envelope) readTurnOrigin(raw []byte) {
	switch string(raw) {
	case `"scheduled"`, `"peer"`, `"auto_continuation"`, `"host_synthetic"`:
		e.automatic, e.ofApp = true, true
	case `"task_notification"`, `"system"`:
		e.automatic = true
	}
}

// pasted reports whether a text of this kind is a prompt if a human is known to have typed it: people paste what the program
// wrote.
func (k kind) pasted() bool { return k == notice || k == injected || k == internal || k == summary }

// takeTask makes a prompt of what another agent tells a sub-agent in words: that is its task.
func (r *record) takeTask(origin string) {
	body := task(r.text)
	if body == "" && origin == coordinator {
		body = r.text
	}
	if body != "" && body[0] != '{' {
		r.kind, r.text = prompt, body
	}
}

// task returns what a sub-agent is told, without the program's words around it; it is empty if the program says something else.
func task(text string) string {
	if message, ok := strings.CutPrefix(text, "The coordinator sent a message while you were working:"); ok {
		return strings.TrimSpace(strings.TrimSuffix(message, "Address this before completing your current task."))
	}
	if _, message, ok := strings.Cut(text, ">"); ok && strings.HasPrefix(text, "<teammate-message") {
		return strings.TrimSpace(strings.TrimSuffix(message, "</teammate-message>"))
	}
	return ""
}

// mailbox returns a raw list of messages by other agents as the model sees it.
func mailbox(list []byte) string {
	var messages []string
	s := scan.New(list)
	if s.Kind() != '[' {
		return ""
	}
	s.Array(func() {
		m := scan.Members(s.Raw(), "from", "color", "summary", "text")
		tag := `<teammate-message teammate_id="` + scan.Text(m[0]) + `"`
		for i, attribute := range []string{"color", "summary"} {
			if value := scan.Text(m[i+1]); value != "" {
				tag += " " + attribute + `="` + value + `"`
			}
		}
		messages = append(messages, tag+">\n"+cleanText(m[3])+"\n</teammate-message>")
	})
	return strings.Join(messages, "\n\n")
}

// A field is a member of a record, raw.
type field struct {
	key string
	raw []byte
}

// taskNotice returns the news that a background task has ended, which a record tells, as the model sees it.
func taskNotice(fields []field) string {
	notice := "<task-notification>\n"
	for _, key := range []string{"task_id", "tool_use_id", "output_file", "status", "summary"} {
		for _, f := range fields {
			if text := scan.Text(f.raw); f.key == key && text != "" {
				tag := strings.ReplaceAll(key, "_", "-")
				notice += "<" + tag + ">" + text + "</" + tag + ">\n"
			}
		}
	}
	return notice + "</task-notification>"
}

// forkDirective returns what a forked sub-agent is to do, which follows what the program says about forks. It reports false
// for any other text.
func forkDirective(text string) (string, bool) {
	directive, found := strings.CutPrefix(text, "<fork-boilerplate>")
	if !found {
		return "", false
	}
	_, directive, found = strings.Cut(directive, "</fork-boilerplate>")
	return strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(directive), "Your directive:")), found
}

// typedMeanwhile returns what a human typed while the model worked, without the program's words around it. For any other text
// it returns the text and false.
func typedMeanwhile(text string) (string, bool) {
	typed, found := strings.CutPrefix(text, "The user sent a new message while you were working:")
	if !found {
		return text, false
	}
	for _, remark := range []string{"\n\nThis is how Claude Code surfaces messages", "\n\nIMPORTANT: After completing your current task"} {
		if end := strings.LastIndex(typed, remark); end >= 0 {
			typed = typed[:end]
		}
	}
	return strings.TrimSpace(typed), true
}
