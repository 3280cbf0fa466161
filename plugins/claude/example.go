package claude

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/ftprep/ftprep/sdk"
)

// Labels of examples, besides those of the sdk.
const (
	labelSubagent    = "subagent"    // the conversation of a sub-agent
	labelContinued   = "continued"   // it begins after a compaction, or without a request
	labelInterrupted = "interrupted" // the user interrupted it
	labelRewound     = "rewound"     // the user went back on it
)

// example makes an example of the turn.
func (t *turn) example(file sdk.File, subagent bool) *sdk.Example {
	e := &sdk.Example{Source: "claude_session", SourceFile: file.Name, Context: t.context, Provenance: t.provenance(file)}
	unfinished := t.broken
	for _, entry := range t.entries {
		if entry.step == nil {
			e.Messages = say(e.Messages, sdk.Message{Role: sdk.User, Text: entry.text, Masked: entry.masked})
			continue
		}
		var open int
		e.Messages, open = entry.step.messages(e.Messages)
		unfinished = t.broken || open > 0
		count(&e.Provenance, "unanswered calls", open)
		count(&e.Provenance, "server-side calls", entry.step.serverCalls)
		count(&e.Provenance, "malformed calls", entry.step.malformedCalls)
	}
	unfinished = unfinished || !endsInAnswer(e.Messages)
	e.Identity = sdk.Identity{Calls: answered(e.Messages)}
	if ids := e.Provenance.RecordIDs; len(ids) > 0 {
		e.Identity.Opening = ids[0]
	}
	e.Labels = t.labels(subagent, unfinished)
	return e
}

func (t *turn) labels(subagent, unfinished bool) []string {
	var labels []string
	for _, label := range []struct {
		name string
		set  bool
	}{
		{labelSubagent, subagent},
		{labelContinued, t.continued || !t.asked},
		{labelInterrupted, t.interrupted},
		{labelRewound, t.rewound},
		{sdk.LabelUnfinished, unfinished},
	} {
		if label.set {
			labels = append(labels, label.name)
		}
	}
	return labels
}

// messages appends the step and the results of its calls, in the calls' order, and counts the calls without a result:
// they are left out.
func (s *step) messages(messages []sdk.Message) ([]sdk.Message, int) {
	message := sdk.Message{Role: sdk.Assistant, Text: strings.Join(s.texts, "\n\n"), Thinking: strings.Join(s.thoughts, "\n\n")}
	var results []sdk.Message
	for _, call := range s.calls {
		if call.result == nil {
			continue
		}
		message.Calls = append(message.Calls, call.message())
		results = append(results, sdk.Message{Role: sdk.Tool, CallID: call.id, Text: call.result.text, IsError: call.result.failed})
	}
	if message.Text != "" || message.Calls != nil {
		messages = append(messages, message)
	}
	return append(messages, results...), len(s.calls) - len(message.Calls)
}

// message is the call with its tool's name split at the first double underscore after the server's.
func (c *call) message() sdk.Call {
	call := sdk.Call{ID: c.id, Tool: c.name, Arguments: json.RawMessage(c.arguments)}
	if rest, ok := strings.CutPrefix(c.name, "mcp__"); ok {
		if server, tool, ok := strings.Cut(rest, "__"); ok && tool != "" {
			call.Server, call.Tool = server, tool
		}
	}
	return call
}

// say appends what was said to the model; what one speaker says in a row is one message.
func say(messages []sdk.Message, message sdk.Message) []sdk.Message {
	if n := len(messages); n > 0 && messages[n-1].Role == sdk.User && messages[n-1].Masked == message.Masked {
		messages[n-1].Text += "\n\n" + message.Text
		return messages
	}
	return append(messages, message)
}

// endsInAnswer reports whether the model has answered everything but notices of the program.
func endsInAnswer(messages []sdk.Message) bool {
	for _, message := range slices.Backward(messages) {
		if message.Role != sdk.User || !message.Masked {
			return message.Role == sdk.Assistant
		}
	}
	return false
}

func answered(messages []sdk.Message) []string {
	var ids []string
	for _, message := range messages {
		if message.Role == sdk.Tool {
			ids = append(ids, message.CallID)
		}
	}
	return ids
}

func (t *turn) provenance(file sdk.File) sdk.Provenance {
	p := sdk.Provenance{
		File:            file.Name,
		FirstLine:       t.opening.line,
		LastLine:        t.opening.line,
		Session:         t.opening.session,
		ProducerVersion: t.opening.version,
		Records:         len(t.records),
	}
	p.Time, _ = time.Parse(time.RFC3339, t.opening.time)
	for _, r := range t.records {
		p.FirstLine, p.LastLine = min(p.FirstLine, r.line), max(p.LastLine, r.line)
		if r.uuid != "" {
			p.RecordIDs = append(p.RecordIDs, r.uuid)
		}
		if r.model != "" {
			p.Model = r.model
		}
	}
	return p
}

// count notes what was left out of an example.
func count(p *sdk.Provenance, what string, n int) {
	if n == 0 {
		return
	}
	if p.Removed == nil {
		p.Removed = map[string]int{}
	}
	p.Removed[what] += n
}
