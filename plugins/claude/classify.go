package claude

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/ftprep/ftprep/plugins/claude/internal/scan"
)

// classify decides a record's kind and keeps what that kind needs.
func (d *decoder) classify(r *record, e envelope) {
	switch typ := scan.Text(e.typ); typ {
	case "assistant":
		d.classifyAnswer(r, e)
	case "user":
		r.classifyUser(e)
	case "attachment":
		r.classifyAttachment(e.attachment)
	case "content-replacement":
		r.kind, r.results = replacement, e.replaced
	case "queue-operation":
		r.text = goalLine(promptText(blocksOf(e.text)))
		r.kind = queueOperation(scan.Text(e.operation), scan.Text(e.reason))
	case "system":
		switch scan.Text(e.subtype) {
		case "compact_boundary":
			r.kind = boundary
		case "local_command", "local_command_output":
			r.kind = localOutput
		case "scheduled_task_fire":
			r.kind = fired
		case "task_notification":
			r.kind, r.text = taskEnd, taskNotice(e.task)
		default:
			r.kind = ignoredTypes[typ]
		}
	case "result":
		r.kind, r.cut = outcome, cutsOff(e.stop)
		r.aborted = strings.HasPrefix(scan.Text(e.subtype), "error_")
	case "last-prompt":
		r.kind = ignoredTypes[typ]
		if e.explicit && e.leaf != nil {
			r.kind, r.parent = wentBack, scan.Text(e.leaf)
		}
	case "":
		r.kind = "record without a type"
	default:
		if r.kind = ignoredTypes[typ]; r.kind == "" {
			r.kind = kind(fmt.Sprintf("unknown record type %.40q", typ))
		}
	}
}

func queueOperation(name, reason string) kind {
	switch operation := kind("queue operation: " + name); {
	case operation == removed && reason != "" && reason != "absorbed_mid_turn":
		return withdrawn
	case operation == enqueued || operation == dequeued || operation == removed || operation == recalled:
		return operation
	}
	return kind(fmt.Sprintf("unknown queue operation %.40q", name))
}

// cutsOff reports whether a raw stop_reason says that the model had not come to its end.
func cutsOff(stop []byte) bool {
	switch string(stop) {
	case `"max_tokens"`, `"model_context_window_exceeded"`, `"refusal"`:
		return true
	}
	return false
}

func (d *decoder) classifyAnswer(r *record, e envelope) {
	switch {
	case e.local:
		r.kind = localOutput
	case r.origin.model != "<synthetic>" && !e.apiError:
		r.kind = answer
		r.messageID = shared(scan.Text(e.messageID), d.messageID)
		d.messageID = r.messageID
		r.request = shared(scan.Text(e.request), d.request)
		d.request = r.request
		if r.request == "" {
			r.prompted = promptTokens(e.usage)
		}
		r.cut = cutsOff(e.stop)
		d.takeCalls(r, e)
	case isPlaceholder(e.blocks):
		r.kind = synthetic
	default:
		r.kind = failure
		// Versions such as 0.2 say in the model's place what local commands and shells print, and that the user interrupted it.
		text := textOf(e.blocks)
		switch kind := textKind(text); kind {
		case localOutput, interruption:
			r.kind = kind
		case shellCommand:
			r.kind, r.text = shellCommand, text
		}
	}
}

// isPlaceholder reports whether what the program says in the model's place stands for no answer, or calls a tool. Everything
// else it says there is an error.
func isPlaceholder(blocks []block) bool {
	switch strings.TrimSpace(textOf(blocks)) {
	case "No response requested.", noContent:
		return true
	}
	return slices.ContainsFunc(blocks, func(b block) bool { return b.typ == "tool_use" })
}

func (d *decoder) takeCalls(r *record, e envelope) {
	for _, b := range e.blocks {
		switch b.typ {
		case "text", "thinking":
			r.speaks = r.speaks || len(b.text)+len(b.thinking) > 2
		case "tool_use":
			if call, ok := d.call(b); ok {
				if i := slices.IndexFunc(e.arguments, func(w originalArguments) bool { return w.call == call.id }); i >= 0 {
					call.original = e.arguments[i].place
				}
				r.calls = append(r.calls, call)
			} else {
				r.badCalls++
			}
		case "server_tool_use":
			r.serverCalls = append(r.serverCalls, scan.Text(b.id))
		}
	}
}

