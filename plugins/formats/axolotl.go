package formats

import (
	"cmp"
	"context"

	"github.com/ftprep/ftprep/sdk"
)

type axolotlOptions struct {
	Shape     string `option:"shape" doc:"What a row is. instruction: one question, and an output with every step of the model's. chat: messages with calls and results, for the model's own chat template. segments: a conversation as text, in pieces that are trained on or not. dpo: a prompt with a better and a worse answer, as text. kto: a prompt with an answer and its judgement, as text." default:"instruction" one_of:"instruction,chat,segments,dpo,kto"`
	Template  string `option:"template" doc:"With the shapes segments, dpo and kto, whose chat template writes the text. Qwen2.5's has no place for thoughts; Qwen3's keeps those after the last user message." default:"qwen3" one_of:"qwen2.5,qwen3"`
	BaseModel string `option:"base_model" doc:"The model that the training configuration names: a model on the Hugging Face hub, or a folder. Default: Qwen/Qwen3-4B, or Qwen/Qwen2.5-1.5B-Instruct with the template qwen2.5."`
}

// axolotlHolds is what the default shape, instruction, holds: what fits into one instruction and one output.
var axolotlHolds = sdk.Holds{Tools: true, ParallelCalls: true, Context: true}

// An axolotlShape writes and reads the rows of one shape.
type axolotlShape interface {
	sdk.Format
	sdk.Holder
	sdk.Decoder
	// dataset returns the lines of a training configuration that say how a file is to be read, training those that the
	// training itself needs.
	dataset() (lines []string)
	training() (lines []string)
}

// axolotl writes rows for Axolotl, with a configuration that trains on them.
type axolotl struct {
	axolotlShape
	model  string
	tokens int // how many the longest row may have; 0: no bound is known
}

func newAxolotl(setup sdk.Setup, o axolotlOptions) (sdk.Format, error) {
	if err := noTable(setup); err != nil && o.Shape == "chat" {
		return nil, err
	}
	rendered := o.Shape != "instruction" && o.Shape != "chat"
	if rendered && o.Template == "qwen3" && olderQwen(o.BaseModel) {
		return nil, &sdk.OptionError{Option: "base_model", Reason: `the rows would be in the text of Qwen3's template; for Qwen2.5 set template = "qwen2.5"`}
	}
	model := "Qwen/Qwen3-4B"
	if o.Template == "qwen2.5" {
		model = "Qwen/Qwen2.5-1.5B-Instruct"
	}
	return &axolotl{axolotlShape: newAxolotlShape(o), model: cmp.Or(o.BaseModel, model), tokens: setup.MaxTokens}, nil
}

func newAxolotlShape(o axolotlOptions) axolotlShape {
	switch o.Shape {
	case "chat":
		return newChatRows()
	case "segments":
		return &segments{qwen: newQwen(o.Template)}
	case "dpo":
		return &renderedPairs{qwen: newQwen(o.Template)}
	case "kto":
		return &renderedJudgements{qwen: newQwen(o.Template)}
	}
	return &instruction{}
}

func (a *axolotl) Finish(_ context.Context, written []sdk.WrittenFile) ([]sdk.Companion, error) {
	name := stem(written) + ".yaml"
	return []sdk.Companion{{Name: name, Content: a.configuration(name, written)}}, nil
}
