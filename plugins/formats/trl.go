package formats

import (
	"cmp"
	"context"
	"slices"

	"github.com/ftprep/ftprep/sdk"
)

const trlDoc = `Rows for TRL's SFT, DPO and KTO trainers, which Axolotl reads, too (type: chat_template): messages as chat templates want them, arguments as objects, thinking as reasoning_content, and tools as the text of a list. ` +
	`Needs TRL 0.29 and datasets 4.7 or later. With the shape messages, TRL trains on every token unless you set assistant_only_loss = true, which suits Qwen's templates; with others, choose prompt_completion. TRL's max_length is 1024 tokens unless you set it. ` +
	`The library that loads the file changes some numbers, such as 0.7 and those with more than ten decimals; an example is refused if the arguments of a call hold one. ` +
	`In the first row, the last message of each list has a weight, which trainers ignore: because the messages then differ in their keys, the loader takes messages of any shape in the rows below.`

type trlOptions struct {
	Shape string `option:"shape" doc:"What a row is. messages: a conversation (SFT). prompt_completion: a message that is trained on, with everything before it as the prompt; a conversation makes a row for each such message (SFT, exact loss with any template). preference: prompt, chosen and rejected (DPO). kto: prompt, completion and label (KTO)." default:"messages" one_of:"messages,prompt_completion,preference,kto"`
}

// The shapes of TRL's rows.
const (
	shapeMessages   = "messages"
	shapeCompletion = "prompt_completion"
	shapePreference = "preference"
	shapeKTO        = "kto"
)

var trlHolds = sdk.Holds{Tools: true, Results: true, Thinking: true, ParallelCalls: true, Turns: true}

// trl writes rows for the trainers of TRL. All rows of a file are of one type; trainers look at the first to see which.
type trl struct {
	chat  chat
	tools toolList
	shape string
	begun map[string]bool // the splits whose file has a first row
	row   writer          // its buffer serves all rows
}

func newTrl(setup sdk.Setup, o trlOptions) (sdk.Format, error) {
	return &trl{chat: chat{objects: true, thinking: true, names: true}, tools: toolList{text: true}, shape: o.Shape, begun: map[string]bool{}}, noTable(setup)
}

func (t *trl) Begin(context.Context, sdk.Dataset) error {
	clear(t.begun)
	return nil
}

func (t *trl) Holds() sdk.Holds {
	holds := trlHolds
	holds.LastOnly = t.shape == shapeCompletion
	holds.Preferences = t.shape == shapePreference
	holds.Judgements = t.shape == shapeKTO
	return holds
}

func (t *trl) Encode(_ context.Context, e *sdk.Example) ([][]byte, error) {
	if err := t.check(e); err != nil {
		return nil, err
	}
	w := &t.row
	w.begin()
	last := len(e.Messages) - 1
	switch prompt, answer := e.Messages[:last], e.Messages[last:]; t.shape {
	case shapeMessages:
		t.list(w, "messages", e, e.Messages)
	case shapePreference:
		t.list(w, "prompt", e, prompt)
		t.list(w, "chosen", e, answer)
		t.list(w, "rejected", e, []sdk.Message{*e.Rejected})
	default:
		t.list(w, "prompt", e, prompt)
		t.list(w, "completion", e, answer)
	}
	if t.shape == shapeKTO {
		w.boolean("label", *e.Good)
	}
	t.tools.append(w, "tools", e.Toolset)
	if w.err == nil {
		t.begun[splitOf(e)] = true
	}
	return w.end()
}

func (t *trl) check(e *sdk.Example) error {
	if err := checkTalk(e.Messages); err != nil {
		return err
	}
	if t.shape != shapeMessages {
		if err := checkPrompt(e.Messages); err != nil {
			return err
		}
	}
	switch {
	case t.shape == shapePreference && e.Rejected == nil:
		return errPair
	case t.shape == shapePreference && sameAnswer(&e.Messages[len(e.Messages)-1], e.Rejected):
		return errEqual
	case t.shape == shapeKTO && e.Good == nil:
		return errJudge
	case !keepsArguments(e):
		return sdk.Refuse("a number in a call's arguments that the loader of TRL's files would change")
	}
	return nil
}

func keepsArguments(e *sdk.Example) bool {
	changes := func(m sdk.Message) bool {
		return slices.ContainsFunc(m.Calls, func(call sdk.Call) bool { return !loaderKeeps(call.Arguments) })
	}
	return !slices.ContainsFunc(e.Messages, changes) && (e.Rejected == nil || !changes(*e.Rejected))
}

// splitOf returns the split whose file an example goes to: one that is in none is to be trained on.
func splitOf(e *sdk.Example) string { return cmp.Or(e.Split, sdk.SplitTrain) }

// list appends messages. The loader infers types from the beginning of a file: if all messages have the same keys it
// makes them a struct, which has no place for arguments of a kind that comes later; otherwise it reads them as JSON, which
// changes nothing. So the messages in the first row of a file differ in a key.
func (t *trl) list(w *writer, key string, e *sdk.Example, messages []sdk.Message) {
	system := ""
	if key == "messages" || key == "prompt" {
		system = e.System
	}
	t.chat.unevenKeys = !t.begun[splitOf(e)]
	t.chat.messages(w, key, system, messages)
}
