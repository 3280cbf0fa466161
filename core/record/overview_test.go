package record

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
)

func TestAnOverviewTellsWhatWasDecidedAndWhatBecameOfTheSample(t *testing.T) {
	work := t.TempDir()
	past(t, work, "20260101T000000.000-1", Summary{
		Filters: []*FilterCounts{{Filter: "filter.lab.y"}},
		Outputs: []*OutputCounts{{Output: "output.lab.a"}, {Output: "output.lab.b"}},
	}, func(w *Writer) {
		for i := range 5 {
			id := fmt.Sprint(9 - i)
			read(w, id)
			w.Event(Event{ID: id, Step: "filter.lab.y", Action: "drop", Reason: "short", Evidence: "of " + id})
		}
		read(w, "kept")
		w.Kept([]sdk.Item{kept("kept", 1)}, []string{""})
		w.Rows([]Rows{{Output: "output.lab.a", IDs: []string{"kept"}}})
		w.Event(Event{ID: "kept", Step: "output.lab.b", Action: "refuse", Reason: "long"})
		for _, id := range []string{"kept", "7"} {
			w.Sampled(NewSampled("source.lab.x", "u", &sdk.Example{ID: id, Messages: []sdk.Message{{Role: sdk.RoleUser, Text: "hello"}}}))
		}
	})
	o, err := Runs{Work: work, Pipeline: "pipeline.hcl"}.Overview(Last)
	require.NoError(t, err)
	require.Equal(t, []Decision{
		{"filter.lab.y", "drop", "short", 5, []Case{{"5", "of 5"}, {"6", "of 6"}, {"7", "of 7"}}},
		{"output.lab.b", "refuse", "long", 1, []Case{{ID: "kept"}}},
	}, o.Decisions)
	require.Len(t, o.Sample, 2)
	require.Equal(t, written, o.Sample[0].Outcome)
	require.Equal(t, []string{"output.lab.a: written", "output.lab.b: refused: long"}, o.Sample[0].Outputs)
	require.Equal(t, "dropped by filter.lab.y: short", o.Sample[1].Outcome)
	require.Empty(t, o.Sample[1].Outputs)
	require.Equal(t, []Part{{Name: "user", Text: "hello"}}, o.Sample[1].Parts)
}

