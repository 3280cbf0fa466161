package claude

import (
	"fmt"
	"strings"

	"github.com/tidwall/gjson"
)

// A kind is what a record is to a conversation. The words are shown for records that are ignored.
type kind string

// The kinds that conversations are made of.
const (
	answer       kind = "part of an answer"
	result       kind = "result"
	prompt       kind = "prompt"
	command      kind = "slash command"
	notice       kind = "notification" // by the program or another agent; the model answers it
	steering     kind = "queued prompt"
	interruption kind = "interruption"
	boundary     kind = "compaction boundary"
	summary      kind = "compaction summary"
	failure      kind = "API error"
	internal     kind = "prompt of an internal agent"
	enqueued     kind = "queue operation: enqueue"
	dequeued     kind = "queue operation: dequeue"
	removed      kind = "queue operation: remove"
	recalled     kind = "queue operation: popAll"
	localOutput  kind = "output of a local command"
	shellCommand kind = "shell command of the user"
)

// The kinds that teach nothing.
const (
	synthetic   kind = "synthetic answer"
	injected    kind = "injected text"
	emptyPrompt kind = "empty prompt"
	attachment  kind = "attachment"
)

// ignoredTypes are the record types that are of no use for training.
var ignoredTypes = map[string]kind{
	"progress":              "progress",
	"system":                "system record",
	"file-history-snapshot": "file history",
	"file-history-delta":    "file history",
	"summary":               "title",
	"ai-title":              "title",
	"custom-title":          "title",
	"agent-name":            "title",
	"last-prompt":           "interface state",
	"mode":                  "interface state",
	"permission-mode":       "interface state",
	"bridge-session":        "interface state",
	"atis-latch":            "interface state",
	"frame-link":            "interface state",
	"pr-link":               "interface state",
}

// textKinds tell by its beginning who wrote a text of type user; the first that fits decides.
var textKinds = []struct {
	prefix string
	kind   kind
}{
	{"This session is being continued from a previous conversation", summary},
	{"[Request interrupted by user", interruption},
	{"<command-name>", command},
	{"<command-message>", command},
	{"<local-command-", localOutput},
	{"Caveat: The messages below were generated", injected},
	{"<bash-input>", shellCommand},
	{"<bash-stdout>", shellCommand},
	{"<bash-stderr>", shellCommand},
	{"<task-notification>", notice},
	{`{"task_id":`, notice}, // the end of a background task, before it had a tag
	{"<teammate-message", notice},
	{"Another Claude session sent a message", notice},
	{"Stop hook feedback:", notice},
	{"<user-prompt-submit-hook>", injected},
	{"<system-reminder>", injected},
	{"[Image: ", injected},
	{"[SUGGESTION MODE:", internal},
}

// classify decides a record's kind and keeps what that kind needs.
func (r *record) classify(e envelope) {
	switch e.typ {
	case "assistant":
		r.classifyAnswer(e)
	case "user":
		r.classifyUser(e)
	case "attachment":
		r.classifyAttachment(e.attachment)
	case "queue-operation":
		r.classifyQueue(e)
	case "system":
		switch e.subtype {
		case "compact_boundary":
			r.kind = boundary
		case "local_command":
			r.kind = localOutput
		default:
			r.kind = ignoredTypes[e.typ]
		}
	case "":
		r.kind = "record without a type"
	default:
		if r.kind = ignoredTypes[e.typ]; r.kind == "" {
			r.kind = kind(fmt.Sprintf("unknown record type %q", e.typ))
		}
	}
}

func (r *record) classifyAnswer(e envelope) {
	r.model = keep(e.message.Get("model"))
	content := contentOf(e.message)
	switch {
	case r.model != "<synthetic>" && !e.apiError:
		r.kind = answer
		r.messageID = keep(e.message.Get("id"))
		r.content = strings.Clone(content.Raw)
	case strings.TrimSpace(textOf(content)) == "No response requested.":
		r.kind = synthetic
	default:
		r.kind = failure
	}
}

func (r *record) classifyUser(e envelope) {
	content := contentOf(e.message)
	r.text = promptText(content)
	if hasResult(content) {
		r.kind = result
		r.content = strings.Clone(content.Raw)
		return
	}
	switch textKind := textKind(r.text); {
	case e.summary:
		r.kind = summary
	case textKind == interruption || textKind == internal:
		r.kind = textKind
	case e.meta:
		r.kind = injected
	case e.origin == "task-notification" || e.origin == "peer":
		r.kind = notice
	default:
		r.kind = textKind
	}
	switch {
	case r.kind == command:
		r.text = commandLine(r.text)
	case r.kind == notice && r.sidechain:
		r.takeTask()
	}
}

// textKind judges a text of type user.
func textKind(text string) kind {
	switch text {
	case "":
		return emptyPrompt
	case "Warmup":
		return internal
	}
	for _, known := range textKinds {
		if strings.HasPrefix(text, known.prefix) {
			return known.kind
		}
	}
	return prompt
}

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

func (r *record) classifyAttachment(value gjson.Result) {
	if value.Get("type").String() != "queued_command" {
		r.kind = attachment
		return
	}
	r.text = promptText(value.Get("prompt"))
	mode, origin := value.Get("commandMode").String(), value.Get("origin.kind").String()
	switch {
	case r.text == "":
		r.kind = emptyPrompt
	case mode == "task-notification" || origin == "task-notification" || origin == "peer":
		r.kind = notice
	case textKind(r.text) == prompt:
		r.kind = steering
	default:
		r.kind = textKind(r.text)
	}
}

func (r *record) classifyQueue(e envelope) {
	r.text = promptText(e.content)
	r.kind = kind("queue operation: " + e.operation)
}
