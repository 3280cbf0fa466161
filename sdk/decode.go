package sdk

import "time"

// decodeExample is the inverse of encode. As protobuf defines it, a later field takes the place of an earlier one or is
// merged with it, and one that is not known is passed over; but one of the wrong wire type is a fault.
//
// Long texts stay where they are in data, which nobody may change any more: to copy them would be the largest part of the
// work.
func decodeExample(data []byte) (*Example, error) {
	e := &Example{}
	if err := eachField(data, e.field); err != nil {
		return nil, err
	}
	return e, nil
}

func (e *Example) field(f field) error {
	switch f.number {
	case 1:
		return setText(f, &e.ID)
	case 2:
		return f.message(e.Identity.field)
	case 3:
		return setText(f, &e.Source)
	case 4:
		return setText(f, &e.SourceFile)
	case 5:
		return setText(f, &e.Type)
	case 6:
		return setText(f, &e.TaskType)
	case 7:
		return setText(f, &e.System)
	case 8:
		return setText(f, &e.Context)
	case 9:
		return f.setRaw(&e.GameState)
	case 10:
		if e.Messages == nil {
			e.Messages = make([]Message, 0, 4) // few conversations are shorter, and to grow takes time
		}
		e.Messages = append(e.Messages, Message{})
		return f.message(e.Messages[len(e.Messages)-1].field)
	case 11:
		return setText(f, new(string)) // the toolset comes beside the example
	case 12, 13, 14:
		return e.detail(f)
	case 15:
		return f.addText(&e.Tags)
	case 16:
		return f.addText(&e.Labels)
	case 17:
		e.Signals = append(e.Signals, Signal{})
		return f.message(e.Signals[len(e.Signals)-1].field)
	case 18:
		e.Quality = new(float64)
		return f.setNumber(e.Quality)
	case 19:
		return setText(f, &e.Split)
	case 20:
		return f.message(e.Provenance.field)
	case 21:
		e.Rejected = orNew(e.Rejected)
		return f.message(e.Rejected.field)
	case 22:
		e.Good = new(bool)
		return f.setFlag(e.Good)
	}
	return nil
}

// detail takes one of the three, of which the last that comes holds.
func (e *Example) detail(f field) error {
	chain, correction, negative := e.Chain, e.Correction, e.Negative
	e.Chain, e.Correction, e.Negative = nil, nil, nil
	switch f.number {
	case 12:
		e.Chain = orNew(chain)
		return f.message(e.Chain.field)
	case 13:
		e.Correction = orNew(correction)
		return f.message(e.Correction.field)
	default:
		e.Negative = orNew(negative)
		return f.message(e.Negative.field)
	}
}

func orNew[T any](t *T) *T {
	if t == nil {
		t = new(T)
	}
	return t
}

func (i *Identity) field(f field) error {
	switch f.number {
	case 1:
		return setText(f, &i.Opening)
	case 2:
		return f.addText(&i.Calls)
	}
	return nil
}

func (m *Message) field(f field) error {
	switch f.number {
	case 1:
		return setText(f, &m.Role)
	case 2:
		return setText(f, &m.Text)
	case 3:
		return setText(f, &m.Thinking)
	case 4:
		m.Calls = append(m.Calls, Call{})
		return f.message(m.Calls[len(m.Calls)-1].field)
	case 5:
		return setText(f, &m.CallID)
	case 6:
		return f.setFlag(&m.IsError)
	case 7:
		var weight int
		err := f.setCount(&weight)
		m.Masked = weight == 0
		return err
	}
	return nil
}

func (c *Call) field(f field) error {
	switch f.number {
	case 1:
		return setText(f, &c.ID)
	case 2:
		return setText(f, &c.Server)
	case 3:
		return setText(f, &c.Tool)
	case 4:
		return setText(f, &c.Phase)
	case 5:
		return f.setRaw(&c.Arguments)
	}
	return nil
}

func (c *ReasoningChain) field(f field) error {
	switch f.number {
	case 1:
		return setText(f, &c.Problem)
	case 2:
		return setText(f, &c.RootCause)
	case 3:
		return setText(f, &c.Reasoning)
	case 4:
		return setText(f, &c.Solution)
	}
	return nil
}

func (c *CodeCorrection) field(f field) error {
	switch f.number {
	case 1:
		return setText(f, &c.Language)
	case 2:
		return setText(f, &c.BadCode)
	case 3:
		return setText(f, &c.BadReason)
	case 4:
		return setText(f, &c.GoodCode)
	case 5:
		return setText(f, &c.GoodReason)
	}
	return nil
}

func (p *AntiPattern) field(f field) error {
	switch f.number {
	case 1:
		return setText(f, &p.Pattern)
	case 2:
		return setText(f, &p.Reason)
	}
	return nil
}

func (s *Signal) field(f field) error {
	switch f.number {
	case 1:
		return setText(f, &s.Name)
	case 2:
		return f.setNumber(&s.Score)
	case 3:
		return setText(f, &s.Evidence)
	}
	return nil
}

func (p *Provenance) field(f field) error {
	switch f.number {
	case 1:
		return setText(f, &p.Plugin)
	case 2:
		return setText(f, &p.PluginVersion)
	case 3:
		return setText(f, &p.Unit)
	case 4:
		return setText(f, &p.File)
	case 5:
		return f.setCount(&p.FirstLine)
	case 6:
		return f.setCount(&p.LastLine)
	case 7:
		return setText(f, &p.Session)
	case 8:
		return f.addText(&p.RecordIDs)
	case 9:
		var text string
		err := setText(f, &text)
		p.Time, _ = time.Parse(time.RFC3339Nano, text) // what is no time stays unknown
		return err
	case 10:
		return setText(f, &p.ProducerVersion)
	case 11:
		return setText(f, &p.Model)
	case 12:
		return setText(f, &p.Parent)
	case 13:
		return f.setCount(&p.Records)
	case 14:
		return p.removed(f)
	}
	return nil
}

func (p *Provenance) removed(f field) error {
	var kind string
	var n int
	err := f.message(func(f field) error {
		switch f.number {
		case 1:
			return setText(f, &kind)
		case 2:
			return f.setCount(&n)
		}
		return nil
	})
	if p.Removed == nil {
		p.Removed = map[string]int{}
	}
	p.Removed[kind] = n
	return err
}
