package claude

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
	"github.com/ftprep/ftprep/sdk/sdktest"
)

// TestPlayedSessions checks that whatever happens in a session, its turns are those that were played.
func TestPlayedSessions(t *testing.T) {
	for seed := range 200 {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			played := newPlay(seed)
			folder := t.TempDir()
			records, want := 0, map[string][]string{}
			for name, file := range played.files {
				path := filepath.Join(folder, filepath.FromSlash(name))
				require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
				require.NoError(t, os.WriteFile(path, []byte(strings.Join(file.lines, "\n")+"\n"), 0o600))
				records += len(file.lines)
				for _, conversation := range append([]*talk{file}, file.below...) {
					for _, turn := range conversation.turns {
						if turn.replied {
							want[name] = append(want[name], told(turn.context, turn.allLabels(), turn.messages))
						}
					}
				}
			}
			reading := sdktest.Read(t, Plugin, "claude", sdk.Setup{Block: "test", Paths: []string{folder}}, "{}")
			got := map[string][]string{}
			for _, e := range reading.Examples {
				got[e.SourceFile] = append(got[e.SourceFile], told(e.Context, e.Labels, e.Messages))
			}
			require.Equal(t, want, got)
			require.Equal(t, records, reading.Tally.Read)
			require.Len(t, reading.Rejects, played.bad)
		})
	}
}

// A play is an invented session, played from a seed. It writes the files that Claude Code would write and, independently of
// them, notes the turns that a reader should get.
type play struct {
	*rand.Rand
	seed, ids int
	old       bool // sub-agents are in the session's file, results in a chain, and what was typed meanwhile only in the queue
	files     map[string]*talk
	bad       int // how many lines cannot be read
}

func newPlay(seed int) *play {
	p := &play{Rand: rand.New(rand.NewPCG(uint64(seed), 0)), seed: seed, files: map[string]*talk{}}
	p.old = p.chance(50)
	t := &talk{play: p}
	p.files["s.jsonl"] = t
	t.put(object{"type": "progress", "data": object{"type": "hook_progress"}})
	if p.chance(15) { // the program begins
		t.open().context = "<task-notification>" + t.words() + "</task-notification>"
		t.put(user(t.current().context))
		t.work()
	}
	for range 1 + p.IntN(6) {
		t.turn()
	}
	return p
}

func (p *play) chance(percent int) bool { return p.IntN(100) < percent }

func (p *play) id() string {
	p.ids++
	return fmt.Sprintf("%d-%d", p.seed, p.ids)
}

// words returns a text that is said only once.
func (p *play) words() string {
	return []string{"mow", "<b>", `"hay"`, `a\b`, "Heu für 日本"}[p.IntN(5)] + " " + p.id()
}

// A talk is a conversation: its records, and its turns as a reader should get them.
type talk struct {
	*play
	agent string
	lines []string
	leaf  string // the uuid that the next record hangs on
	turns []*expected
	spots []spot
	below []*talk // those of sub-agents in the same file
}

// An expected turn is what a reader should get.
type expected struct {
	context                string
	messages               []sdk.Message
	labels                 []string
	asked, replied, broken bool
}

// A spot is a point before a turn to which the human may go back.
type spot struct {
	leaf string
	turn int
}

type object map[string]any

func (o object) with(name string, value any) object {
	o[name] = value
	return o
}

func user(content any) object {
	return object{"type": "user", "message": object{"role": "user", "content": content}}
}

func says(id string, block object) object {
	return object{"type": "assistant", "message": object{"id": id, "role": "assistant", "model": "claude-opus-4-5", "content": []object{block}}}
}

func textBlock(text string) object { return object{"type": "text", "text": text} }

// bare writes a record without an id.
func (t *talk) bare(o object) {
	line, err := json.Marshal(o)
	if err != nil {
		panic(err)
	}
	t.lines = append(t.lines, string(line))
}

