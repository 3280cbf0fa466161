package claude

// A kind is what a record means to a conversation. Its text is shown for ignored records.
type kind string

// The kinds that conversations are made of.
const (
	answer       kind = "part of an answer"
	result       kind = "result"
	replacement  kind = "replacement of results"
	prompt       kind = "prompt"
	command      kind = "slash command"
	notice       kind = "notification" // by the program or another agent; the model answers it
	steering     kind = "queued prompt"
	interruption kind = "interruption"
	boundary     kind = "compaction boundary"
	summary      kind = "compaction summary"
	failure      kind = "API error"
	internal     kind = "prompt of an internal agent"
	compacted    kind = "compaction command" // the answer to it is the summary
	enqueued     kind = "queue operation: enqueue"
	dequeued     kind = "queue operation: dequeue"
	removed      kind = "queue operation: remove"
	withdrawn    kind = "queue operation: remove unseen" // the model of this conversation was not shown it
	recalled     kind = "queue operation: popAll"
	localCommand kind = "local command"
	localOutput  kind = "output of a local command"
	shellCommand kind = "shell command of the user"
	fired        kind = "start of a scheduled task"
	wentBack     kind = "rewind"                       // the human went back to the record's parent
	cleared      kind = "clearing of the conversation" // which goes on in the same log
	outcome      kind = "outcome"                      // of a turn of a headless session, or of a workflow's agent
	taskEnd      kind = "end of a background task"     // in the log of a headless session
)

// The kinds that teach nothing.
const (
	synthetic   kind = "synthetic answer"
	progress    kind = "progress"
	injected    kind = "injected text"
	emptyPrompt kind = "empty prompt"
	attachment  kind = "attachment"
)

// ignoredTypes are the record types that are of no use for training.
var ignoredTypes = map[string]kind{
	"progress":                  progress,
	"tool_progress":             progress,
	"stream_event":              progress,
	"rate_limit_event":          progress,
	"started":                   "journal of a workflow",
	"launched":                  "journal of a workflow",
	"failed":                    "journal of a workflow",
	"system":                    "system record",
	"file-history-snapshot":     "file history",
	"file-history-delta":        "file history",
	"summary":                   "title",
	"ai-title":                  "title",
	"custom-title":              "title",
	"agent-name":                "title",
	"last-prompt":               "interface state",
	"mode":                      "interface state",
	"permission-mode":           "interface state",
	"bridge-session":            "interface state",
	"atis-latch":                "interface state",
	"frame-link":                "interface state",
	"pr-link":                   "interface state",
	"agent-color":               "interface state",
	"agent-setting":             "interface state",
	"tag":                       "interface state",
	"worktree-state":            "interface state",
	"relocated":                 "interface state",
	"continued-in":              "link to another session",
	"conversation_reset":        cleared,
	"teleported-from":           "link to another session",
	"teleport-skipped-branch":   "link to another session",
	"history-suppression":       "link to another session",
	"fork-context-ref":          "link to another session",
	"cost-state":                "cost of the session",
	"artifact-autoreact-ledger": "interface state",
	"artifact-comment-monitor":  "interface state",
	"isolation-latch":           "interface state",
	"ended":                     "interface state",
	"ended-by-model":            "interface state",
	"session-owner":             "interface state",
	"dev-mods":                  "interface state",
	"memory-mode":               "interface state",
	"repl-mode":                 "interface state",
	"hybrid-organization":       "interface state",
	"host-row":                  "interface state",
	"tools-used":                "interface state",
	"resume-head-vouch":         "interface state",
	"derived-from":              "link to another session",
	"observer-ref":              "link to another session",
	"data-flow-records":         "where data came from",
	"data-flow-incomplete":      "where data came from",
	"api-request":               "request to the service",
	"api-request-shape":         "request to the service",
	"api-request-blob":          "request to the service",
	"api-request-resumed":       "request to the service",
	"task-summary":              "title",
	"attribution-snapshot":      "file history",
	"speculation-accept":        "time saved by speculation",
	"marble-origami-commit":     "collapsed context",
	"marble-origami-snapshot":   "collapsed context",
	"marble-origami-reset":      "collapsed context",
}

