package formats

import (
	"bytes"
	"context"
	"slices"
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

type llamaFactoryOptions struct {
	Shape       string `option:"shape" doc:"What a row is. sft: a conversation. dpo: a conversation with a better and a worse answer. kto: a conversation with a judgement of its last answer. alpaca: one instruction and its output, without tools." default:"sft" one_of:"sft,dpo,kto,alpaca"`
	MaskHistory bool   `option:"mask_history" doc:"With the shape sft, makes a row for each of the model's messages that is to be trained on, and trains only on that message. Without it, a row trains on all of the model's messages, and a conversation with one that is not to be trained on is refused."`
	BaseModel   string `option:"base_model" doc:"The model that the training configuration names: a model on the Hugging Face hub, or a folder. Default: Qwen/Qwen3-4B if there are thoughts, otherwise Qwen/Qwen3-4B-Instruct-2507."`
	Template    string `option:"template" doc:"LLaMA-Factory's template in the training configuration. Default: qwen3 if there are thoughts, otherwise qwen3_nothink. qwen is Qwen2.5's, and needs a base_model." one_of:"qwen,qwen3,qwen3_nothink"`
}

// llamaFactory writes rows for LLaMA-Factory, with the list of data sets that it looks them up in and a configuration
// that trains on them.
type llamaFactory struct {
	options llamaFactoryOptions
	rows    shareGPT
	thought bool // some row has a thought
	tokens  int  // how many the longest row may have; 0: no bound is known
}

func newLlamaFactory(setup sdk.Setup, o llamaFactoryOptions) (sdk.Format, error) {
	if o.MaskHistory && o.Shape != "sft" {
		return nil, &sdk.OptionError{Option: "mask_history", Reason: "the shape " + o.Shape + " always trains only on the last message; leave this out"}
	}
	if o.Template == "qwen" && o.BaseModel == "" {
		return nil, &sdk.OptionError{Option: "template", Reason: "qwen is the template of Qwen2.5; name the model in base_model"}
	}
	if o.Template == "" && olderQwen(o.BaseModel) {
		return nil, &sdk.OptionError{Option: "base_model", Reason: `without a template, the configuration uses Qwen3's; for Qwen2.5 set template = "qwen"`}
	}
	if compressed(setup) {
		return nil, &sdk.OptionError{Option: "path", Reason: "LLaMA-Factory does not read compressed rows; use .jsonl or .parquet"}
	}
	return &llamaFactory{options: o, rows: newShareGPT(), tokens: setup.MaxTokens}, nil
}

// llamaFactoryHolds is what the default shape, sft, holds.
var llamaFactoryHolds = sdk.Holds{Tools: true, Results: true, Thinking: true, ParallelCalls: true, Turns: true}

func (l *llamaFactory) Holds() sdk.Holds {
	holds := llamaFactoryHolds
	switch l.options.Shape {
	case "alpaca":
		return sdk.Holds{Context: true}
	case "dpo":
		holds.Preferences, holds.Masks = true, true
	case "kto":
		holds.Judgements, holds.Masks = true, true
	default:
		holds.LastOnly, holds.Masks = l.options.MaskHistory, l.options.MaskHistory
	}
	return holds
}

func (l *llamaFactory) File() string { return l.options.Shape + ".jsonl" }

func (l *llamaFactory) Begin(context.Context, sdk.Dataset) error {
	l.thought = false
	return nil
}

func (l *llamaFactory) Encode(_ context.Context, e *sdk.Example) ([][]byte, error) {
	rows, err := l.encode(e)
	if err == nil && !l.thought {
		l.thought = slices.ContainsFunc(e.Messages, thinks)
	}
	return rows, err
}

func (l *llamaFactory) encode(e *sdk.Example) ([][]byte, error) {
	w := l.rows.begin()
	var err error
	switch l.options.Shape {
	case "alpaca":
		return alpacaRow(w, e)
	case "dpo":
		err = l.rows.pair(e)
	case "kto":
		err = l.rows.judged(e)
	default:
		err = l.rows.conversation(e.Messages)
	}
	if err != nil {
		return nil, err
	}
	return l.rows.finish(e)
}

// judged appends a conversation and whether its last answer is good.
func (s *shareGPT) judged(e *sdk.Example) error {
	if err := s.conversation(e.Messages); err != nil {
		return err
	}
	if e.Good == nil {
		return errJudge
	}
	s.row.boolean("kto_tag", *e.Good)
	return nil
}

// pair appends a conversation without its last message, then the preferred and the rejected version of that message.
func (s *shareGPT) pair(e *sdk.Example) error {
	prompt := len(e.Messages) - 1
	if e.Rejected == nil || prompt < 1 {
		return errPair
	}
	if e.Messages[prompt-1].Role == sdk.RoleAssistant {
		return errTwoAnswers
	}
	if err := s.conversation(e.Messages[:prompt]); err != nil {
		return err
	}
	chosen, err := s.option("chosen", e.Messages[prompt])
	if err != nil {
		return err
	}
	rejected, err := s.option("rejected", *e.Rejected)
	if err == nil && bytes.Equal(chosen, rejected) {
		err = errEqual
	}
	return err
}

// option appends a member with one of a pair's answers, and returns the turn that it wrote, which the next row overwrites.
func (s *shareGPT) option(key string, m sdk.Message) (turn []byte, err error) {
	s.row.key(key)
	start := len(s.row.buf)
	err = s.answer(m)
	return s.row.buf[start:], err
}

// alpacaRow completes a row of one question and one answer; the context and the game state are the input.
func alpacaRow(w *writer, e *sdk.Example) ([][]byte, error) {
	if len(e.Messages) != 2 {
		return nil, errSeveral
	}
	question, answer := e.Messages[0].Text, e.Messages[1].Text
	input, err := input(e, question)
	if err != nil {
		return nil, err
	}
	w.member("instruction", question)
	w.member("input", input)
	w.member("output", answer)
	w.member("system", strings.TrimSpace(e.System))
	return w.end()
}