// TestCausesQuoteNothingOfTheLog: causes that differ only in the words or the place of the record are one.
func TestCausesQuoteNothingOfTheLog(t *testing.T) {
	w, err := New(t.TempDir(), "run")
	require.NoError(t, err)
	var places RejectSpans
	reject := func(line int, cause string) {
		w.Reject("source.lab.x", []sdk.Reject{{File: "Dora.md", Line: line, Cause: cause}}, &places)
	}
	for line := range 7 {
		reject(line+1, fmt.Sprintf("element %d: %q: this is no call", line+1, strings.Repeat(`"Dora\`, line)))
	}
	reject(9, "it says Dora")
	for i := range 2 * mostCauses {
		reject(0, fmt.Sprint("cause ", i))
	}
	require.NoError(t, w.OrderRejects([]RejectSpans{places}))
	causes, err := w.Causes(func(text string) string { return strings.ReplaceAll(text, "Dora", "someone") })
	require.NoError(t, err)
	require.NoError(t, w.Complete())
	require.Len(t, causes, mostCauses+1)
	total := 0
	for _, cause := range causes {
		total += cause.Count
		require.LessOrEqual(t, len(cause.Places), shownPlaces)
		require.NotContains(t, fmt.Sprint(cause), "Dora")
	}
	require.Equal(t, 8+2*mostCauses, total)
	require.Equal(t, 2*mostCauses-(mostCauses-2), causes[0].Count)
	require.Empty(t, causes[0].Cause, "the others")
	first := []string{"someone.md:1", "someone.md:2", "someone.md:3", "someone.md:4", "someone.md:5"}
	require.Equal(t, Cause{"source.lab.x", `"…": this is no call`, 7, first, Reject{"source.lab.x", "someone.md", 1, `element 1: "": this is no call`}}, causes[1])
	require.Equal(t, Cause{"source.lab.x", "it says someone", 1, []string{"someone.md:9"}, Reject{"source.lab.x", "someone.md", 9, "it says someone"}}, causes[2])
}

// TestASampleIsBounded: a sample has the beginning of a long text, whole characters only, and the first of many texts.
func TestASampleIsBounded(t *testing.T) {
	e := &sdk.Example{ID: "1", Messages: []sdk.Message{{Role: sdk.RoleUser, Text: "x" + strings.Repeat("é", sampleText)}}}
	for range 2 * sampleParts {
		e.Messages = append(e.Messages, sdk.Message{Role: sdk.RoleAssistant, Text: "y", Calls: []sdk.Call{{Server: "s", Tool: "t", Arguments: []byte(`{"a":1}`)}}})
	}
	s := NewSampled("source.lab.x", "u", e)
	require.Len(t, s.Parts, sampleParts)
	require.Equal(t, 1+4*sampleParts, sampleParts+s.More)
	first := s.Parts[0]
	require.Equal(t, len(e.Messages[0].Text), len(first.Text)+first.Cut)
	require.Equal(t, "x"+strings.Repeat("é", sampleText/2-1), first.Text)
	require.Equal(t, Part{Name: "call", Text: `mcp__s__t {"a":1}`}, s.Parts[2])
}

// TestTheDetailsOfAnExampleAreNamed: a sample has them without the empty ones.
func TestTheDetailsOfAnExampleAreNamed(t *testing.T) {
	for _, test := range []struct {
		example sdk.Example
		want    []Part
	}{
		{sdk.Example{Chain: &sdk.ReasoningChain{Problem: "a", RootCause: "b", Reasoning: "c", Solution: "d"}}, []Part{{Name: "problem", Text: "a"}, {Name: "cause", Text: "b"}, {Name: "why", Text: "c"}, {Name: "fix", Text: "d"}}},
		{sdk.Example{Correction: &sdk.CodeCorrection{BadCode: "a", BadReason: "b", GoodCode: "c", GoodReason: "d"}}, []Part{{Name: "bad", Text: "a"}, {Name: "why", Text: "b"}, {Name: "good", Text: "c"}, {Name: "why", Text: "d"}}},
		{sdk.Example{Negative: &sdk.AntiPattern{Pattern: "a", Reason: "b"}}, []Part{{Name: "not", Text: "a"}, {Name: "why", Text: "b"}}},
		{sdk.Example{}, nil},
	} {
		require.Equal(t, test.want, Details(&test.example))
		require.Equal(t, test.want, NewSampled("source.lab.x", "u", &test.example).Parts)
	}
	parts := NewSampled("source.lab.x", "u", &sdk.Example{Negative: &sdk.AntiPattern{Reason: "b"}}).Parts
	require.Equal(t, []Part{{Name: "why", Text: "b"}}, parts)
}

// TestASampleIsTheSameInAnyOrder: frames come in any order, even those of an example that is read twice.
func TestASampleIsTheSameInAnyOrder(t *testing.T) {
	offer := func(order []int) []Choice {
		s := &Sample{}
		for _, i := range order {
			var items []sdk.Item
			for j := range 10 {
				items = append(items, sdk.Item{ID: fmt.Sprint("example ", (7*i+j)%50)})
			}
			s.Offer(Choice{Unit: fmt.Sprint("unit ", i%4), Frame: i / 4, Corrects: i == 3}, items)
		}
		return s.Chosen()
	}
	first := offer([]int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
	require.Len(t, first, sampleSize)
	require.Equal(t, first, offer([]int{9, 3, 1, 0, 7, 2, 5, 8, 6, 4}))
}

// TestASampleHasTheExampleThatStays: of copies the first, unless something corrects it, of corrections the last.
func TestASampleHasTheExampleThatStays(t *testing.T) {
	early, late := Choice{Source: 1, Unit: "a"}, Choice{Source: 1, Unit: "a", Frame: 1}
	correction, correctedAgain := Choice{Unit: "b", Corrects: true}, Choice{Unit: "b", Frame: 1, Corrects: true}
	for _, test := range []struct{ one, other, want Choice }{
		{early, late, early},
		{early, correction, correction},
		{correction, correctedAgain, correctedAgain},
		{Choice{Source: 2, Corrects: true}, early, Choice{Source: 2, Corrects: true}},
	} {
		for _, order := range [][]Choice{{test.one, test.other}, {test.other, test.one}} {
			s := &Sample{}
			for _, place := range order {
				s.Offer(place, []sdk.Item{{ID: "x"}})
			}
			require.Len(t, s.Chosen(), 1)
			got := s.Chosen()[0]
			got.ID, got.hash = "", 0
			require.Equal(t, test.want, got)
		}
	}
}
