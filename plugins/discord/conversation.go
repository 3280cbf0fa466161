package discord

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/ftprep/ftprep/sdk"
)

// A conversation gathers the messages of one turn.
type conversation struct {
	id       string // of the request
	messages []sdk.Message
	calls    int
	asking   int     // index of the message that holds the latest call
	latest   *record // the latest call
}

// say adds words of the model. A bot splits an answer that is too long for Discord, so they may be a continuation.
func (c *conversation) say(words string) {
	if words != "" {
		message := c.assistant()
		message.Text = strings.TrimPrefix(message.Text+"\n\n"+words, "\n\n")
	}
}

// call adds a call with its result, if the log has one.
func (c *conversation) call(r *record) {
	if c.latest == nil || !together(c.latest, r) {
		c.assistant()
		c.asking = len(c.messages) - 1
	}
	c.calls++
	c.latest = r
	call := sdk.Call{
		ID:        fmt.Sprintf("%s-%d", c.id, c.calls),
		Server:    string(r.Server),
		Tool:      strings.TrimSpace(string(r.Tool)),
		Arguments: r.Arguments,
	}
	c.messages[c.asking].Calls = append(c.messages[c.asking].Calls, call)
	if text, ok := r.answer(); ok {
		c.messages = append(c.messages, sdk.Message{Role: sdk.RoleTool, CallID: call.ID, Text: text, IsError: r.failed()})
	}
}

// assistant returns the last message, to which the model still adds. Unless that is the model's and has no calls, it appends a
// new one.
func (c *conversation) assistant() *sdk.Message {
	if last := c.messages[len(c.messages)-1]; last.Role != sdk.RoleAssistant || len(last.Calls) > 0 {
		c.messages = append(c.messages, sdk.Message{Role: sdk.RoleAssistant})
	}
	return &c.messages[len(c.messages)-1]
}

// together reports whether the model asked for two neighbouring calls at once.
func together(a, b *record) bool {
	if a.Step != "" && b.Step != "" {
		return a.Step == b.Step
	}
	first, second := a.time(), b.time()
	if first.Nanosecond() == 0 && second.Nanosecond() == 0 { // a clock of whole seconds cannot tell
		return false
	}
	apart := second.Sub(first)
	return apart >= 0 && apart < 20*time.Millisecond
}

// answer returns the result of a call as the model saw it, as far as the log has it; it reports false if there is none.
func (r *record) answer() (string, bool) {
	nothing := len(r.Result) == 0 || string(r.Result) == "null" || string(r.Result) == `""`
	if nothing && r.Error != "" {
		return string(r.Error), true
	}
	if len(r.Result) > 0 && r.Result[0] == '"' {
		var words string
		err := json.Unmarshal(r.Result, &words)
		return words, err == nil
	}
	return string(r.Result), len(r.Result) > 0
}
