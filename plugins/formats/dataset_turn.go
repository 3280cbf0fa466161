package formats

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ftprep/ftprep/sdk"
)

// turn reads a message: {"role", "content"}, or {"from", "value"} as ShareGPT has it.
func (r *datasetReader) turn(o object) {
	role, content, shared := o.take("role"), "content", false
	if role == nil {
		role, content, shared = o.take("from"), "value", true
	}
	switch speaker := r.text(role, "the role of a message"); speaker {
	case "system", "developer":
		r.system(r.content(o, content, true))
		r.shown(o)
	case "user", "human":
		r.asked(r.content(o, content, true))
		r.shown(o)
	case "assistant", "gpt":
		r.answer(o, content)
	case "function_call":
		r.add(r.sharedCalls(o, r.content(o, content, true)))
	case "tool_call":
		r.swiftCall(o, r.content(o, content, true))
	case "tool", "tool_response", "observation", "function":
		r.result(o, r.content(o, content, false), shared)
	default:
		r.report("unknown role" + quoted(" ", speaker))
	}
}

// system keeps the prompt that comes first; a later one is a message.
func (r *datasetReader) system(text string) {
	if len(r.example.Messages) == 0 && r.example.System == "" {
		r.example.System = text
		return
	}
	r.example.Messages = append(r.example.Messages, sdk.Message{Role: sdk.RoleSystem, Text: text})
}

func (r *datasetReader) answer(o object, content string) {
	m := sdk.Message{Role: sdk.RoleAssistant}
	for _, key := range []string{"reasoning_content", "reasoning", "thinking"} {
		r.think(o, key, &m)
	}
	for _, value := range r.listed(o.take("tool_calls"), "tool_calls") {
		m.Calls = append(m.Calls, r.call(value))
	}
	if call := o.take("function_call"); call != nil { // as in OpenAI's API before it had parallel calls
		m.Calls = append(m.Calls, r.call(call))
	}
	m.Text = r.content(o, content, len(m.Calls) == 0 && m.Thinking == "")
	m.Masked = r.masked(o)
	r.add(r.thought(m))
}

// think reads a member that holds what the model thinks. A further one that says something else stays unread.
func (r *datasetReader) think(o object, key string, m *sdk.Message) {
	if o[key].Kind() != '"' {
		return
	}
	switch text := r.text(o[key], key); {
	case m.Thinking == "":
		m.Thinking = text
	case text != "" && text != m.Thinking:
		return
	}
	delete(o, key)
}

// thought parts what the model thinks from its text, if they are written so that they can be put together again.
func (r *datasetReader) thought(m sdk.Message) sdk.Message {
	if r.thinkTags && m.Thinking == "" {
		m.Thinking, m.Text = partThought(m.Text)
	}
	return m
}

func partThought(text string) (thinking, rest string) {
	if found := sharedThought.FindStringSubmatch(text); found != nil && strings.Trim(found[1], "\n") != "" {
		return found[1], text[len(found[0]):]
	}
	return "", text
}

// content reads the text of a message, which may be in parts. If it is needed, it must be there.
func (r *datasetReader) content(o object, key string, needed bool) string {
	value := o.take(key)
	switch {
	case value == nil && !needed:
		return ""
	case value.Kind() != '[':
		return r.text(value, key)
	}
	var text strings.Builder
	for _, value := range r.list(value, key) {
		part := r.object(value, "a part of "+key)
		kind := r.text(part.take("type"), "the type of a part of "+key)
		if kind != "text" {
			r.report(key + " of a type" + quoted(" ", kind) + " that is not text")
			continue
		}
		text.WriteString(r.text(part.take("text"), "the text of a part of "+key))
		r.rest(part, "a part of "+key)
	}
	return text.String()
}

// masked reads whether a message of the model's is only shown.
func (r *datasetReader) masked(o object) bool {
	masked := false
	for _, key := range []string{trainFlag, "loss"} {
		if value := o.take(key); value != nil {
			masked = !r.flag(value, key)
		}
	}
	switch weight := o.take(weightFlag); string(weight) {
	case "0", "0.0":
		masked = true
	case "", "1", "1.0":
	default:
		r.report("a weight other than 0 and 1")
	}
	return masked
}

// shown takes the flags of a message that is not the model's and so is never trained on. A flag that says it is stays unread.
func (r *datasetReader) shown(o object) {
	for _, key := range []string{trainFlag, "loss", weightFlag} {
		if text := string(o[key]); text == "false" || text == "0" || text == "0.0" {
			delete(o, key)
		}
	}
}

// add appends a message of the user's or the model's, whose calls wait for results.
func (r *datasetReader) add(m sdk.Message) {
	for i := range m.Calls {
		r.expectResult(&m.Calls[i], len(r.example.Messages))
	}
	r.example.Messages = append(r.example.Messages, m)
}

// swiftCall reads a call as ms-swift has it: a message of its own, which belongs to the model's message before it.
func (r *datasetReader) swiftCall(o object, content string) {
	masked, messages := r.masked(o), r.example.Messages
	call := r.call(jsontext.Value(content))
	if len(messages) == 0 || messages[len(messages)-1].Role != sdk.RoleAssistant {
		r.add(sdk.Message{Role: sdk.RoleAssistant, Masked: masked, Calls: []sdk.Call{call}})
		return
	}
	last := &messages[len(messages)-1]
	r.check(last.Masked == masked, "a call and the text before it differ in loss")
	if len(last.Calls) == 0 { // ms-swift joins the two without a mark: a line end is what parts them
		last.Text = strings.TrimSuffix(last.Text, "\n")
	}
	r.expectResult(&call, len(messages)-1)
	last.Calls = append(last.Calls, call)
}

// sharedCalls reads a turn of calls as LLaMA-Factory does: one or a list of them, in tags if a text stands before them.
func (r *datasetReader) sharedCalls(o object, value string) sdk.Message {
	m := sdk.Message{Role: sdk.RoleAssistant, Masked: r.masked(o)}
	thinking, said := partThought(value)
	if m.Thinking = thinking; !r.thinkTags {
		m.Thinking, m.Text = "", value[:len(value)-len(said)]
	}
	if at := sharedCall.FindStringSubmatchIndex(said); at != nil {
		r.check(strings.TrimSpace(said[at[1]:]) == "", "text after the calls")
		m.Text, said = m.Text+strings.TrimSuffix(said[:at[0]], "\n"), said[at[2]:at[3]]
	}
	calls := jsontext.Value(strings.TrimSpace(said))
	if calls.Kind() != '[' {
		calls = single(calls)
	}
	for _, call := range r.list(calls, "a function_call") {
		m.Calls = append(m.Calls, r.call(call))
	}
	return m
}
