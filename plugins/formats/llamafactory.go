package formats

import (
	"bytes"
	"context"
	"slices"
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

type llamaFactoryOptions struct {
	Shape       string `option:"shape" doc:"What a row is: sft, a conversation; dpo, a conversation with a better and a worse answer; kto, one with a judgement of its last answer; alpaca, one instruction and its output, without tools." default:"sft" one_of:"sft,dpo,kto,alpaca"`
	MaskHistory bool   `option:"mask_history" doc:"Shape sft: makes a row for each of the model's messages that is to be trained, and trains only that. Without it a row trains all messages of the model's, and a conversation with one that is not to be trained is refused."`
	BaseModel   string `option:"base_model" doc:"The model that the training configuration names: one of the Hugging Face hub, or a folder. Default: Qwen/Qwen3-4B where there are thoughts, else Qwen/Qwen3-4B-Instruct-2507."`
	Template    string `option:"template" doc:"LLaMA-Factory's template in the training configuration. Default: qwen3 where there are thoughts, else qwen3_nothink. qwen is Qwen2.5's; name a base_model with it." one_of:"qwen,qwen3,qwen3_nothink"`
}

// llamaFactory writes rows for LLaMA-Factory, with the list of data sets that it looks them up in and a configuration
// that trains on them.
type llamaFactory struct {
	options llamaFactoryOptions
	rows    shareGPT
	thought bool // some row has a thought
	tokens  int  // of the longest row, where known
}

func newLlamaFactory(setup sdk.Setup, o llamaFactoryOptions) (sdk.Format, error) {
	if o.MaskHistory && o.Shape != "sft" {
		return nil, &sdk.OptionError{Option: "mask_history", Reason: "the shape " + o.Shape + " trains the last message only, whatever this says; leave it out"}
	}
	if o.Template == "qwen" && o.BaseModel == "" {
		return nil, &sdk.OptionError{Option: "template", Reason: "qwen is the template of Qwen2.5; name the model in base_model"}
	}
	if compressed(setup) {
		return nil, &sdk.OptionError{Option: "path", Reason: "LLaMA-Factory reads no compressed rows; use .jsonl or .parquet"}
	}
	return &llamaFactory{options: o, rows: newShareGPT(), tokens: setup.MaxTokens}, nil
}

// llamaFactoryHolds is what the first shape holds.
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
	row, err := l.encode(e)
	if err == nil && !l.thought {
		l.thought = slices.ContainsFunc(e.Messages, thinks) || e.Rejected != nil && thinks(*e.Rejected)
	}
	return oneRow(row, err)
}

func (l *llamaFactory) encode(e *sdk.Example) ([]byte, error) {
	switch l.options.Shape {
	case "alpaca":
		return alpacaRow(e)
	case "dpo":
		return l.rows.pair(e)
	}
	row, err := l.rows.conversation(append(l.rows.buffer[:0], `{"conversations":`...), e.Messages)
	if err != nil {
		return nil, err
	}
	if l.options.Shape == "kto" {
		if e.Good == nil {
			return nil, errJudge
		}
		row = append(row, `,"kto_tag":`...)
		row = appendBool(row, *e.Good)
	}
	return l.rows.finish(row, e)
}

// pair writes a conversation up to its last message, and two of which one is to be preferred in that one's place.
func (s *shareGPT) pair(e *sdk.Example) ([]byte, error) {
	prompt := len(e.Messages) - 1
	if e.Rejected == nil || prompt < 1 {
		return nil, errPair
	}
	if e.Messages[prompt-1].Role == sdk.Assistant {
		return nil, errTwoAnswers
	}
	row, err := s.conversation(append(s.buffer[:0], `{"conversations":`...), e.Messages[:prompt])
	if err != nil {
		return nil, err
	}
	row = append(row, `,"chosen":`...)
	chosen := len(row)
	if row, err = s.answer(row, e.Messages[prompt]); err != nil {
		return nil, err
	}
	end := len(row)
	row = append(row, `,"rejected":`...)
	rejected := len(row)
	if row, err = s.answer(row, *e.Rejected); err != nil {
		return nil, err
	}
	if bytes.Equal(row[chosen:end], row[rejected:]) {
		return nil, errEqual
	}
	return s.finish(row, e)
}

// alpacaRow writes one question and one answer; the context is the input.
func alpacaRow(e *sdk.Example) ([]byte, error) {
	if len(e.Messages) != 2 {
		return nil, errSeveral
	}
	question, answer := e.Messages[0].Text, e.Messages[1].Text
	input, err := input(e, question)
	if err != nil {
		return nil, err
	}
	row := appendQuoted([]byte(`{"instruction":`), question)
	row = appendQuoted(append(row, `,"input":`...), input)
	row = appendQuoted(append(row, `,"output":`...), answer)
	row = appendQuoted(append(row, `,"system":`...), strings.TrimSpace(e.System))
	return append(row, '}'), nil
}

func appendBool(dst []byte, value bool) []byte {
	if value {
		return append(dst, "true"...)
	}
	return append(dst, "false"...)
}
