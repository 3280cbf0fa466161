package claude

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/ftprep/ftprep/plugins/claude/internal/scan"
	"github.com/ftprep/ftprep/sdk"
)

// A writer makes the examples of one file. It reads what was said from the file again.
type writer struct {
	file         sdk.File
	window       *window
	conversation func() string          // names the session with its sub-agents and its forks
	subagent     bool                   // the conversation is that of a sub-agent
	thinking     bool                   // the model's thinking is kept
	wanted       func(tool string) bool // calls of other tools will leave the example, so what they say is not read
}

// example makes an example of a turn.
func (w *writer) example(t *turn) (*sdk.Example, error) {
	e := &sdk.Example{Source: "claude_session", SourceFile: w.file.Name, Context: t.context, Provenance: t.provenance(w.file)}
	unfinished, fragment := t.broken, -1
	var worked *turn // the turn of the last step: a session holds several
	for _, entry := range t.entries {
		if entry.step == nil {
			e.Messages = say(e.Messages, sdk.Message{Role: sdk.RoleUser, Text: entry.text, Masked: entry.masked})
			continue
		}
		if entry.step.turn != worked {
			mask(e.Messages, fragment)
			worked = entry.step.turn
		}
		messages, open, err := w.step(e.Messages, entry)
		if err != nil {
			return nil, err
		}
		unfinished = t.broken || open > 0 || entry.step.cut()
		announces := open > 0 && open == len(entry.step.calls)
		switch first := len(e.Messages); {
		case !announces && !entry.step.cut() || len(messages) == first:
			fragment = -1
		case fragment < 0 || e.Messages[first-1].Role != sdk.RoleAssistant:
			fragment = first
		}
		e.Messages = messages
		count(&e.Provenance, "unanswered calls", open)
		count(&e.Provenance, "server-side calls", entry.step.serverCalls)
		count(&e.Provenance, "malformed calls", entry.step.badCalls)
	}
	mask(e.Messages, fragment)
	unfinished = unfinished || !endsInAnswer(e.Messages) && !t.ended()
	e.Identity = t.identity()
	e.Identity.Calls = t.done()
	e.Labels = append(t.labels(w.subagent, unfinished), callLabels(e, t)...)
	return e, nil
}

// mask masks the model's messages from index fragment on; none if that is negative. What a turn ends with there was cut off or
// announces calls that are not there, and would teach the model to stop half-way.
func mask(messages []sdk.Message, fragment int) {
	for i := fragment; i >= 0 && i < len(messages) && messages[i].Role == sdk.RoleAssistant; i++ {
		messages[i].Masked = true
	}
}

// step appends a step and the results of its calls, in the calls' order, and counts the calls without a result, which it
// leaves out.
func (w *writer) step(messages []sdk.Message, e entry) ([]sdk.Message, int, error) {
	s := e.step
	said, err := w.read(s)
	if err != nil {
		return nil, 0, err
	}
	message := sdk.Message{
		Role: sdk.RoleAssistant, Text: strings.Join(said.texts, "\n\n"), Thinking: strings.Join(said.thoughts, "\n\n"), Masked: e.masked,
	}
	var results []sdk.Message
	for _, call := range s.calls {
		if call.result == nil {
			continue
		}
		if err := w.original(call, said); err != nil {
			return nil, 0, err
		}
		result, err := w.result(call)
		if err != nil {
			return nil, 0, err
		}
		result.Masked = e.masked
		message.Calls = append(message.Calls, call.message(said.arguments[cmp.Or(call.raw, call.id)]))
		results = append(results, result)
	}
	if message.Text != "" || message.Calls != nil {
		messages = append(messages, message)
	}
	return append(messages, results...), len(s.calls) - len(message.Calls), nil
}

// said holds what the parts of a step say.
type said struct {
	texts, thoughts []string
	arguments       map[string]string // by call
}

