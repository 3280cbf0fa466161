package sdk

import (
	"encoding/binary"
	"maps"
	"math"
	"slices"
	"time"

	"google.golang.org/protobuf/encoding/protowire"
)

// appendTo appends an example, encoded as the message of example.proto; the numbers are those of its fields.
//
// The generated message is not used for encoding and decoding: filling in one struct from the other would take a third of
// the time that an example needs on its way through a plugin.
func (e *Example) appendTo(data []byte) []byte { return e.appendNaming(e.Toolset.Hash(), data) }

// appendNaming does what appendTo does for a caller that already knows the hash of the toolset, which takes a while to
// compute.
func (e *Example) appendNaming(toolset string, data []byte) []byte {
	w := writer{data}
	w.example(e, toolset)
	return w.data
}

// sizeHint estimates how many bytes an encoded example has. If it is too small, the example is copied as the buffer
// grows.
func (e *Example) sizeHint() int {
	size := 512 + len(e.System) + len(e.Context) + len(e.GameState)
	for i := range e.Messages {
		m := &e.Messages[i]
		size += 64 + len(m.Text) + len(m.Thinking)
		for j := range m.Calls {
			size += 128 + len(m.Calls[j].Arguments)
		}
	}
	return size
}

// A writer appends the fields of messages. As in proto3, empty fields are left out.
type writer struct{ data []byte }

func (w *writer) example(e *Example, toolset string) {
	w.text(1, e.ID)
	w.filled(2, func() {
		w.text(1, e.Identity.Opening)
		w.texts(2, e.Identity.Calls)
		w.text(3, e.Identity.Conversation)
		w.text(4, e.Identity.Alias)
	})
	w.text(3, e.Source)
	w.text(4, e.SourceFile)
	w.text(5, string(e.Type))
	w.text(6, e.TaskType)
	w.text(7, e.System)
	w.text(8, e.Context)
	w.bytes(9, e.GameState)
	for i := range e.Messages {
		w.nested(10, func() { w.message(&e.Messages[i]) })
	}
	w.text(11, toolset)
	if field, texts := e.detail(); field != 0 {
		w.nested(field, func() {
			for i, text := range texts {
				w.text(protowire.Number(i+1), *text)
			}
		})
	}
	w.texts(15, e.Tags)
	w.texts(16, e.Labels)
	for _, s := range e.Signals {
		w.nested(17, func() {
			w.text(1, s.Name)
			w.number(2, s.Score)
			w.text(3, s.Evidence)
		})
	}
	if e.Quality != nil {
		w.fixed(18, *e.Quality)
	}
	w.text(19, e.Split)
	w.filled(20, func() { w.provenance(&e.Provenance) })
	if e.Rejected != nil {
		w.nested(21, func() { w.message(e.Rejected) })
	}
	if e.Good != nil {
		w.varint(22, protowire.EncodeBool(*e.Good))
	}
}

// The fields of an example that hold a detail.
const (
	chainField      = 12
	correctionField = 13
	negativeField   = 14
)

// detail returns the number of the field that holds the example's detail, or 0 if it has none, and the texts of that
// message in the order of their field numbers, which begin at 1.
func (e *Example) detail() (field protowire.Number, texts []*string) {
	switch {
	case e.Chain != nil:
		return chainField, []*string{&e.Chain.Problem, &e.Chain.RootCause, &e.Chain.Reasoning, &e.Chain.Solution}
	case e.Correction != nil:
		c := e.Correction
		return correctionField, []*string{&c.Language, &c.BadCode, &c.BadReason, &c.GoodCode, &c.GoodReason}
	case e.Negative != nil:
		return negativeField, []*string{&e.Negative.Pattern, &e.Negative.Reason}
	}
	return 0, nil
}

func (w *writer) message(m *Message) {
	w.text(1, string(m.Role))
	w.text(2, m.Text)
	w.text(3, m.Thinking)
	for i := range m.Calls {
		w.nested(4, func() { w.call(&m.Calls[i]) })
	}
	w.text(5, m.CallID)
	w.flag(6, m.IsError)
	if m.Masked {
		w.varint(7, 0)
	}
	if m.Rejected != nil {
		w.nested(8, func() { w.answer(m.Rejected) })
	}
}

