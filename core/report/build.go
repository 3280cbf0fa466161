package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/ftprep/ftprep/core/record"
)

// mostListed is how many numbers of a group, or reasons of a step, are listed.
const mostListed = 40

// builder makes the parts of a page.
type builder struct {
	Options
	*record.Overview
}

// text returns a text as it is shown, redacted: it may have come from a log without passing a redact filter. For some texts the
// summary has what the run's redact filters make of them.
func (b *builder) text(text string) string {
	return b.Shown(b.Mask(cmp.Or(b.Summary.Hidden[text], text)))
}

func (b *builder) texts(texts []string) []string {
	all := make([]string, len(texts))
	for i, text := range texts {
		all[i] = b.text(text)
	}
	return all
}

// path returns the path of a file as it is shown: relative to the pipeline's folder if it is below that.
func (b *builder) path(path string) string { return b.text(record.Below(b.Folder, path)) }

func (b *builder) paths(paths []string) []string {
	all := make([]string, len(paths))
	for i, path := range paths {
		all[i] = b.path(path)
	}
	return all
}

// numbers lists counts, the largest first, equals by label. Each label begins with prefix.
func (b *builder) numbers(counts map[string]int, prefix string) []Number {
	all := []Number{}
	for _, label := range slices.Sorted(maps.Keys(counts)) {
		all = append(all, Number{prefix + b.text(label), counts[label]})
	}
	slices.SortStableFunc(all, func(x, y Number) int { return cmp.Compare(y.Count, x.Count) })
	return all
}

func (b *builder) source(c *record.SourceCounts) Source {
	s := Source{
		Source: c.Source, Paths: b.paths(c.Paths), Units: c.Units, Files: c.Files, Bytes: c.Bytes, Records: c.Records, Used: c.Used,
		Unread: c.Unread, Examples: c.Examples, Ignored: b.numbers(c.Ignored, ""), Rejected: c.Rejected, Causes: []Cause{},
	}
	for _, cause := range b.Summary.Rejects {
		if cause.Source == c.Source {
			s.Causes = append(s.Causes, Cause{cmp.Or(b.text(cause.Cause), "other causes"), cause.Count, b.texts(cause.Places)})
		}
	}
	return s
}

func (b *builder) filter(c *record.FilterCounts) Filter {
	f := Filter{Filter: c.Filter, Annotated: c.Annotated, Replaced: c.Replaced, Dropped: c.Dropped, Reasons: b.decisions(c.Filter, "drop")}
	found := map[string]int{}
	for _, one := range c.Found {
		found[strings.TrimSuffix(one.Kind+": "+one.Rule, ": ")+" in "+one.Place] += one.Count
	}
	f.Found = b.numbers(found, "")
	if c.Scores != nil {
		f.Scores = scores(c.Scores)
	}
	return f
}

func scores(s *record.Scores) []Score {
	var all []Score
	for bar, n := range s {
		all = append(all, Score{fmt.Sprintf("%.1f", s.Least(bar)), n, s.From(bar), percent(n, slices.Max(s[:]))})
	}
	return all
}

// decisions returns the decisions of a step with one kind of action. Plugins may give every example a reason of its own, so the
// rarer reasons are put together.
func (b *builder) decisions(step, action string) []Decision {
	all := []Decision{}
	more, rest := 0, 0
	for _, d := range b.Decisions {
		if d.Step != step || d.Action != action {
			continue
		}
		if len(all) == mostListed {
			more, rest = more+1, rest+d.Count
			continue
		}
		one := Decision{Reason: b.text(d.Reason), Count: d.Count, Cases: []Case{}}
		for _, c := range d.Cases {
			one.Cases = append(one.Cases, Case{b.Shown(c.ID), b.text(c.Evidence)})
		}
		all = append(all, one)
	}
	if more > 0 {
		all = append(all, Decision{Reason: b.Count(more, "more reason"), Count: rest, Cases: []Case{}})
	}
	return all
}

func (b *builder) output(c *record.OutputCounts) Output {
	o := Output{
		Output: c.Output, Path: b.path(c.Path), Files: b.paths(c.Files), Beside: b.texts(c.Beside), Kept: c.Unchanged, Selected: c.Selected,
		Written: c.Encoded, Rows: c.Rows, Bytes: c.Bytes, Refused: b.decisions(c.Output, "refuse"),
	}
	o.Notes = slices.Concat(b.numbers(c.Changed, ""), b.numbers(c.LeftOut, "rows left out: "))
	if c.Copies > 0 {
		o.Notes = append(o.Notes, Number{"copies of examples that the output has from another source", c.Copies})
	}
	if c.Tokens != nil {
		o.Tokens = tokens(c.Tokens)
	}
	return o
}

func tokens(c *record.TokenCounts) *Tokens {
	t := &Tokens{Total: c.Total, Longest: c.Longest, Bars: []Bar{}}
	from := 1
	for n, rows := range c.Histogram {
		to := record.FirstBar << n
		t.Bars = append(t.Bars, Bar{from, to, rows, percent(rows, slices.Max(c.Histogram))})
		from = to + 1
	}
	return t
}

// kept returns the groups by which the examples that the filters left are counted.
func (b *builder) kept() []Group {
	groups := []Group{}
	for _, group := range []struct {
		title  string
		counts map[string]int
	}{
		{"by type", b.Summary.Kept.Types}, {"by task type", b.Summary.Kept.Tasks}, {"by label", b.Summary.Kept.Labels}, {"by model", b.Summary.Kept.Models},
		{"by split", b.Summary.Kept.Splits}, {"by source", b.Summary.Kept.Sources}, {"calls by tool", b.Summary.Kept.Tools},
	} {
		if all := b.numbers(group.counts, ""); len(all) > 0 {
			shown := min(len(all), mostListed)
			groups = append(groups, Group{group.title, all[:shown], len(all) - shown})
		}
	}
	return groups
}

// example returns an example of the sample. The run has redacted the texts of its parts.
func (b *builder) example(s record.Seen) Example {
	e := Example{
		ID: b.Shown(s.ID), Type: b.text(s.Type), TaskType: b.text(s.TaskType), Place: s.Step + ", " + b.text(cmp.Or(s.File, s.Unit)),
		Labels: b.texts(s.Labels), Tags: b.texts(s.Tags), Outcome: b.text(s.Outcome), Outputs: b.texts(s.Outputs), Parts: []record.Part{},
		More: s.More, Withheld: s.Withheld,
	}
	if s.Score != nil {
		e.Score = strconv.FormatFloat(*s.Score, 'f', 3, 64)
	}
	for _, part := range s.Parts {
		part.Name, part.Text = b.Shown(part.Name), b.Shown(part.Text)
		e.Parts = append(e.Parts, part)
	}
	return e
}
