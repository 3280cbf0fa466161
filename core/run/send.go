package run

import (
	"context"

	"github.com/ftprep/ftprep/core/shape"
	"github.com/ftprep/ftprep/core/stage"
	"github.com/ftprep/ftprep/sdk"
)

// Bounds of a frame that goes to a format.
const (
	frameItems = 256
	frameBytes = 512 << 10
)

// sender makes frames of the examples that an output selects, shaped: first the leaders, then the others in order.
type sender struct {
	*encoder
	from  stage.Stage
	lead  []stage.Position // leaders that have not been sent
	led   map[stage.Position]bool
	queue []ready
}

// ready is what waits to be sent: an item as it came, or a part that is not encoded yet.
type ready struct {
	item   sdk.Item
	shaped *shape.Part // nil: the item goes as it is
	part
}

func (e *encoder) newSender(from stage.Stage) *sender {
	s := &sender{encoder: e, from: from, lead: e.leading, led: map[stage.Position]bool{}}
	for _, at := range s.lead {
		s.led[at] = true
	}
	return s
}

// next returns the next frame.
func (s *sender) next(ctx context.Context) (frame, bool, error) {
	for len(s.queue) == 0 {
		if more, err := s.fill(ctx); err != nil || !more {
			return frame{}, false, err
		}
	}
	most := min(len(s.queue), frameItems)
	f := frame{items: make([]sdk.Item, 0, most), parts: make([]part, 0, most)}
	bytes := 0
	for len(s.queue) > 0 && len(f.items) < frameItems && bytes < frameBytes {
		item := s.queue[0].encoded()
		f.items, f.parts = append(f.items, item), append(f.parts, s.queue[0].part)
		bytes += len(item.Example)
		s.queue = s.queue[1:]
	}
	return f, true, nil
}

// encoded returns the item to send. A part is encoded only here, since many may wait.
func (r ready) encoded() sdk.Item {
	if r.shaped == nil {
		return r.item
	}
	item := sdk.NewItem(r.shaped.Example)
	item.Toolset = r.shaped.Hash
	return item
}

// fill prepares the next leader or the next portion; it reports whether there was one.
func (s *sender) fill(ctx context.Context) (more bool, err error) {
	if len(s.lead) > 0 {
		next := s.lead[0]
		s.lead = s.lead[1:]
		p := s.from.Pieces[next.Piece]
		items, err := s.from.Store.Get(p.Chunk)
		if err != nil {
			return false, err
		}
		return true, s.prepare(p.Source, items[next.Item], &outcome{})
	}
	select {
	case p, more := <-s.portions:
		return more, s.add(p)
	case <-ctx.Done():
		return false, context.Cause(ctx)
	}
}

// add prepares the examples of a portion except for leaders.
func (s *sender) add(p stage.Portion) error {
	outcomes := make([]outcome, len(p.Items)) // allocated at once, which takes less time
	for i, item := range p.Items {
		if s.led[stage.Position{Piece: p.Index, Item: i}] {
			continue
		}
		if err := s.prepare(p.Source, item, &outcomes[i]); err != nil {
			return err
		}
	}
	return nil
}

// takes reports whether the output selects an item and has nothing better in its place.
func (e *encoder) takes(from stage.Stage, source int, item sdk.Item) bool {
	return e.selects(source, item.Type) && !from.Rivals.BetterIn(source, item.ID, e.counts.Output)
}

// prepare selects and shapes one item, and fills in its outcome.
func (s *sender) prepare(source int, item sdk.Item, o *outcome) error {
	if !s.selects(source, item.Type) {
		return nil
	}
	if s.from.Rivals.BetterIn(source, item.ID, s.counts.Output) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.counts.Copies++
		return nil
	}
	system := s.x.plan.Sources[source].System
	if s.shaper.Idle() && system == "" {
		s.selected(nil)
		*o = outcome{id: item.ID, source: s.sources[source], unanswered: 1}
		s.queue = append(s.queue, ready{item: item, part: part{outcome: o}})
		return nil
	}
	example, err := item.Decode()
	if err != nil {
		return err
	}
	if system != "" {
		shape.Prompt(example, system)
	}
	shaped := s.shaper.Shape(example, s.x.tools.set(item.Toolset))
	s.selected(shaped.Changed)
	*o = outcome{id: item.ID, source: s.sources[source], unanswered: len(shaped.Parts), reasons: shaped.Refused}
	for i := range shaped.Parts {
		one := &shaped.Parts[i]
		s.queue = append(s.queue, ready{shaped: one, part: part{outcome: o, tools: one.Tools, tokens: one.Tokens}})
	}
	if o.unanswered == 0 {
		s.countAnswered(o)
	}
	return nil
}

// selected counts an example that the output selects and how shaping changed it.
func (s *sender) selected(changed []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.counts.Selected++
	for _, how := range changed {
		s.counts.Changed.Add(how, 1)
	}
}