func (r *record) classifyUser(e envelope) {
	text, meanwhile := typedMeanwhile(promptText(e.blocks))
	r.interrupts = interrupts(e.blocks)
	if directive, ok := forkDirective(text); ok && r.sidechain {
		r.kind, r.text, r.forks = prompt, directive, true
		return
	}
	if hasResult(e.blocks) {
		r.kind, r.text = result, text
		r.takeResults(e)
		if e.shutdown {
			r.interrupts, r.refusal, r.judged = true, "", true
		}
		return
	}
	if meanwhile {
		r.kind, r.text = steering, text
		return
	}
	e.correct(text)
	textKind := textKind(text)
	if textKind == command {
		if line := commandLine(text); line == "/" && e.origin == human {
			textKind = prompt // it names no command
		} else {
			text = cmp.Or(e.line, line)
		}
	}
	switch {
	case e.summary || e.meta && textKind == summary:
		r.kind = summary
	case textKind == prompt && startsCompaction(text):
		r.kind = localCommand
	case e.origin == human && !e.meta && textKind.pasted():
		r.kind = prompt
	case textKind == interruption || textKind == internal:
		r.kind = textKind
	case textKind == prompt && r.sidechain && summarizes.MatchString(text):
		r.kind = internal
	case e.notifies(textKind):
		r.kind = notice
	case e.meta && e.origin != channel:
		r.kind = injected
	case textKind == emptyPrompt && strings.TrimSpace(textOf(e.blocks)) != "":
		r.kind = injected // only what the program puts before a prompt
	default:
		r.kind = textKind
	}
	switch {
	case r.kind == notice && (r.sidechain || e.teammate):
		r.text = text
		r.takeTask(e.origin)
	case r.kind != injected && r.kind != localCommand && r.kind != localOutput:
		r.text = text
	}
}

func (r *record) takeResults(e envelope) {
	for _, b := range e.blocks {
		if b.typ == "tool_result" {
			content := span{e.offset + int64(b.contentEnd-len(b.content)), len(b.content)}
			r.results = append(r.results, toolResult{scan.Text(b.callID), r, content, scan.True(b.isError)})
			if r.refusal == labelRejected && worded(scan.Text(b.content)) == labelDenied {
				r.refusal = labelDenied // the program does not tell whether there was a user to ask
			}
		}
	}
}

// textKind returns the kind of a text of type user, judging by its words alone.
func textKind(text string) kind {
	switch text {
	case "", noContent:
		return emptyPrompt
	case "Warmup":
		return internal
	case "Tool loaded.": // beside the result that names the tools
		return injected
	}
	switch {
	case chat.MatchString(text):
		return prompt
	case stopped.MatchString(text), ofApp.MatchString(text), ofHook(text, " operation feedback:\n- "):
		return notice
	case skill.MatchString(text), skillAgain.MatchString(text):
		return injected
	case notPassedOn.MatchString(text):
		return localOutput
	case pressed.MatchString(text):
		return command
	}
	for _, known := range textKinds {
		if strings.HasPrefix(text, known.prefix) {
			return known.kind
		}
	}
	return prompt
}

func (r *record) classifyAttachment(raw []byte) {
	m := scan.Members(raw, "type", "prompt", "origin", "commandMode", "isMeta", "source_uuid", "forwardedIntent")
	kind, text, from, mode, meta, sent, forwarded := m[0], m[1], m[2], m[3], m[4], m[5], m[6]
	if scan.Text(kind) == "teammate_mailbox" {
		r.text = mailbox(scan.Member(raw, "messages"))
	}
	switch {
	case r.text != "":
		r.kind = notice
		return
	case scan.Text(kind) != "queued_command":
		r.kind = attachment
		return
	}
	r.text, r.sent = promptText(blocksOf(text)), scan.Text(sent)
	e := envelope{origin: originKind(from)}
	e.automatic = scan.Text(mode) == "task-notification" || scan.True(meta)
	if len(forwarded) > 0 && forwarded[0] == '{' { // from another conversation, where a human may have typed it
		e.origin, e.automatic = "", true
	}
	e.correct(r.text)
	switch textKind := textKind(r.text); {
	case r.text == "":
		r.kind = emptyPrompt
	case e.origin == human && textKind.pasted():
		r.kind = steering
	case e.origin == coordinator && r.sidechain:
		r.kind = steering
	case e.origin == goesOn && goalLine(r.text) != r.text:
		r.kind, r.text = steering, goalLine(r.text)
	case e.notifies(textKind):
		r.kind = notice
	case textKind == prompt:
		r.kind = steering
	case pressed.MatchString(r.text):
		r.kind, r.text = steering, commandLine(r.text)
	default:
		r.kind = textKind
	}
}
