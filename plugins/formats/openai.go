package formats

import (
	"context"
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

const openaiDoc = `Rows of messages and tools for OpenAI's fine-tuning API: {"messages", "tools"}, with arguments as the text of an object. ` +
	`Axolotl (chat_template with message_field_training: weight) and ms-swift read them as they are, too; TRL and LLaMA-Factory do not, because they print such arguments as text within text. ` +
	`Thinking is left out. A message that is only shown has weight 0. Names of tools must be 1 to 64 letters, digits, _ and -; otherwise the example is refused.`

type openaiOptions struct {
	Shape string `option:"shape" doc:"What a row is. messages: a conversation. preference: a conversation with a preferred and a non-preferred answer, for OpenAI's DPO. The service takes only answers of text, so pairs whose answers call tools are refused." default:"messages" one_of:"messages,preference"`
}

// openaiChat is what OpenAI's fine-tuning API documents (FineTuneChatRequestInput).
var openaiChat = chat{strict: "OpenAI", flag: weightFlag}

var openaiHolds = sdk.Holds{Tools: true, Results: true, ParallelCalls: true, Turns: true, Masks: true}

// openai writes rows for OpenAI's fine-tuning API.
type openai struct {
	chat       chat
	tools      toolList
	preference bool
	row        writer // its buffer serves all rows
}

func newOpenai(setup sdk.Setup, o openaiOptions) (sdk.Format, error) {
	return &openai{chat: openaiChat, preference: o.Shape == "preference"}, noTable(setup)
}

func (o *openai) Holds() sdk.Holds {
	holds := openaiHolds
	if o.preference {
		holds.Preferences, holds.Masks = true, false
	}
	return holds
}

func (o *openai) Encode(_ context.Context, e *sdk.Example) ([][]byte, error) {
	if err := checkTalk(e.Messages); err != nil {
		return nil, err
	}
	if !apiNames(e) {
		return nil, errName
	}
	w := &o.row
	w.begin()
	if !o.preference {
		o.chat.messages(w, "messages", e.System, e.Messages)
		o.tools.append(w, "tools", e.Toolset)
	} else if err := o.pair(w, e); err != nil {
		return nil, err
	}
	return w.end()
}

// pair appends the members of a row for direct preference optimisation.
func (o *openai) pair(w *writer, e *sdk.Example) error {
	if err := checkPrompt(e.Messages); err != nil {
		return err
	}
	last := len(e.Messages) - 1
	better, worse := &e.Messages[last], e.Rejected
	switch {
	case worse == nil:
		return errPair
	case len(better.Calls)+len(worse.Calls) > 0:
		return sdk.Refuse("an answer of the pair calls a tool: OpenAI takes only pairs of texts")
	case strings.TrimSpace(better.Text) == "" || strings.TrimSpace(worse.Text) == "":
		return sdk.Refuse("an answer of the pair is empty")
	case better.Text == worse.Text:
		return errEqual
	}
	w.key("input")
	w.open('{')
	o.chat.messages(w, "messages", e.System, e.Messages[:last])
	o.tools.append(w, "tools", e.Toolset)
	w.close('}')
	o.chat.messages(w, "preferred_output", "", []sdk.Message{{Role: sdk.RoleAssistant, Text: better.Text}})
	o.chat.messages(w, "non_preferred_output", "", []sdk.Message{{Role: sdk.RoleAssistant, Text: worse.Text}})
	return nil
}
