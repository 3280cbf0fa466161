package formats

import (
	"context"

	"github.com/ftprep/ftprep/sdk"
)

// chatRows writes rows for Axolotl's chat_template type: {"messages", "tools"}. Arguments are the text of an object, because
// Axolotl leaves nulls out of objects; tools are the text of a list. If something is only shown, every message has a flag
// "train", which needs message_field_training: train.
type chatRows struct {
	chat  chat
	tools toolList
	row   writer // its buffer serves all rows
}

func newChatRows() *chatRows {
	return &chatRows{chat: chat{thinking: true, names: true, flag: trainFlag}, tools: toolList{text: true}}
}

func (*chatRows) Holds() sdk.Holds {
	return sdk.Holds{Tools: true, Results: true, Thinking: true, ParallelCalls: true, Turns: true, Masks: true}
}

func (*chatRows) dataset() []string {
	return []string{"type: chat_template", "field_messages: messages", "message_field_training: train", `roles_to_train: ["assistant"]`, "train_on_eos: turn"}
}

func (*chatRows) training() []string { return []string{"chat_template: tokenizer_default"} }

func (c *chatRows) Encode(_ context.Context, e *sdk.Example) ([][]byte, error) {
	if err := checkTalk(e.Messages); err != nil {
		return nil, err
	}
	w := &c.row
	w.begin()
	c.chat.messages(w, "messages", e.System, e.Messages)
	c.tools.append(w, "tools", e.Toolset)
	return w.end()
}

func (c *chatRows) Decode(row []byte) (*sdk.Example, []string) {
	r := &rowReader{}
	top := r.row(row, "tools")
	if top == nil {
		return nil, r.problems
	}
	e := &sdk.Example{}
	c.chat.decode(r, top["messages"], "messages", e)
	e.Toolset = r.toolsText(top["tools"])
	return e, r.problems
}
