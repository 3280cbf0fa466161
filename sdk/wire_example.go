package sdk

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"google.golang.org/protobuf/proto"

	ftprepv1 "github.com/ftprep/ftprep/proto/ftprep/v1"
)

// An Item is an example as it travels: encoded, with the fields by which the host routes it.
type Item struct {
	ID       string
	Opening  string // [Identity].Opening
	Answered int    // how many calls the identity names
	Source   string
	Type     Type
	Quality  *float64
	Split    string
	Toolset  string // hash
	Example  []byte
}

// NewItem encodes an example. The toolset that it names has to travel separately.
func NewItem(e *Example) (Item, error) {
	message := exampleToWire(e)
	encoded, err := proto.Marshal(message)
	if err != nil {
		return Item{}, fmt.Errorf("encode example %s: %w", e.ID, err)
	}
	return Item{
		ID: e.ID, Opening: e.Identity.Opening, Answered: len(e.Identity.Calls), Source: e.Source, Type: e.Type,
		Quality: e.Quality, Split: e.Split, Toolset: message.Toolset, Example: encoded,
	}, nil
}

// Decode decodes the item's example, without its toolset.
func (i Item) Decode() (*Example, error) {
	var message ftprepv1.Example
	if err := proto.Unmarshal(i.Example, &message); err != nil {
		return nil, fmt.Errorf("decode example %s: %w", i.ID, err)
	}
	return exampleFromWire(&message), nil
}

func exampleToWire(e *Example) *ftprepv1.Example {
	message := &ftprepv1.Example{
		Id: e.ID, Source: e.Source, SourceFile: e.SourceFile, Type: string(e.Type), TaskType: e.TaskType,
		System: e.System, Context: e.Context, GameState: e.GameState, Toolset: e.Toolset.Hash(),
		Tags: e.Tags, Labels: e.Labels, QualityScore: e.Quality, Split: e.Split,
		Messages:   make([]*ftprepv1.Message, len(e.Messages)),
		Signals:    make([]*ftprepv1.Signal, len(e.Signals)),
		Provenance: provenanceToWire(e.Provenance),
		Good:       e.Good,
	}
	if e.Identity.Opening != "" {
		message.Identity = &ftprepv1.Identity{Opening: e.Identity.Opening, Calls: e.Identity.Calls}
	}
	for i := range e.Messages {
		message.Messages[i] = messageToWire(&e.Messages[i])
	}
	if e.Rejected != nil {
		message.Rejected = messageToWire(e.Rejected)
	}
	for i, s := range e.Signals {
		message.Signals[i] = &ftprepv1.Signal{Name: s.Name, Score: s.Score, Evidence: s.Evidence}
	}
	switch {
	case e.Chain != nil:
		message.Detail = &ftprepv1.Example_Chain{Chain: &ftprepv1.ReasoningChain{
			Problem: e.Chain.Problem, RootCause: e.Chain.RootCause, Reasoning: e.Chain.Reasoning, Solution: e.Chain.Solution,
		}}
	case e.Correction != nil:
		message.Detail = &ftprepv1.Example_Correction{Correction: &ftprepv1.CodeCorrection{
			Language: e.Correction.Language, BadCode: e.Correction.BadCode, BadReason: e.Correction.BadReason,
			GoodCode: e.Correction.GoodCode, GoodReason: e.Correction.GoodReason,
		}}
	case e.Negative != nil:
		message.Detail = &ftprepv1.Example_Negative{Negative: &ftprepv1.AntiPattern{
			Pattern: e.Negative.Pattern, Reason: e.Negative.Reason,
		}}
	}
	return message
}

func messageToWire(m *Message) *ftprepv1.Message {
	message := &ftprepv1.Message{
		Role: string(m.Role), Text: m.Text, Thinking: m.Thinking, CallId: m.CallID, IsError: m.IsError,
		Calls: make([]*ftprepv1.Call, len(m.Calls)),
	}
	if m.Masked {
		message.Weight = proto.Int32(0)
	}
	for i, c := range m.Calls {
		message.Calls[i] = &ftprepv1.Call{
			Id: c.ID, Server: c.Server, Tool: c.Tool, Phase: string(c.Phase), Arguments: c.Arguments,
		}
	}
	return message
}

func provenanceToWire(p Provenance) *ftprepv1.Provenance {
	message := &ftprepv1.Provenance{
		Plugin: p.Plugin, PluginVersion: p.PluginVersion, Unit: p.Unit, File: p.File,
		FirstLine: int32(p.FirstLine), LastLine: int32(p.LastLine), Session: p.Session, RecordIds: p.RecordIDs,
		ProducerVersion: p.ProducerVersion, Model: p.Model, Parent: p.Parent, Records: int32(p.Records),
	}
	if !p.Time.IsZero() {
		message.Time = p.Time.UTC().Format(time.RFC3339Nano)
	}
	for kind, n := range p.Removed {
		if message.Removed == nil {
			message.Removed = map[string]int32{}
		}
		message.Removed[kind] = int32(n)
	}
	return message
}

