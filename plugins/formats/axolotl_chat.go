package formats

import (
	"context"

	"github.com/ftprep/ftprep/sdk"
)

var axolotlChatHolds = sdk.Holds{Tools: true, Results: true, Thinking: true, ParallelCalls: true, Turns: true, Masks: true}

// axolotlChat writes rows for Axolotl's chat_template type: {"messages", "tools"}, arguments as the text of an object
// (Axolotl leaves nulls out of objects), tools as the text of a list, and where something is only shown a flag "train" on
// every message, which needs message_field_training: train.
type axolotlChat struct {
	chat  chat
	tools toolList
	row   writer // its buffer serves all rows
}

func newAxolotlChat() *axolotlChat {
	return &axolotlChat{chat: chat{thinking: true, names: true, flag: trainFlag}, tools: toolList{text: true}}
}

func (a *axolotlChat) Encode(_ context.Context, e *sdk.Example) ([][]byte, error) {
	if err := checkTalk(e.Messages); err != nil {
		return nil, err
	}
	w := &a.row
	w.begin()
	a.chat.messages(w, "messages", e.System, e.Messages)
	a.tools.append(w, "tools", e.Toolset)
	return w.end()
}

func (a *axolotlChat) Decode(row []byte) (*sdk.Example, []string) {
	r := &rowReader{}
	top := r.row(row, "tools")
	if top == nil {
		return nil, r.problems
	}
	e := &sdk.Example{}
	a.chat.decode(r, top["messages"], "messages", e)
	e.Toolset = r.toolsText(top["tools"])
	return e, r.problems
}

// chatRows is the shape with what a training configuration says about it.
type chatRows struct{ *axolotlChat }

func (chatRows) Holds() sdk.Holds { return axolotlChatHolds }

func (chatRows) dataset() []string {
	return []string{"type: chat_template", "field_messages: messages", "message_field_training: train", `roles_to_train: ["assistant"]`, "train_on_eos: turn"}
}

func (chatRows) training() []string { return []string{"chat_template: tokenizer_default"} }
