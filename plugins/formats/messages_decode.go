package formats

import (
	"github.com/go-json-experiment/json/jsontext"

	"github.com/ftprep/ftprep/sdk"
)

// decode reads a list of messages into the example; a system prompt must be the first. what names the list in problems.
func (c *chat) decode(r *rowReader, list jsontext.Value, what string, e *sdk.Example) {
	for i, value := range r.list(list, what) {
		o := r.object(value, "a message", c.optional()...)
		m := c.decodeMessage(r, o)
		if m.Role == sdk.RoleSystem && i == 0 {
			e.System = m.Text
			continue
		}
		r.check(m.Role != sdk.RoleSystem, "a system message that is not the first")
		e.Messages = append(e.Messages, m)
	}
}

// decodeOne reads a list of exactly one message, the model's.
func (c *chat) decodeOne(r *rowReader, list jsontext.Value, what string) sdk.Message {
	var e sdk.Example
	c.decode(r, list, what, &e)
	if len(e.Messages) != 1 || e.Messages[0].Role != sdk.RoleAssistant {
		r.report(what + " is not one message of the model's")
		return sdk.Message{Role: sdk.RoleAssistant}
	}
	return e.Messages[0]
}

func (c *chat) decodeMessage(r *rowReader, o object) sdk.Message {
	m := sdk.Message{Role: sdk.Role(r.text(o["role"], "a role"))}
	if c.strict != "" {
		r.reportUnknown(o, c.strict, c.keys(m.Role)...)
	}
	switch m.Role {
	case sdk.RoleSystem, sdk.RoleUser:
	case sdk.RoleTool:
		m.CallID = r.text(o["tool_call_id"], "the tool_call_id of a result")
	case sdk.RoleAssistant:
		if c.thinking {
			m.Thinking = r.optional(o["reasoning_content"], "reasoning_content")
		}
		if calls, ok := o["tool_calls"]; ok {
			for _, call := range r.list(calls, "tool_calls") {
				m.Calls = append(m.Calls, c.decodeCall(r, r.object(call, "a call")))
			}
		}
	default:
		r.report("a role other than system, user, assistant and tool")
	}
	c.decodeContent(r, o, &m)
	c.decodeFlag(r, o, &m)
	return m
}

// optional returns the keys that a message may lack.
func (c *chat) optional() []string {
	keys := []string{"content", "tool_calls"}
	if c.thinking {
		keys = append(keys, "reasoning_content")
	}
	if c.flag != "" {
		keys = append(keys, c.flag)
	}
	return keys
}

// keys returns the keys that a strict reader takes in a message.
func (c *chat) keys(role sdk.Role) []string {
	switch role {
	case sdk.RoleTool:
		if c.names {
			return []string{"role", "content", "tool_call_id", "name"}
		}
		return []string{"role", "content", "tool_call_id"}
	case sdk.RoleAssistant:
		return []string{"role", "content", "tool_calls", "name", c.flag}
	}
	return []string{"role", "content", "name"}
}

// decodeContent reads the text. Templates fail if the key is missing; strict readers do not if there are calls.
func (c *chat) decodeContent(r *rowReader, o object, m *sdk.Message) {
	content, ok := o["content"]
	switch {
	case c.strict != "" && len(m.Calls) > 0 && (!ok || content.Kind() == 'n'):
	case !ok:
		r.report("a message without content")
	default:
		m.Text = r.text(content, "content")
		r.check(!c.apart || len(m.Calls) == 0 || m.Text == "", "text beside calls: the V3 tokenizer takes only one of them")
	}
}

func (c *chat) decodeCall(r *rowReader, o object) sdk.Call {
	call := sdk.Call{ID: r.text(o["id"], "the id of a call")}
	r.check(string(o["type"]) == `"function"`, "a call whose type is not function")
	function := r.object(o["function"], "the function of a call")
	call.Server, call.Tool = sdk.SplitName(r.text(function["name"], "the name of a call"))
	arguments := function["arguments"]
	isText := arguments.Kind() == '"'
	r.check(!c.objects || !isText, "arguments that are text: templates print them as text within text")
	r.check(c.objects || isText, "arguments that are not the text of an object")
	if isText {
		arguments = r.unwrap(arguments, "arguments")
	}
	call.Arguments = r.arguments(arguments)
	return call
}

// decodeFlag reads whether a message is trained on.
func (c *chat) decodeFlag(r *rowReader, o object, m *sdk.Message) {
	flag, ok := o[c.flag]
	if !ok || c.flag == "" {
		return
	}
	trained := false
	switch c.flag {
	case trainFlag:
		trained = r.flag(flag, trainFlag)
		r.check(!trained || m.Role == sdk.RoleAssistant, "train is true on a message that is not the model's")
	default:
		trained = string(flag) == "1"
		r.check(trained || string(flag) == "0", "a weight other than 0 and 1")
	}
	m.Masked = m.Role == sdk.RoleAssistant && !trained
}

// decodeNames reports names of tools that an API would refuse.
func decodeNames(r *rowReader, e *sdk.Example) {
	r.check(apiNames(e), "a tool's name that is not 1 to 64 letters, digits, _ and -")
}