// put writes a record that hangs on the one before, and returns its uuid.
func (t *talk) put(o object) string { return t.hang(t.leaf, o) }

func (t *talk) hang(parent string, o object) string {
	t.leaf = t.id()
	t.bare(o.with("uuid", t.leaf).with("parentUuid", parent).with("isSidechain", t.agent != ""))
	return t.leaf
}

// noise writes records that nothing is learned from.
func (t *talk) noise() {
	for t.chance(30) {
		switch t.IntN(6) {
		case 0:
			t.bare(object{"type": "last-prompt", "lastPrompt": "mow"})
		case 1:
			t.put(object{"type": "attachment", "attachment": object{"type": "hook_success"}})
		case 2:
			t.put(object{"type": "never-seen"})
		case 3:
			t.put(user("<system-reminder>Mind the dog.</system-reminder>").with("isMeta", true))
		case 4:
			t.bad++
			t.lines = append(t.lines, `{"type":"user",`)
		case 5: // a second writer
			if last := len(t.lines) - 1; last >= 0 && strings.Contains(t.lines[last], `"uuid"`) {
				t.lines = append(t.lines, t.lines[last])
			}
		}
	}
}

func (t *talk) current() *expected { return t.turns[len(t.turns)-1] }

func (t *talk) open() *expected {
	e := &expected{}
	if t.agent != "" {
		e.labels = []string{labelSubagent}
	}
	t.turns = append(t.turns, e)
	return e
}

// say expects a text to be said to the model; what one speaker says in a row is one message.
func (e *expected) say(text string, masked bool) {
	e.asked = e.asked || !masked
	if n := len(e.messages); n > 0 && e.messages[n-1].Role == sdk.RoleUser && e.messages[n-1].Masked == masked {
		e.messages[n-1].Text += "\n\n" + text
		return
	}
	e.messages = append(e.messages, sdk.Message{Role: sdk.RoleUser, Text: text, Masked: masked})
}

// turn plays what a human asks, and what comes of it.
func (t *talk) turn() {
	if len(t.spots) > 0 && t.chance(15) {
		t.rewind()
	} else {
		t.ask()
	}
	switch t.noise(); t.IntN(10) {
	case 0:
		t.interrupt()
	case 1:
		t.put(says(t.id(), textBlock("API Error: 529")).with("isApiErrorMessage", true))
		t.current().broken = true
	default:
		t.work()
		if t.chance(20) {
			t.notify()
		}
		if t.chance(15) {
			t.compact(false)
		}
	}
	if t.chance(15) { // what the program does by itself
		t.put(user("<command-name>/model</command-name>"))
		t.put(user("<local-command-stdout>set</local-command-stdout>"))
	}
}

// ask opens a turn, unless the model has not yet answered what was asked before.
func (t *talk) ask() {
	if len(t.turns) == 0 || t.current().replied || slices.Contains(t.current().labels, labelInterrupted) {
		t.spots = append(t.spots, spot{t.leaf, len(t.turns)})
		t.open()
	} else if t.current().context != "" { // after a summary
		t.spots = append(t.spots, spot{t.leaf, len(t.turns) - 1})
	}
	text := t.words()
	switch t.IntN(4) {
	case 0:
		t.put(user([]object{textBlock("<ide_opened_file>x.go</ide_opened_file>"), textBlock(text)}))
	case 1:
		t.bare(object{"type": "queue-operation", "operation": "enqueue", "content": text})
		t.noise()
		t.bare(object{"type": "queue-operation", "operation": "dequeue"})
		t.put(user(text))
	case 2:
		text = "/mow " + text
		t.put(user("<command-name>/mow</command-name><command-args>" + strings.TrimPrefix(text, "/mow ") + "</command-args>"))
		t.put(user([]object{textBlock("Mow the field.")}).with("isMeta", true))
	default:
		t.put(user(text))
	}
	t.current().say(text, false)
}

