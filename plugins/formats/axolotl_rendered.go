package formats

import (
	"bytes"
	"context"
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

// renderedHolds returns what fits into a rendered conversation of which some parts are trained.
func (q *qwen) renderedHolds() sdk.Holds {
	return sdk.Holds{Tools: true, Results: true, Thinking: q.thinks, ParallelCalls: true, Turns: true, Masks: true}
}

// renderedPairs writes a prompt and two answers as text.
type renderedPairs struct {
	qwen *qwen
	row  writer // its buffer serves all rows
}

func (r *renderedPairs) Holds() sdk.Holds {
	holds := r.qwen.renderedHolds()
	holds.Preferences = true
	return holds
}

func (*renderedPairs) dataset() []string { return []string{"type: passthrough"} }

func (*renderedPairs) training() []string { return []string{"rl: dpo"} }

func (r *renderedPairs) Encode(_ context.Context, e *sdk.Example) ([][]byte, error) {
	if e.Rejected == nil {
		return nil, errPair
	}
	prompt, chosen, err := r.qwen.prompt(e)
	if err != nil {
		return nil, err
	}
	w := &r.row
	w.begin()
	w.rendered("prompt", prompt)
	w.rendered("chosen", chosen)
	better := bytes.Clone(chosen)
	r.qwen.text = r.qwen.text[:0]
	if err := r.qwen.answer(*e.Rejected, true, true); err != nil {
		return nil, err
	}
	r.qwen.put(turnEnd)
	if bytes.Equal(better, r.qwen.text) {
		return nil, errEqual
	}
	w.rendered("rejected", r.qwen.text)
	return w.end()
}

// prompt renders a conversation whose last message must be the model's, and returns the text up to that message and the
// message itself. Both are parts of q.text.
func (q *qwen) prompt(e *sdk.Example) (prompt, answer []byte, err error) {
	last := len(e.Messages) - 1
	if last < 0 || e.Messages[last].Role != sdk.RoleAssistant {
		return nil, nil, errNoAnswer
	}
	if err := q.render(strings.TrimSpace(e.System), e.Toolset, e.Messages); err != nil {
		return nil, nil, err
	}
	text := bytes.TrimSuffix(q.text, []byte("\n"))
	start := bytes.LastIndex(text, []byte(turnStart+"assistant\n")) + len(turnStart+"assistant\n")
	return text[:start], text[start:], nil
}

func (r *renderedPairs) Decode(row []byte) (*sdk.Example, []string) {
	columns := &rowReader{}
	top := columns.row(row)
	if top == nil {
		return nil, columns.problems
	}
	prompt, chosen, rejected := columns.column(top, "prompt"), columns.column(top, "chosen"), columns.column(top, "rejected")
	if len(columns.problems) > 0 {
		return nil, columns.problems
	}
	p := r.qwen.continuation(prompt, chosen)
	other := r.qwen.continuation(prompt, rejected)
	for _, problem := range other.problems {
		p.report("rejected: " + problem)
	}
	p.check(chosen != rejected, "chosen and rejected are the same")
	if n := len(other.example.Messages); n > 0 && n == len(p.example.Messages) {
		p.example.Rejected = &other.example.Messages[n-1]
	}
	return p.example, p.problems
}

// continuation reads a prompt and its answer. Of the model's messages only the answer is trained.
func (q *qwen) continuation(prompt, answer string) *parser {
	p := q.parse(prompt + answer)
	if !strings.HasSuffix(prompt, turnStart+"assistant\n") {
		p.report("a prompt that does not end where the model begins to speak")
	}
	if !strings.HasSuffix(answer, turnEnd) || strings.Count(answer, turnEnd) > 1 {
		p.report("an answer that is not exactly one turn with its end")
	}
	maskHistory(p.example.Messages)
	return p
}

// renderedJudgements writes a prompt, its answer and whether that is good.
type renderedJudgements struct {
	qwen *qwen
	row  writer // its buffer serves all rows
}

func (r *renderedJudgements) Holds() sdk.Holds {
	holds := r.qwen.renderedHolds()
	holds.Judgements = true
	return holds
}

func (*renderedJudgements) dataset() []string {
	return []string{"type:", "  field_prompt: prompt", "  field_completion: completion", "  field_label: label", `  prompt_format: "{prompt}"`, `  completion_format: "{completion}"`}
}

func (*renderedJudgements) training() []string {
	return []string{"rl: kto", "remove_unused_columns: false"}
}

func (r *renderedJudgements) Encode(_ context.Context, e *sdk.Example) ([][]byte, error) {
	if e.Good == nil {
		return nil, errJudge
	}
	prompt, answer, err := r.qwen.prompt(e)
	if err != nil {
		return nil, err
	}
	w := &r.row
	w.begin()
	w.rendered("prompt", prompt)
	w.rendered("completion", answer)
	w.boolean("label", *e.Good)
	return w.end()
}

func (r *renderedJudgements) Decode(row []byte) (*sdk.Example, []string) {
	columns := &rowReader{}
	top := columns.row(row)
	if top == nil {
		return nil, columns.problems
	}
	prompt, completion := columns.column(top, "prompt"), columns.column(top, "completion")
	good := columns.flag(top["label"], "the column label")
	if len(columns.problems) > 0 {
		return nil, columns.problems
	}
	p := r.qwen.continuation(prompt, completion)
	p.example.Good = &good
	return p.example, p.problems
}
