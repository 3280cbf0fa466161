package sdk

import (
	"time"

	ftprepv1 "github.com/ftprep/ftprep/proto/ftprep/v1"
)

func pluginToWire(p Plugin) *ftprepv1.DescribeResponse {
	return &ftprepv1.DescribeResponse{Name: p.Name, Version: p.Version, Doc: p.Doc, Steps: mapped(p.Steps, stepToWire)}
}

func pluginFromWire(m *ftprepv1.DescribeResponse) Plugin {
	return Plugin{Name: m.Name, Version: m.Version, Doc: m.Doc, Steps: mapped(m.Steps, stepFromWire)}
}

func stepToWire(s Step) *ftprepv1.Step {
	return &ftprepv1.Step{
		Kind: string(s.Kind), Type: s.Type, Doc: s.Doc, Keyed: s.Keyed, Options: mapped(s.Options, optionToWire), Holds: holdsToWire(s.Holds),
	}
}

func stepFromWire(m *ftprepv1.Step) Step {
	return Step{
		Kind: Kind(m.Kind), Type: m.Type, Doc: m.Doc, Keyed: m.Keyed, Options: mapped(m.Options, optionFromWire), Holds: holdsFromWire(m.Holds),
	}
}

func optionToWire(o Option) *ftprepv1.Option {
	return &ftprepv1.Option{
		Name: o.Name, Type: string(o.Type), Doc: o.Doc, Default: o.Default, Required: o.Required, OneOf: o.OneOf,
		Min: o.Min, Max: o.Max, Secret: o.Secret, Deprecated: o.Deprecated, Options: mapped(o.Options, optionToWire),
	}
}

func optionFromWire(m *ftprepv1.Option) Option {
	return Option{
		Name: m.Name, Type: OptionType(m.Type), Doc: m.Doc, Default: m.Default, Required: m.Required, OneOf: m.OneOf,
		Min: m.Min, Max: m.Max, Secret: m.Secret, Deprecated: m.Deprecated, Options: mapped(m.Options, optionFromWire),
	}
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

func unitToWire(u Unit) *ftprepv1.Unit {
	return &ftprepv1.Unit{Id: readable(u.ID), Files: mapped(u.Files, fileToWire)}
}

func unitFromWire(m *ftprepv1.Unit) Unit {
	return Unit{ID: m.GetId(), Files: mapped(m.GetFiles(), fileFromWire)}
}

func fileToWire(f File) *ftprepv1.File {
	file := &ftprepv1.File{Path: []byte(f.Path), Name: readable(f.Name), Size: f.Size}
	if !f.Modified.IsZero() {
		file.Modified = f.Modified.UnixNano()
	}
	return file
}

func fileFromWire(m *ftprepv1.File) File {
	file := File{Path: string(m.Path), Name: m.Name, Size: m.Size}
	if m.Modified != 0 {
		file.Modified = time.Unix(0, m.Modified)
	}
	return file
}

func rejectToWire(r Reject) *ftprepv1.Reject {
	return &ftprepv1.Reject{File: r.File, Line: int32(r.Line), Cause: r.Cause}
}

func rejectFromWire(m *ftprepv1.Reject) Reject {
	return Reject{File: m.File, Line: int(m.Line), Cause: m.Cause}
}

func writtenFileToWire(f WrittenFile) *ftprepv1.WrittenFile {
	return &ftprepv1.WrittenFile{Name: f.Name, Rows: int64(f.Rows), Split: f.Split}
}

func writtenFileFromWire(m *ftprepv1.WrittenFile) WrittenFile {
	return WrittenFile{Name: m.Name, Rows: int(m.Rows), Split: m.Split}
}

func companionToWire(c Companion) *ftprepv1.Companion {
	return &ftprepv1.Companion{Name: validText(c.Name), Content: c.Content, Shared: c.Shared}
}

func companionFromWire(m *ftprepv1.Companion) Companion {
	return Companion{Name: m.Name, Content: m.Content, Shared: m.Shared}
}

func tallyToWire(t Tally) *ftprepv1.Tally {
	message := &ftprepv1.Tally{
		Read: int64(t.Read), InExamples: int64(t.InExamples), Unread: int64(t.Unread),
		Rejected: int64(t.Rejected), Unreadable: int64(t.Unreadable), Examples: int64(t.Examples), Ignored: map[string]int64{}, Files: map[string]*ftprepv1.Tally{},
	}
	for kind, n := range t.Ignored {
		message.Ignored[validText(kind)] += int64(n)
	}
	for file, tally := range t.Files {
		message.Files[readable(file)] = tallyToWire(tally)
	}
	return message
}

func tallyFromWire(m *ftprepv1.Tally) Tally {
	return Tally{
		Read: int(m.GetRead()), InExamples: int(m.GetInExamples()), Unread: int(m.GetUnread()),
		Rejected: int(m.GetRejected()), Unreadable: int(m.GetUnreadable()), Examples: int(m.GetExamples()),
		Ignored: mappedValues(m.GetIgnored(), narrowed), Files: mappedValues(m.GetFiles(), tallyFromWire),
	}
}
