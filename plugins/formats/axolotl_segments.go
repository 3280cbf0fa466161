package formats

import (
	"context"
	"slices"
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

// segments writes a conversation as text in pieces, each with a label that says whether it is trained.
type segments struct {
	qwen *qwen
	row  writer // its buffer serves all rows
}

func (s *segments) Holds() sdk.Holds { return s.qwen.renderedHolds() }

func (*segments) dataset() []string { return []string{"type: input_output"} }

func (*segments) training() []string { return []string{"train_on_inputs: false"} }

func (s *segments) Encode(_ context.Context, e *sdk.Example) ([][]byte, error) {
	q := s.qwen
	if err := q.render(strings.TrimSpace(e.System), e.Toolset, e.Messages); err != nil {
		return nil, err
	}
	w := &s.row
	w.begin()
	start, trained := 0, false
	objects(w, "segments", q.pieces, func(p piece) {
		w.boolean("label", p.trained)
		w.rendered("text", q.text[start:p.end])
		start, trained = p.end, trained || p.trained
	})
	if !trained {
		return nil, sdk.Refuse("nothing to train on")
	}
	return w.end()
}

func (s *segments) Decode(row []byte) (*sdk.Example, []string) {
	r := &rowReader{}
	top := r.row(row)
	if top == nil {
		return nil, r.problems
	}
	var text strings.Builder
	var trained []bool // for every byte of the text
	for _, value := range r.list(top["segments"], "segments") {
		segment := r.object(value, "a segment")
		piece, label := r.text(segment["text"], "a segment's text"), r.flag(segment["label"], "a segment's label")
		text.WriteString(piece)
		trained = append(trained, slices.Repeat([]bool{label}, len(piece))...)
	}
	if len(r.problems) > 0 {
		return nil, r.problems
	}
	p := s.qwen.parse(text.String())
	p.masks(trained)
	return p.example, p.problems
}

// masks marks messages of which no byte is trained as masked. It reports messages of which only a part is trained, and
// trained bytes that are not the model's words.
func (p *parser) masks(trained []bool) {
	at, some, outside := 0, false, false
	count := func(end int) (n int) {
		for ; at < min(end, len(trained)); at++ {
			if trained[at] {
				n++
			}
		}
		return n
	}
	for _, body := range p.bodies {
		outside = count(body.start) > 0 || outside
		n := count(body.end)
		p.example.Messages[body.message].Masked = n == 0
		if n > 0 && n < body.end-body.start {
			p.report("a message of which only a part is trained")
		}
		some = some || n > 0
	}
	if count(len(trained)) > 0 || outside {
		p.report("trained text that is not the model's")
	}
	if !some {
		p.report("nothing to train on")
	}
}