// rewind plays a human who goes back to the point before a turn.
func (t *talk) rewind() {
	at := t.IntN(len(t.spots))
	back := t.spots[at]
	from := t.turns[back.turn]
	for _, e := range t.turns[back.turn:] {
		e.labels = append(e.labels, labelRewound)
	}
	t.spots = append(t.spots[:at], spot{back.leaf, len(t.turns)})
	instead := t.open()
	instead.context = from.context
	text := t.words()
	t.hang(back.leaf, user(text))
	instead.say(text, false)
}

// work makes the model call tools and come to an end.
func (t *talk) work() {
	for range t.IntN(4) {
		t.step(1 + t.IntN(3))
		if t.agent == "" && t.chance(8) {
			t.compact(true)
		}
	}
	t.step(0)
}

// step plays an answer of the model in parts, with its calls and their results in any order.
func (t *talk) step(calls int) {
	id, m := t.id(), sdk.Message{Role: sdk.RoleAssistant}
	if t.chance(50) {
		m.Thinking = t.words()
		t.put(says(id, object{"type": "thinking", "thinking": m.Thinking}))
	}
	if t.noise(); calls == 0 || t.chance(50) {
		m.Text = t.words()
		t.put(says(id, textBlock("\n\n")))
		t.put(says(id, textBlock(m.Text)))
	}
	var results []sdk.Message
	var due []func()
	meanwhile := &expected{}
	give := func(n int) {
		t.Shuffle(len(due), func(i, j int) { due[i], due[j] = due[j], due[i] })
		for _, result := range due[:n] {
			result()
			t.noise()
			if t.agent == "" && t.chance(8) {
				t.steer(meanwhile)
			}
		}
		due = due[n:]
	}
	for range calls {
		call, result, write := t.call(meanwhile)
		at := t.put(says(id, object{"type": "tool_use", "id": call.ID, "name": call.Tool, "input": call.Arguments}))
		m.Calls, results = append(m.Calls, call), append(results, result)
		due = append(due, func() { write(at) })
		if !t.old && t.chance(40) {
			give(1)
		}
	}
	give(len(due))
	e := t.current()
	e.messages = append(append(e.messages, m), results...)
	e.labels = append(e.labels, meanwhile.labels...)
	for _, said := range meanwhile.messages {
		e.say(said.Text, said.Masked)
	}
	e.replied, e.broken = true, false
}

// call returns a call, its result as the model sees it, and a function that writes the result.
func (t *talk) call(meanwhile *expected) (sdk.Call, sdk.Message, func(at string)) {
	call := sdk.Call{ID: t.id(), Tool: []string{"Bash", "Read"}[t.IntN(2)], Arguments: json.RawMessage(`{"z":1.0,"a":12345678901234567890}`)}
	seen := sdk.Message{Role: sdk.RoleTool, CallID: call.ID, Text: t.words()}
	block := object{"type": "tool_result", "tool_use_id": call.ID, "content": seen.Text}
	before := func() {}
	switch t.IntN(8) {
	case 0:
		block["content"] = []object{textBlock(seen.Text)}
	case 1:
		seen.Text, seen.IsError = "Exit code 1\n"+seen.Text, true
		block = block.with("content", seen.Text).with("is_error", true)
	case 2:
		block["content"] = seen.Text + "\n\n<system-reminder>\nMind the dog.\n</system-reminder>"
	case 3:
		seen.Text, seen.IsError = "The user doesn't want to proceed with this tool use. The user said:\n"+seen.Text, true
		block = block.with("content", seen.Text).with("is_error", true)
		meanwhile.labels = append(meanwhile.labels, labelRejected)
	case 4:
		if t.agent == "" {
			call.Tool = "Task"
			before = t.delegate()
			meanwhile.labels = append(meanwhile.labels, labelDelegated)
		}
	}
	return call, seen, func(at string) {
		before()
		if t.old {
			at = t.leaf
		}
		t.hang(at, user([]object{block}).with("toolUseResult", object{"stdout": "not what the model saw"}))
	}
}

