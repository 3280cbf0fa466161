package sdk

import (
	"fmt"
	"time"
)

// decodeExample is the inverse of appendTo. As protobuf defines it, a later field replaces an earlier one or is merged
// with it, and unknown fields are skipped. Unlike in protobuf, a field of the wrong wire type is an error.
//
// Long texts share the memory of data, which must not be changed afterwards. Copying them would be the largest part of
// the work.
func decodeExample(data []byte) (*Example, error) {
	e := &Example{}
	if err := e.read(data); err != nil {
		return nil, err
	}
	return e, nil
}

func (e *Example) read(message []byte) error {
	r := reader{rest: message}
	for r.next() {
		switch r.number {
		case 1:
			r.text(&e.ID)
		case 2:
			r.message(e.Identity.read)
		case 3:
			r.text(&e.Source)
		case 4:
			r.text(&e.SourceFile)
		case 5:
			r.text((*string)(&e.Type))
		case 6:
			r.text(&e.TaskType)
		case 7:
			r.text(&e.System)
		case 8:
			r.text(&e.Context)
		case 9:
			r.raw(&e.GameState)
		case 10:
			if e.Messages == nil {
				e.Messages = make([]Message, 0, 4) // few conversations are shorter, and growing takes time
			}
			e.Messages = append(e.Messages, Message{})
			r.message(e.Messages[len(e.Messages)-1].read)
		case 11:
			r.text(new(string)) // the toolset comes beside the example
		case chainField, correctionField, negativeField:
			e.readDetail(&r)
		case 15:
			r.texts(&e.Tags)
		case 16:
			r.texts(&e.Labels)
		case 17:
			e.Signals = append(e.Signals, Signal{})
			r.message(e.Signals[len(e.Signals)-1].read)
		case 18:
			e.Quality = new(float64)
			r.float(e.Quality)
		case 19:
			r.text(&e.Split)
		case 20:
			r.message(e.Provenance.read)
		case 21:
			e.Rejected = orNew(e.Rejected)
			r.message(e.Rejected.read)
		case 22:
			e.Good = new(bool)
			r.flag(e.Good)
		}
	}
	return r.err
}

// readDetail reads one of the three details. The last one that comes counts.
func (e *Example) readDetail(r *reader) {
	chain, correction, negative := e.Chain, e.Correction, e.Negative
	e.Chain, e.Correction, e.Negative = nil, nil, nil
	switch r.number {
	case chainField:
		e.Chain = orNew(chain)
	case correctionField:
		e.Correction = orNew(correction)
	default:
		e.Negative = orNew(negative)
	}
	_, texts := e.detail()
	r.message(func(message []byte) error { return readTexts(message, texts) })
}

// readTexts reads a message whose fields are texts numbered from 1.
func readTexts(message []byte, to []*string) error {
	r := reader{rest: message}
	for r.next() {
		if n := int(r.number); n <= len(to) {
			r.text(to[n-1])
		}
	}
	return r.err
}

func orNew[T any](t *T) *T {
	if t == nil {
		t = new(T)
	}
	return t
}

func (i *Identity) read(message []byte) error {
	r := reader{rest: message}
	for r.next() {
		switch r.number {
		case 1:
			r.text(&i.Opening)
		case 2:
			r.texts(&i.Calls)
		case 3:
			r.text(&i.Conversation)
		case 4:
			r.text(&i.Alias)
		}
	}
	return r.err
}

func (m *Message) read(message []byte) error {
	r := reader{rest: message}
	for r.next() {
		switch r.number {
		case 1:
			r.text((*string)(&m.Role))
		case 2:
			r.text(&m.Text)
		case 3:
			r.text(&m.Thinking)
		case 4:
			m.Calls = append(m.Calls, Call{})
			r.message(m.Calls[len(m.Calls)-1].read)
		case 5:
			r.text(&m.CallID)
		case 6:
			r.flag(&m.IsError)
		case 7:
			var weight int
			r.count(&weight)
			m.Masked = weight == 0
		case 8:
			m.Rejected = orNew(m.Rejected)
			r.message(m.Rejected.read)
		}
	}
	return r.err
}

func (a *Answer) read(message []byte) error {
	r := reader{rest: message}
	for r.next() {
		switch r.number {
		case 1:
			r.text(&a.Text)
		case 2:
			r.text(&a.Thinking)
		case 3:
			a.Calls = append(a.Calls, Call{})
			r.message(a.Calls[len(a.Calls)-1].read)
		}
	}
	return r.err
}

func (c *Call) read(message []byte) error {
	r := reader{rest: message}
	for r.next() {
		switch r.number {
		case 1:
			r.text(&c.ID)
		case 2:
			r.text(&c.Server)
		case 3:
			r.text(&c.Tool)
		case 4:
			r.text((*string)(&c.Phase))
		case 5:
			r.raw(&c.Arguments)
		}
	}
	return r.err
}

func (s *Signal) read(message []byte) error {
	r := reader{rest: message}
	for r.next() {
		switch r.number {
		case 1:
			r.text(&s.Name)
		case 2:
			r.float(&s.Score)
		case 3:
			r.text(&s.Evidence)
		}
	}
	return r.err
}

func (p *Provenance) read(message []byte) error {
	r := reader{rest: message}
	for r.next() {
		switch r.number {
		case 1:
			r.text(&p.Plugin)
		case 2:
			r.text(&p.PluginVersion)
		case 3:
			r.text(&p.Unit)
		case 4:
			r.text(&p.File)
		case 5:
			r.count(&p.FirstLine)
		case 6:
			r.count(&p.LastLine)
		case 7:
			r.text(&p.Session)
		case 8:
			r.texts(&p.RecordIDs)
		case 9:
			var text string
			r.text(&text)
			p.setTime(text, &r)
		case 10:
			r.text(&p.ProducerVersion)
		case 11:
			r.text(&p.Model)
		case 12:
			r.text(&p.Parent)
		case 13:
			r.count(&p.Records)
		case 14:
			r.message(p.readRemoved)
		}
	}
	return r.err
}

// setTime sets the time from a text; it stays zero if the text is empty. A time without a zone, as some languages write
// it, is an error: the zone could be any.
func (p *Provenance) setTime(text string, r *reader) {
	if text == "" {
		return
	}
	var err error
	if p.Time, err = time.Parse(time.RFC3339Nano, text); err != nil && r.err == nil {
		r.err = fmt.Errorf("its provenance has the time %q, which is not RFC 3339 with a zone, such as 2026-01-31T10:00:00Z", text)
	}
}

// readRemoved reads an entry of the map Removed.
func (p *Provenance) readRemoved(message []byte) error {
	var kind string
	var n int
	r := reader{rest: message}
	for r.next() {
		switch r.number {
		case 1:
			r.text(&kind)
		case 2:
			r.count(&n)
		}
	}
	if p.Removed == nil {
		p.Removed = map[string]int{}
	}
	p.Removed[kind] = n
	return r.err
}