func exampleFromWire(m *ftprepv1.Example) *Example {
	e := &Example{
		ID: m.Id, Source: m.Source, SourceFile: m.SourceFile, Type: Type(m.Type), TaskType: m.TaskType,
		System: m.System, Context: m.Context, GameState: m.GameState,
		Identity: Identity{Opening: m.Identity.GetOpening(), Calls: m.Identity.GetCalls()},
		Tags:     m.Tags, Labels: m.Labels, Quality: m.QualityScore, Split: m.Split,
		Provenance: provenanceFromWire(m.Provenance),
		Good:       m.Good,
	}
	if m.Rejected != nil {
		rejected := messageFromWire(m.Rejected)
		e.Rejected = &rejected
	}
	e.Messages = slices.Grow(e.Messages, len(m.Messages))
	for _, message := range m.Messages {
		e.Messages = append(e.Messages, messageFromWire(message))
	}
	for _, s := range m.Signals {
		e.Signals = append(e.Signals, Signal{Name: s.Name, Score: s.Score, Evidence: s.Evidence})
	}
	if c := m.GetChain(); c != nil {
		e.Chain = &ReasoningChain{Problem: c.Problem, RootCause: c.RootCause, Reasoning: c.Reasoning, Solution: c.Solution}
	}
	if c := m.GetCorrection(); c != nil {
		e.Correction = &CodeCorrection{
			Language: c.Language, BadCode: c.BadCode, BadReason: c.BadReason, GoodCode: c.GoodCode, GoodReason: c.GoodReason,
		}
	}
	if n := m.GetNegative(); n != nil {
		e.Negative = &AntiPattern{Pattern: n.Pattern, Reason: n.Reason}
	}
	return e
}

func messageFromWire(m *ftprepv1.Message) Message {
	message := Message{
		Role: Role(m.Role), Text: m.Text, Thinking: m.Thinking, CallID: m.CallId, IsError: m.IsError,
		Masked: m.Weight != nil && *m.Weight == 0,
	}
	for _, c := range m.Calls {
		message.Calls = append(message.Calls, Call{
			ID: c.Id, Server: c.Server, Tool: c.Tool, Phase: Phase(c.Phase), Arguments: c.Arguments,
		})
	}
	return message
}

func provenanceFromWire(m *ftprepv1.Provenance) Provenance {
	p := Provenance{
		Plugin: m.GetPlugin(), PluginVersion: m.GetPluginVersion(), Unit: m.GetUnit(), File: m.GetFile(),
		FirstLine: int(m.GetFirstLine()), LastLine: int(m.GetLastLine()), Session: m.GetSession(), RecordIDs: m.GetRecordIds(),
		ProducerVersion: m.GetProducerVersion(), Model: m.GetModel(), Parent: m.GetParent(), Records: int(m.GetRecords()),
	}
	if m.GetTime() != "" {
		p.Time, _ = time.Parse(time.RFC3339Nano, m.GetTime()) // what is no time stays unknown
	}
	for kind, n := range m.GetRemoved() {
		if p.Removed == nil {
			p.Removed = map[string]int{}
		}
		p.Removed[kind] = int(n)
	}
	return p
}

func itemToWire(i Item) *ftprepv1.Item {
	return &ftprepv1.Item{
		Id: i.ID, Opening: i.Opening, Answered: int32(i.Answered), Source: i.Source, Type: string(i.Type),
		Score: i.Quality, Split: i.Split, Toolset: i.Toolset, Example: i.Example,
	}
}

func itemFromWire(m *ftprepv1.Item) Item {
	return Item{
		ID: m.Id, Opening: m.Opening, Answered: int(m.Answered), Source: m.Source, Type: Type(m.Type),
		Quality: m.Score, Split: m.Split, Toolset: m.Toolset, Example: m.Example,
	}
}

func itemsToWire(items []Item) *ftprepv1.Frame {
	frame := &ftprepv1.Frame{Items: make([]*ftprepv1.Item, len(items))}
	for i, item := range items {
		frame.Items[i] = itemToWire(item)
	}
	return frame
}

func itemsFromWire(frame *ftprepv1.Frame) []Item {
	items := make([]Item, len(frame.GetItems()))
	for i, item := range frame.GetItems() {
		items[i] = itemFromWire(item)
	}
	return items
}

// Hash names a toolset by its content; that of a nil toolset is empty.
func (t *Toolset) Hash() string {
	if t == nil {
		return ""
	}
	if t.Name != "" {
		return t.Name
	}
	parts := []string{strconv.Itoa(len(t.Tools))}
	for _, tool := range t.Tools {
		parts = append(parts, tool.Server, tool.Name, tool.Description, string(tool.Schema))
	}
	return hash(parts...)
}

func toolsetToWire(t *Toolset) *ftprepv1.Toolset {
	if t == nil {
		return nil
	}
	message := &ftprepv1.Toolset{Hash: t.Hash()}
	for _, tool := range t.Tools {
		message.Tools = append(message.Tools, &ftprepv1.ToolDefinition{
			Server: tool.Server, Name: tool.Name, Description: tool.Description, Schema: tool.Schema,
		})
	}
	return message
}

func toolsetFromWire(m *ftprepv1.Toolset) *Toolset {
	if m == nil {
		return nil
	}
	set := &Toolset{}
	for _, tool := range m.Tools {
		set.Tools = append(set.Tools, ToolDefinition{
			Server: tool.Server, Name: tool.Name, Description: tool.Description, Schema: tool.Schema,
		})
	}
	if set.Hash() != m.Hash {
		set.Name = m.Hash
	}
	return set
}
