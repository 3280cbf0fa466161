package sdk

import (
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	ftprepv1 "github.com/ftprep/ftprep/proto/ftprep/v1"
)

func pluginToWire(p Plugin) *ftprepv1.DescribeResponse {
	response := &ftprepv1.DescribeResponse{Name: p.Name, Version: p.Version, Doc: p.Doc}
	for _, step := range p.Steps {
		response.Steps = append(response.Steps, &ftprepv1.Step{
			Kind: string(step.Kind), Type: step.Type, Doc: step.Doc, Keyed: step.Keyed,
			Options: optionsToWire(step.Options), Holds: holdsToWire(step.Holds),
		})
	}
	return response
}

func pluginFromWire(m *ftprepv1.DescribeResponse) Plugin {
	p := Plugin{Name: m.Name, Version: m.Version, Doc: m.Doc}
	for _, step := range m.Steps {
		p.Steps = append(p.Steps, Step{
			Kind: Kind(step.Kind), Type: step.Type, Doc: step.Doc, Keyed: step.Keyed,
			Options: optionsFromWire(step.Options), Holds: holdsFromWire(step.Holds),
		})
	}
	return p
}

func optionsToWire(options []Option) []*ftprepv1.Option {
	var messages []*ftprepv1.Option
	for _, o := range options {
		messages = append(messages, &ftprepv1.Option{
			Name: o.Name, Type: string(o.Type), Doc: o.Doc, Default: o.Default, Required: o.Required, OneOf: o.OneOf,
			Min: o.Min, Max: o.Max, Secret: o.Secret, Deprecated: o.Deprecated, Options: optionsToWire(o.Options),
		})
	}
	return messages
}

func optionsFromWire(messages []*ftprepv1.Option) []Option {
	var options []Option
	for _, m := range messages {
		options = append(options, Option{
			Name: m.Name, Type: OptionType(m.Type), Doc: m.Doc, Default: m.Default, Required: m.Required, OneOf: m.OneOf,
			Min: m.Min, Max: m.Max, Secret: m.Secret, Deprecated: m.Deprecated, Options: optionsFromWire(m.Options),
		})
	}
	return options
}

func holdsToWire(h Holds) *ftprepv1.Holds {
	return &ftprepv1.Holds{
		Tools: h.Tools, Results: h.Results, Thinking: h.Thinking, ParallelCalls: h.ParallelCalls, Turns: h.Turns,
		Negatives: h.Negatives, Masks: h.Masks, Details: h.Details, LastOnly: h.LastOnly, Preferences: h.Preferences,
		Judgements: h.Judgements, Context: h.Context,
	}
}

func holdsFromWire(m *ftprepv1.Holds) Holds {
	return Holds{
		Tools: m.GetTools(), Results: m.GetResults(), Thinking: m.GetThinking(), ParallelCalls: m.GetParallelCalls(),
		Turns: m.GetTurns(), Negatives: m.GetNegatives(), Masks: m.GetMasks(), Details: m.GetDetails(), LastOnly: m.GetLastOnly(),
		Preferences: m.GetPreferences(), Judgements: m.GetJudgements(), Context: m.GetContext(),
	}
}

func selectionToWire(s *Selection) *ftprepv1.Selection {
	if s == nil {
		return nil
	}
	return &ftprepv1.Selection{Tools: s.Tools, KeepTurn: s.KeepTurn, Since: instantToWire(s.Since), Before: instantToWire(s.Before)}
}

func selectionFromWire(m *ftprepv1.Selection) *Selection {
	s := &Selection{Tools: m.GetTools(), KeepTurn: m.GetKeepTurn(), Since: instantFromWire(m.GetSince()), Before: instantFromWire(m.GetBefore())}
	if len(s.Tools) == 0 && s.Since.IsZero() && s.Before.IsZero() {
		return nil
	}
	return s
}

func instantToWire(t time.Time) *timestamppb.Timestamp {
	if t.IsZero() {
		return nil
	}
	return timestamppb.New(t)
}

func instantFromWire(m *timestamppb.Timestamp) time.Time {
	if m == nil {
		return time.Time{}
	}
	return m.AsTime()
}

func unitToWire(u Unit) *ftprepv1.Unit {
	message := &ftprepv1.Unit{Id: readable(u.ID)}
	for _, f := range u.Files {
		file := &ftprepv1.File{Path: []byte(f.Path), Name: readable(f.Name), Size: f.Size}
		if !f.Modified.IsZero() {
			file.Modified = f.Modified.UnixNano()
		}
		message.Files = append(message.Files, file)
	}
	return message
}

func unitFromWire(m *ftprepv1.Unit) Unit {
	unit := Unit{ID: m.GetId()}
	for _, f := range m.GetFiles() {
		file := File{Path: string(f.Path), Name: f.Name, Size: f.Size}
		if f.Modified != 0 {
			file.Modified = time.Unix(0, f.Modified)
		}
		unit.Files = append(unit.Files, file)
	}
	return unit
}

func rejectsToWire(rejects []Reject) []*ftprepv1.Reject {
	var messages []*ftprepv1.Reject
	for _, r := range rejects {
		messages = append(messages, &ftprepv1.Reject{File: r.File, Line: int32(r.Line), Cause: r.Cause})
	}
	return messages
}

func rejectsFromWire(messages []*ftprepv1.Reject) []Reject {
	var rejects []Reject
	for _, m := range messages {
		rejects = append(rejects, Reject{File: m.File, Line: int(m.Line), Cause: m.Cause})
	}
	return rejects
}

func tallyToWire(t Tally) *ftprepv1.Tally {
	message := &ftprepv1.Tally{
		Read: int64(t.Read), InExamples: int64(t.InExamples), Unread: int64(t.Unread),
		Rejected: int64(t.Rejected), Examples: int64(t.Examples), Ignored: map[string]int64{},
	}
	for kind, n := range t.Ignored {
		message.Ignored[validText(kind)] += int64(n)
	}
	for file, tally := range t.Files {
		if message.Files == nil {
			message.Files = map[string]*ftprepv1.Tally{}
		}
		message.Files[readable(file)] = tallyToWire(tally)
	}
	return message
}

func tallyFromWire(m *ftprepv1.Tally) Tally {
	t := Tally{
		Read: int(m.GetRead()), InExamples: int(m.GetInExamples()), Unread: int(m.GetUnread()),
		Rejected: int(m.GetRejected()), Examples: int(m.GetExamples()),
	}
	for kind, n := range m.GetIgnored() {
		if t.Ignored == nil {
			t.Ignored = map[string]int{}
		}
		t.Ignored[kind] = int(n)
	}
	for file, tally := range m.GetFiles() {
		if t.Files == nil {
			t.Files = map[string]Tally{}
		}
		t.Files[file] = tallyFromWire(tally)
	}
	return t
}
