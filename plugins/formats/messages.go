package formats

import (
	"bytes"
	"slices"

	"github.com/ftprep/ftprep/sdk"
)

// A chat is one consumer's variation of messages in the shape of OpenAI's API.
type chat struct {
	objects    bool   // arguments are an object, not its text
	thinking   bool   // reasoning_content stands beside content
	names      bool   // a result names the tool that was called
	apart      bool   // a message holds text or calls: content is left out beside calls
	strict     string // the reader that refuses keys it does not know; empty: they are ignored
	unevenKeys bool   // the last message of each list has a weight, which nothing reads, so that not all messages have the same keys
	flag       string // says which messages are trained on, if not all of the model's are: "weight", "train" or ""
}

// The flags of messages.
const (
	weightFlag = "weight" // 0 or 1, on the model's messages only
	trainFlag  = "train"  // true or false
)

// What several formats refuse. Reports count refusals by their wording.
var (
	errRole     = sdk.Refuse("a message with an unknown role")
	errTalk     = sdk.Refuse("not a conversation that ends with a message of the model")
	errNoAnswer = sdk.Refuse("the last message is not the model's")
	errSeveral  = sdk.Refuse("more than one question and one answer")
	errName     = sdk.Refuse("a tool's name is not 1 to 64 letters, digits, _ and -")
	errEqual    = sdk.Refuse("both answers of the pair are the same")
	errPair     = sdk.Refuse("no pair of answers")
	errJudge    = sdk.Refuse("no judgement of the answer")
	errPrompt   = sdk.Refuse("the message before the answer is neither a question nor a result")
)

// checkTalk refuses all but conversations of known roles that end on the model's words. The host makes sure of more, but a
// row of anything else would teach nonsense.
func checkTalk(messages []sdk.Message) error {
	if len(messages) < 2 || messages[len(messages)-1].Role != sdk.RoleAssistant {
		return errTalk
	}
	for i := range messages {
		switch messages[i].Role {
		case sdk.RoleUser, sdk.RoleAssistant, sdk.RoleTool, sdk.RoleSystem:
		default:
			return errRole
		}
	}
	return nil
}

// checkPrompt refuses an answer to nothing: what comes before the last message must be a question or a result.
func checkPrompt(messages []sdk.Message) error {
	if role := messages[len(messages)-2].Role; role != sdk.RoleUser && role != sdk.RoleTool {
		return errPrompt
	}
	return nil
}

// sameAnswer reports whether two messages say the same, whatever the ids of their calls.
func sameAnswer(a, b *sdk.Message) bool {
	return a.Text == b.Text && slices.EqualFunc(a.Calls, b.Calls, func(x, y sdk.Call) bool {
		return x.FullName() == y.FullName() && bytes.Equal(x.Arguments, y.Arguments)
	})
}

// messages appends a member with a conversation, the system prompt first.
func (c *chat) messages(w *writer, key, system string, messages []sdk.Message) {
	flagged := c.flag != "" && someMasked(messages)
	w.key(key)
	w.open('[')
	if system != "" {
		c.message(w, &sdk.Message{Role: sdk.RoleSystem, Text: system}, "", flagged)
	}
	var calls []sdk.Call // of the message that the results answer
	for i := range messages {
		m := &messages[i]
		if m.Role != sdk.RoleTool {
			calls = m.Calls
		}
		c.message(w, m, calledName(calls, m.CallID), flagged || c.unevenKeys && i == len(messages)-1)
	}
	w.close(']')
}

func someMasked(messages []sdk.Message) bool {
	return slices.ContainsFunc(messages, func(m sdk.Message) bool { return m.Masked && m.Role == sdk.RoleAssistant })
}

func calledName(calls []sdk.Call, id string) string {
	for i := range calls {
		if calls[i].ID == id {
			return calls[i].FullName()
		}
	}
	return ""
}

func (c *chat) message(w *writer, m *sdk.Message, name string, flagged bool) {
	w.open('{')
	w.member("role", string(m.Role))
	if !c.apart || len(m.Calls) == 0 {
		w.member("content", m.Text)
	}
	if c.thinking {
		w.filled("reasoning_content", m.Thinking)
	}
	objects(w, "tool_calls", m.Calls, func(call sdk.Call) { c.call(w, call) })
	if m.Role == sdk.RoleTool {
		w.member("tool_call_id", m.CallID)
		if c.names {
			w.filled("name", name)
		}
	}
	trained := m.Role == sdk.RoleAssistant && !m.Masked
	switch {
	case flagged && c.flag == trainFlag:
		w.boolean(trainFlag, trained)
	case flagged && (m.Role == sdk.RoleAssistant || c.unevenKeys):
		w.integer(weightFlag, weight(trained))
	}
	w.close('}')
}

func (c *chat) call(w *writer, call sdk.Call) {
	w.member("id", call.ID)
	w.member("type", "function")
	w.key("function")
	w.open('{')
	w.member("name", call.FullName())
	if c.objects {
		w.raw("arguments", call.Arguments)
	} else {
		w.quoted("arguments", call.Arguments)
	}
	w.close('}')
}

func weight(trained bool) int {
	if trained {
		return 1
	}
	return 0
}
