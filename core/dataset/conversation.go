package dataset

import (
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/ftprep/ftprep/core/shape"
	"github.com/ftprep/ftprep/sdk"
)

// conversation checks what a row teaches. Trainers take most of this without a warning.
func (c *checker) conversation(line int, e *sdk.Example) {
	report := func(format string, args ...any) { c.problem(line, format, args...) }
	if len(e.Messages) == 0 {
		report("no messages")
		return
	}
	t := &conversationCheck{bare: c.settings.Bare, tools: names(e.Toolset), offered: e.Toolset != nil, bad: -1, ids: map[string]bool{}, report: report}
	if e.Good != nil && !*e.Good {
		t.bad = len(e.Messages) - 1
	}
	for i := range e.Messages {
		t.message(i, &e.Messages[i])
	}
	t.end(e)
	if len(t.ids) > 0 && !t.offered && !c.settings.Bare {
		c.warn(line, "the row calls tools but offers none")
	}
	definitions(e.Toolset, report)
	c.texts(line, e)
}

// conversationCheck follows a conversation.
type conversationCheck struct {
	bare    bool // calls have no results
	tools   map[string]bool
	offered bool
	bad     int // the message that is judged to be bad, which may call a tool that does not exist; -1: none
	ids     map[string]bool
	open    []string // calls without a result
	asked   bool
	taught  bool
	report  func(string, ...any)
}

func (t *conversationCheck) message(i int, m *sdk.Message) {
	switch m.Role {
	case sdk.RoleSystem:
	case sdk.RoleUser:
		t.asked = true
		t.unanswered(i)
	case sdk.RoleAssistant:
		t.unanswered(i)
		t.assistant(i, m)
	case sdk.RoleTool:
		t.result(i, m)
	default:
		t.report("message %d has an unknown role, %q", i, m.Role)
	}
}

func (t *conversationCheck) unanswered(i int) {
	if len(t.open) > 0 && !t.bare {
		t.report("message %d comes before the result of a call", i)
		t.open = nil
	}
}

func (t *conversationCheck) assistant(i int, m *sdk.Message) {
	if len(m.Calls) == 0 && strings.TrimSpace(m.Text) == "" {
		t.report("message %d is the model's, but empty", i)
	}
	t.taught = t.taught || !m.Masked
	for _, call := range m.Calls {
		if call.ID == "" || t.ids[call.ID] {
			t.report("message %d has a call with the id %q, which is empty or used twice", i, call.ID)
		}
		t.ids[call.ID] = true
		t.open = append(t.open, call.ID)
		t.call(i, call)
	}
}

func (t *conversationCheck) call(i int, call sdk.Call) {
	if t.offered && i != t.bad && !t.tools[call.FullName()] {
		t.report("message %d calls %q, which is not among the tools", i, call.FullName())
	}
	var arguments map[string]jsontext.Value
	if err := json.Unmarshal(call.Arguments, &arguments); err != nil || arguments == nil {
		t.report("message %d calls %q with arguments that are not a JSON object", i, call.FullName())
	}
}

func (t *conversationCheck) result(i int, m *sdk.Message) {
	for k, id := range t.open {
		if id == m.CallID {
			t.open = append(t.open[:k:k], t.open[k+1:]...)
			return
		}
	}
	t.report("message %d is a result for the call %q, which is not waiting for one", i, m.CallID)
}

// end checks a conversation as a whole: it has a user message and something to train on, and ends with a message of the
// model. The prompt of a pair ends with a user message or a result, and its answers differ.
func (t *conversationCheck) end(e *sdk.Example) {
	last := len(e.Messages) - 1
	if e.Messages[last].Role != sdk.RoleAssistant {
		t.report("the last message is not the model's")
	}
	if !t.asked {
		t.report("no user message")
	}
	if !t.taught {
		t.report("nothing to train on")
	}
	if e.Rejected == nil {
		return
	}
	if last == 0 || e.Messages[last-1].Role == sdk.RoleAssistant {
		t.report("the prompt of the pair does not end with a user message or a result")
	}
	if same(e.Messages[last], *e.Rejected) {
		t.report("the better and the worse answer are the same")
	}
	if len(e.Rejected.Calls) == 0 && strings.TrimSpace(e.Rejected.Text) == "" {
		t.report("the worse answer is empty")
	}
}

func same(a, b sdk.Message) bool {
	if a.Text != b.Text || a.Thinking != b.Thinking || len(a.Calls) != len(b.Calls) {
		return false
	}
	for i := range a.Calls {
		if a.Calls[i].FullName() != b.Calls[i].FullName() || string(a.Calls[i].Arguments) != string(b.Calls[i].Arguments) {
			return false
		}
	}
	return true
}

func names(set *sdk.Toolset) map[string]bool {
	all := map[string]bool{}
	if set != nil {
		for _, tool := range set.Tools {
			all[tool.FullName()] = true
		}
	}
	return all
}

// definitions checks what templates and parsers of calls need from a tool: a name and a schema of an object with properties.
func definitions(set *sdk.Toolset, report func(string, ...any)) {
	if set == nil {
		return
	}
	for _, tool := range set.Tools {
		var schema struct {
			Type       string         `json:"type"`
			Properties jsontext.Value `json:"properties"`
		}
		switch err := json.Unmarshal(tool.Schema, &schema); {
		case tool.Name == "":
			report("a tool has no name")
		case err != nil || schema.Type != "object" || schema.Properties.Kind() != '{':
			report("the tool %q has no schema of an object with properties", tool.FullName())
		}
	}
}

// texts looks for what a tokenizer or a template would take for something else, and for nulls, which some readers lose.
func (c *checker) texts(line int, e *sdk.Example) {
	check := func(where, text string) {
		if shape.HasControl(text) {
			c.problem(line, "a special token in %s", where)
		}
		for _, mark := range []string{"<image>", "<video>", "<audio>"} {
			if strings.Contains(text, mark) {
				c.warn(line, "%s in a text: trainers of multimodal models count it as an attachment", mark)
			}
		}
	}
	message := func(where string, m sdk.Message) {
		check(where, m.Text)
		check("the reasoning of "+where, m.Thinking)
		for _, call := range m.Calls {
			c.arguments(line, where, call)
		}
	}
	check("the system prompt", e.System)
	for i, m := range e.Messages {
		message(fmt.Sprintf("message %d", i), m)
	}
	if e.Rejected != nil {
		message("the worse answer", *e.Rejected)
	}
}

func (c *checker) arguments(line int, where string, call sdk.Call) {
	decoder := jsontext.NewDecoder(strings.NewReader(string(call.Arguments)), jsontext.AllowDuplicateNames(true))
	for {
		token, err := decoder.ReadToken()
		if err != nil {
			return
		}
		switch token.Kind() {
		case '"':
			if shape.HasControl(token.String()) {
				c.problem(line, "a special token in the arguments of %s", where)
			}
		case 'n':
			c.warn(line, "null in arguments: some readers take it for a missing key")
		}
	}
}