// delegate makes a sub-agent work. It returns a function that writes the sub-agent's records, unless they have a file of their
// own.
func (t *talk) delegate() func() {
	sub := &talk{play: t.play, agent: t.id()}
	text := t.words()
	sub.open().say(text, false)
	sub.put(user(text))
	sub.work()
	if !t.old {
		t.files["s/subagents/agent-"+sub.agent+".jsonl"] = sub
		return func() {}
	}
	return func() {
		t.lines = append(t.lines, sub.lines...)
		t.below = append(t.below, sub)
	}
}

// steer plays what a human types while the model works, or what the program tells it.
func (t *talk) steer(e *expected) {
	text, mode := t.words(), "prompt"
	if t.chance(30) {
		text, mode = "<task-notification>"+text+"</task-notification>", "task-notification"
	}
	t.bare(object{"type": "queue-operation", "operation": "enqueue", "content": text})
	t.noise()
	t.bare(object{"type": "queue-operation", "operation": "remove"})
	if !t.old {
		t.put(object{"type": "attachment", "attachment": object{"type": "queued_command", "prompt": text, "commandMode": mode}})
	}
	e.say(text, mode != "prompt")
}

// notify tells the model, which had come to its end, that a task has ended, and makes it continue.
func (t *talk) notify() {
	text := "<task-notification>" + t.words() + "</task-notification>"
	t.put(user(text))
	t.current().say(text, true)
	t.work()
}

// compact makes the model continue from a summary, in the middle of its work or after it.
func (t *talk) compact(amid bool) {
	before, cut, e := t.leaf, t.current(), t.open()
	e.context = "This session is being continued from a previous conversation. " + t.words()
	t.hang("", object{"type": "system", "subtype": "compact_boundary", "logicalParentUuid": before})
	t.put(user(e.context).with("isCompactSummary", true))
	t.spots = nil
	if !t.old && t.chance(50) {
		t.leaf = before
	}
	if !amid {
		t.put(user("<command-name>/compact</command-name>"))
		t.put(user("<local-command-stdout>Compacted</local-command-stdout>"))
		return
	}
	for _, m := range cut.messages { // the request is repeated
		if m.Role != sdk.RoleUser || m.Masked {
			return
		}
		e.messages, e.asked = append(e.messages, m), true
		e.labels = []string{labelContinued}
	}
}

// interrupt interrupts the model, before it says anything or after a call.
func (t *talk) interrupt() {
	if t.chance(70) {
		t.step(1)
	}
	t.put(user([]object{textBlock("[Request interrupted by user]")}))
	t.current().labels, t.current().broken = append(t.current().labels, labelInterrupted), true
}

// allLabels returns the labels of a turn that has come to its end.
func (e *expected) allLabels() []string {
	labels := slices.Clone(e.labels)
	if !e.asked {
		labels = append(labels, labelContinued)
	}
	last := slices.Clone(e.messages)
	for last[len(last)-1].Masked { // what the program told the model needs no answer
		last = last[:len(last)-1]
	}
	if e.broken || last[len(last)-1].Role != sdk.RoleAssistant {
		labels = append(labels, sdk.LabelUnfinished)
	}
	return labels
}

// told returns a turn as one text.
func told(context string, labels []string, messages []sdk.Message) string {
	slices.Sort(labels)
	text := fmt.Sprintf("%s %s\n", cmp.Or(context, "no context"), slices.Compact(labels))
	for _, m := range messages {
		text += fmt.Sprintf("%s masked=%t error=%t %s %q %q", m.Role, m.Masked, m.IsError, m.CallID, m.Thinking, m.Text)
		for _, call := range m.Calls {
			text += fmt.Sprintf(" %s(%s)=%s", call.Tool, call.Arguments, call.ID)
		}
		text += "\n"
	}
	return text
}
