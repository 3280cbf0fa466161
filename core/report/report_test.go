package report

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/core/record"
	"github.com/ftprep/ftprep/sdk"
)

const hostile = "</pre></dd><script>alert(1)</script><img src=x onerror=alert(2)>\" onload='x' {{.Run}} javascript:x"

// overview is a run in which every text that can come from a log is the same.
func overview(text string) *record.Overview {
	score := 0.5
	counts := record.Counts{text: 2}
	return &record.Overview{
		Brief: record.Brief{Run: "20260101T000000.000-1", Started: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Experiment: "base"},
		Summary: &record.Summary{
			Pipeline: "pipeline.hcl",
			Sources:  []*record.SourceCounts{{Source: "source.lab.x", Paths: []string{"/project/" + text}, Account: record.Account{Records: 9, Examples: 6, Ignored: counts, Rejected: 2}}},
			Rejects:  []record.Cause{{Source: "source.lab.x", Cause: text, Count: 2, Places: []string{text}}},
			Copies:   1,
			Filters:  []*record.FilterCounts{{Filter: "filter.lab.y", Dropped: 2, Reasons: counts, Found: []sdk.Found{{Kind: text, Place: text, Count: 1}}}},
			Outputs: []*record.OutputCounts{{
				Output: "output.lab.z", Path: "/project/" + text, Files: []string{text}, Selected: 3, Encoded: 1, Refused: counts, Changed: counts, LeftOut: counts,
				Tokens: &record.TokenCounts{Total: 700, Longest: 600, Histogram: []int{1, 0, 2}},
			}},
			Kept: &record.Census{Examples: 3, Types: counts, Tasks: counts, Tools: counts, Sources: counts},
		},
		Decisions: []record.Decision{
			{Step: "filter.lab.y", Action: "drop", Reason: text, Count: 2, Cases: []record.Case{{ID: text, Evidence: text}}},
			{Step: "output.lab.z", Action: "refuse", Reason: text, Count: 2, Cases: []record.Case{{ID: text}}},
		},
		Sample: []record.Seen{{
			Sampled: &record.Sampled{
				ID: text, Step: "source.lab.x", Unit: text, File: text, Type: text, TaskType: text, Tags: []string{text}, Labels: []string{text}, Score: &score,
				Parts: []record.Part{{Name: text, Text: text, Cut: 7}}, More: 3,
			},
			Outcome: text, Outputs: []string{text},
		}},
	}
}

func html(t *testing.T, o *record.Overview, options Options) string {
	t.Helper()
	var page bytes.Buffer
	require.NoError(t, New(o, options).Write(&page, options))
	return page.String()
}

func plain() Options {
	same := func(text string) string { return text }
	return Options{Folder: "/project", Mask: same, Shown: same, Size: func(n int64) string { return fmt.Sprint(n, " B") }, Count: func(n int, noun string) string { return fmt.Sprint(n, " ", noun) }}
}

// TestLogsAreTextInAPage: whatever logs hold, the page has the same tags with the same attributes.
func TestLogsAreTextInAPage(t *testing.T) {
	tags := regexp.MustCompile(`<[^>]*>`)
	harmless, page := html(t, overview("x"), plain()), html(t, overview(hostile), plain())
	require.Equal(t, tags.FindAllString(harmless, -1), tags.FindAllString(page, -1))
	require.Contains(t, page, "&lt;script&gt;alert(1)&lt;/script&gt;")
	require.Contains(t, page, "{{.Run}}", "it is no template")
}

func TestAPageNeedsNothingElse(t *testing.T) {
	page := html(t, overview("x"), plain())
	require.NotRegexp(t, `https?://|@import|url\(|<script`, page)
	require.Contains(t, page, `content="default-src 'none'; style-src 'unsafe-inline'"`)
}

func TestAPageIsTheSameEachTime(t *testing.T) {
	o := overview("x")
	for i := range 50 {
		o.Summary.Kept.Tools[fmt.Sprint("tool ", i)] = i % 3
	}
	first := html(t, o, plain())
	for range 10 {
		require.Equal(t, first, html(t, o, plain()))
	}
	require.Contains(t, first, "and 11 more", "not all of 51 tools are listed")
}

// TestTextsOfLogsAreMasked: all but those of the sample, which were redacted before they were recorded.
func TestTextsOfLogsAreMasked(t *testing.T) {
	options := plain()
	options.Mask = func(text string) string { return strings.ReplaceAll(text, "Dora", "someone") }
	options.Shown = func(text string) string { return strings.ReplaceAll(text, "\x1b", `\x1b`) }
	o := overview("\x1bDora")
	o.Sample[0].Parts, o.Sample[0].ID = nil, "1"
	o.Decisions[0].Cases[0].ID, o.Decisions[1].Cases[0].ID = "1", "1"
	page := html(t, o, options)
	require.NotContains(t, page, "Dora")
	require.NotContains(t, page, "\x1b")

	o = overview("Theo")
	o.Summary.Hidden = map[string]string{"Theo": "somebody"} // what the run's filters make of it
	page = html(t, o, plain())
	require.Contains(t, page, "<tr><td>somebody</td><td class=\"n\">2</td></tr>")
	require.Contains(t, page, "<code>somebody</code>: 0 row", "a path")
}

func TestRareReasonsArePutTogether(t *testing.T) {
	o := overview("x")
	o.Decisions = nil
	for i := range 50 {
		o.Decisions = append(o.Decisions, record.Decision{Step: "filter.lab.y", Action: "drop", Reason: fmt.Sprint("reason ", i), Count: 50 - i})
	}
	reasons := New(o, plain()).Filters[0].Reasons
	require.Len(t, reasons, 41)
	require.Equal(t, Decision{"reason 39", 11, []Case{}}, reasons[39])
	require.Equal(t, Decision{"10 more reason", 55, []Case{}}, reasons[40])
}

func TestAPageSaysWhenNothingWasRedacted(t *testing.T) {
	o := overview("x")
	require.Contains(t, html(t, o, plain()), "Nothing is redacted")
	o.Summary.Filters[0].Filter = "filter.redact.default"
	require.NotContains(t, html(t, o, plain()), "Nothing is redacted")
}

func TestTheFunnel(t *testing.T) {
	o := overview("x")
	require.Equal(t, []Stage{
		{"examples read", "", 6, 100}, {"copies of one conversation", "-1", 5, 83.3}, {"filter.lab.y", "-2", 3, 50}, {"kept", "", 3, 50}, {"output.lab.z", "", 1, 16.6},
	}, New(o, plain()).Funnel)
	o.Summary.Filters[0].Scores = &record.Scores{0: 1, 9: 4, 10: 2}
	scores := New(o, plain()).Filters[0].Scores
	require.Equal(t, []Score{{"0.0", 1, 7, 25}, {"0.9", 4, 6, 100}, {"1.0", 2, 2, 50}}, []Score{scores[0], scores[9], scores[10]})
	require.Contains(t, html(t, o, plain()), "<td>0.9</td><td class=\"n\">4</td><td class=\"n\">6</td>")
	bars := New(o, plain()).Outputs[0].Tokens.Bars
	require.Equal(t, []Bar{{1, 256, 1, 50}, {257, 512, 0, 0}, {513, 1024, 2, 100}}, bars)
}