func (w *writer) answer(a *Answer) {
	w.text(1, a.Text)
	w.text(2, a.Thinking)
	for i := range a.Calls {
		w.nested(3, func() { w.call(&a.Calls[i]) })
	}
}

func (w *writer) call(c *Call) {
	w.text(1, c.ID)
	w.text(2, c.Server)
	w.text(3, c.Tool)
	w.text(4, string(c.Phase))
	w.bytes(5, c.Arguments)
}

func (w *writer) provenance(p *Provenance) {
	w.text(1, p.Plugin)
	w.text(2, p.PluginVersion)
	w.text(3, p.Unit)
	w.text(4, p.File)
	w.count(5, p.FirstLine)
	w.count(6, p.LastLine)
	w.text(7, p.Session)
	w.texts(8, p.RecordIDs)
	if !p.Time.IsZero() {
		w.text(9, p.Time.UTC().Format(time.RFC3339Nano))
	}
	w.text(10, p.ProducerVersion)
	w.text(11, p.Model)
	w.text(12, p.Parent)
	w.count(13, p.Records)
	for _, kind := range slices.Sorted(maps.Keys(p.Removed)) {
		w.nested(14, func() {
			w.text(1, kind)
			w.count(2, p.Removed[kind])
		})
	}
}

func (w *writer) text(field protowire.Number, text string) {
	if text != "" {
		w.data = protowire.AppendTag(w.data, field, protowire.BytesType)
		w.data = protowire.AppendString(w.data, text)
	}
}

func (w *writer) texts(field protowire.Number, texts []string) {
	for _, text := range texts {
		w.data = protowire.AppendTag(w.data, field, protowire.BytesType)
		w.data = protowire.AppendString(w.data, text)
	}
}

func (w *writer) bytes(field protowire.Number, data []byte) {
	if len(data) > 0 {
		w.data = protowire.AppendTag(w.data, field, protowire.BytesType)
		w.data = protowire.AppendBytes(w.data, data)
	}
}

func (w *writer) count(field protowire.Number, n int) {
	if n != 0 {
		w.varint(field, count(n))
	}
}

// count returns an int as protobuf encodes an int32.
func count(n int) uint64 { return uint64(int64(int32(n))) }

func (w *writer) flag(field protowire.Number, flag bool) {
	if flag {
		w.varint(field, 1)
	}
}

func (w *writer) number(field protowire.Number, n float64) {
	if math.Float64bits(n) != 0 {
		w.fixed(field, n)
	}
}

func (w *writer) varint(field protowire.Number, n uint64) {
	w.data = protowire.AppendTag(w.data, field, protowire.VarintType)
	w.data = protowire.AppendVarint(w.data, n)
}

func (w *writer) fixed(field protowire.Number, n float64) {
	w.data = protowire.AppendTag(w.data, field, protowire.Fixed64Type)
	w.data = binary.LittleEndian.AppendUint64(w.data, math.Float64bits(n))
}

// nested writes a message within a message. Its length comes first but is known only afterwards, so the message is moved
// to make room.
func (w *writer) nested(field protowire.Number, write func()) {
	w.data = protowire.AppendTag(w.data, field, protowire.BytesType)
	from := len(w.data)
	write()
	size := uint64(len(w.data) - from)
	w.data = slices.Grow(w.data, protowire.SizeVarint(size))
	moved := w.data[from+protowire.SizeVarint(size) : len(w.data)+protowire.SizeVarint(size)]
	copy(moved, w.data[from:])
	w.data = protowire.AppendVarint(w.data[:from], size)
	w.data = w.data[:len(w.data)+int(size)]
}

// filled does what nested does unless the message is empty.
func (w *writer) filled(field protowire.Number, write func()) {
	before := len(w.data)
	w.nested(field, write)
	if len(w.data) == before+protowire.SizeTag(field)+protowire.SizeVarint(0) {
		w.data = w.data[:before]
	}
}