// textKinds tells by the beginning of a text of type user who wrote it; the first match decides.
var textKinds = []struct {
	prefix string
	kind   kind
}{
	{"This session is being continued from a previous conversation", summary},
	{"Use the /compact command to clear the conversation history, and start a new conversation with the summary in context.", compacted},
	{"[Request interrupted by user", interruption},
	{"[Request interrupted by a plugin", interruption},
	{"[Request interrupted: ", interruption},
	{"[Agent call interrupted: ", interruption},
	{"[Tool call interrupted: ", interruption},
	{"[Tool call did not complete: ", interruption},
	{"[Tool call not completed: ", interruption},
	{"[Tool call not run: ", interruption},
	{"[Tool call skipped: ", interruption},
	{"[Tool call result not in this copy: ", interruption},
	{"<command-name>", command},
	{"<command-message>", command},
	{"<local-command-", localOutput},
	{"<user-memory-input>", localCommand},
	{"Caveat: The messages below were generated", injected},
	{"<bash-input>", shellCommand},
	{"<bash-stdout>", shellCommand},
	{"<bash-stderr>", shellCommand},
	{"<task-notification>", notice},
	{"<agent-notification>", notice}, // how version 2.0 reported background tasks
	{"<bash-notification>", notice},
	{`{"task_id":`, notice}, // the end of a background task, before it had a tag
	{"<teammate-message", notice},
	{"<agent-message", notice},
	{"<cross-session-message", notice},
	{"<channel source=", notice},
	{"<mcp-resource-update", notice},
	{"<mcp-polling-update", notice},
	{"<github-webhook-activity>", notice},
	{"<tick>", notice},
	{"<goal>", notice},
	{"<<autonomous-loop", notice},
	{"<remote-review", notice},
	{"<slack-ping", notice},
	{"<slack-tag-message", notice},
	{"<fetched-web-content", notice},
	{"<untrusted-widget-state", notice},
	{"<coordinator-relay", notice},
	{"<relay from=", notice},
	{"<project_claude_message ", notice},
	{"<voice-call-talk", notice},
	{"Another Claude session sent a message", notice},
	{"A peer session sent a message", notice},
	{"[Cross-session ", notice},
	{"[SYSTEM NOTIFICATION", notice},
	{"[SCHEDULED TASK - AUTOMATED FIRING", notice},
	{"[MESSAGE FROM NON-USER SOURCE", notice},
	{"[handback-send-enforce]", notice},
	{"[structured-output-enforce]", notice},
	{"[projects-reply-gate]", notice},
	{malformedCall, notice},
	{failedCall, notice},
	{"Your claude.ai usage limit has reset. Continue the task ", notice},
	{"Your claude.ai usage is available again before ", notice},
	{"[Your previous response had no visible output", notice},
	{"[Your previous response reached the output limit", notice},
	{"The coordinator sent a message", notice},
	{"Your background observer (", notice},
	{"Activity was observed in the bound conversation", notice},
	{"Stop hook feedback:", notice},
	{"SubagentStop hook feedback:", notice},
	{"TeammateIdle hook feedback:", notice},
	{"TaskCreated hook feedback:", notice},
	{"TaskCompleted hook feedback:", notice},
	{"<user-prompt-submit-hook>", injected},
	{"<session-start-hook>", injected},
	{"<session-context ", injected},
	{"<post-tool-use-hook>", injected},
	{"<system-reminder>", injected},
	{"[Image: ", injected},
	{"Base directory for this skill: ", injected},
	{"A session-scoped Stop hook is now active with condition: ", injected}, // the text of /goal
	{"Your response above was cut off mid-stream. ", injected},
	{"Your response above was stopped by a safety classifier", injected},
	{"Output token limit hit. Resume directly", injected},
	{"[SUGGESTION MODE:", internal},
}

// idle reports whether conversations do not look at records of this kind, which are only counted.
func (k kind) idle() bool {
	switch k {
	case answer, result, replacement, prompt, command, notice, steering, interruption, boundary, summary, failure, internal, compacted,
		enqueued, dequeued, removed, withdrawn, recalled, localCommand, localOutput, shellCommand, fired, wentBack, cleared, outcome, taskEnd, synthetic, injected:
		return false
	}
	return true
}