func (w *writer) read(s *step) (said, error) {
	said := said{arguments: map[string]string{}}
	for _, part := range s.parts {
		content, err := w.window.at(part.content)
		if err != nil {
			return said, err
		}
		for _, b := range blocksOf(content) {
			switch b.typ {
			case "text":
				said.texts = grow(said.texts, b.text)
			case "thinking":
				if w.thinking {
					said.thoughts = grow(said.thoughts, b.thinking)
				}
			case "tool_use":
				id, arguments := scan.Text(b.id), b.arguments()
				if len(arguments) > len(said.arguments[id]) && w.wanted(scan.Text(b.name)) {
					said.arguments[id] = arguments
				}
			}
		}
	}
	return said, nil
}

// original reads the arguments of a call as the model wrote them, if they stand apart from the call.
func (w *writer) original(call *call, said said) error {
	if call.original.length == 0 || !w.wanted(call.name) {
		return nil
	}
	arguments, err := w.window.at(call.original)
	said.arguments[cmp.Or(call.raw, call.id)] = string(arguments)
	return err
}

// blocks reads what a record of type user says. It returns nil if that cannot be read from the file again.
func (w *writer) blocks(r *record) []block {
	content, err := w.window.at(r.content)
	if err != nil {
		return nil
	}
	return blocksOf(content)
}

// result reads the result of a call; for an unwanted tool only an error, which may tell that the call was not made.
func (w *writer) result(call *call) (sdk.Message, error) {
	message := sdk.Message{Role: sdk.RoleTool, CallID: call.id, IsError: call.result.failed}
	if !w.wanted(call.name) && !call.result.failed {
		return message, nil
	}
	content, err := w.window.at(call.result.content)
	if err == nil {
		message.Text = resultText(blocksOf(content))
	}
	return message, err
}

// grow adds a text. Some writers repeat everything said before, and the last text may have grown: the longest one stays.
func grow(texts []string, raw []byte) []string {
	text := strings.TrimSpace(cleanText(raw))
	if text == "" || text == noContent {
		return texts
	}
	if n := len(texts); n > 0 && strings.HasPrefix(text, texts[n-1]) {
		texts[n-1] = text
		return texts
	}
	for _, known := range texts {
		if strings.HasPrefix(known, text) {
			return texts
		}
	}
	return append(texts, text)
}

// message returns the call, with its name split at the first double underscore after the server's.
func (c *call) message(arguments string) sdk.Call {
	call := sdk.Call{ID: c.id, Arguments: json.RawMessage(cmp.Or(arguments, "{}"))}
	call.Server, call.Tool = sdk.SplitName(c.name)
	return call
}

// say appends what was said to the model. It joins what the same speaker says in a row.
func say(messages []sdk.Message, message sdk.Message) []sdk.Message {
	if n := len(messages); n > 0 && messages[n-1].Role == sdk.RoleUser && messages[n-1].Masked == message.Masked {
		messages[n-1].Text += "\n\n" + message.Text
		return messages
	}
	return append(messages, message)
}

// endsInAnswer reports whether the model has answered everything except notices of the program at the end.
func endsInAnswer(messages []sdk.Message) bool {
	for _, message := range slices.Backward(messages) {
		if message.Role != sdk.RoleUser || !message.Masked {
			return message.Role == sdk.RoleAssistant
		}
	}
	return false
}

// began returns when the turn was opened; it is zero if the transcript does not say.
func (t *turn) began() time.Time {
	if t.opening.time == 0 {
		return time.Time{}
	}
	return time.UnixMicro(t.opening.time).UTC()
}

func (t *turn) provenance(file sdk.File) sdk.Provenance {
	p := sdk.Provenance{
		File:            file.Name,
		FirstLine:       t.opening.line,
		LastLine:        t.opening.line,
		Session:         t.opening.origin.session,
		ProducerVersion: t.opening.origin.version,
		Records:         len(t.records),
		Time:            t.began(),
	}
	for _, r := range t.records {
		p.FirstLine, p.LastLine = min(p.FirstLine, r.line), max(p.LastLine, r.line)
		if r.uuid != "" {
			p.RecordIDs = append(p.RecordIDs, r.uuid)
		}
		if r.origin.model != "" {
			p.Model = r.origin.model
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
