package record

import (
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
)

// finish completes the record of a run that is done.
func finish(t *testing.T, w *Writer, summary *Summary) {
	require.NoError(t, w.Complete())
	require.NoError(t, w.Finish(summary))
}

// TestAnIDWithMarkupIsFoundWithAllThatBecameOfIt: logs may hold ids of their own, and the record is searched for them.
func TestAnIDWithMarkupIsFoundWithAllThatBecameOfIt(t *testing.T) {
	r, err := New(t.TempDir(), "run")
	require.NoError(t, err)
	read := Event{ID: "<a&b>", Step: "source.lab.<x>", Unit: "u", Action: "read"}
	drop := Event{ID: "<a&b>", Step: "filter.lab.y", Unit: "u", Action: "drop", Reason: "too <short>"}
	r.Read(read.Step, read.Unit, []sdk.Item{{ID: "other"}, {ID: read.ID}})
	r.Event(drop)
	require.NoError(t, r.Complete())
	history, err := pastRun{folder: r.folder}.lookup("<a&")
	require.NoError(t, err)
	require.NotNil(t, history)
	require.Equal(t, []Event{read, drop}, history.Events)
}

// TestAnIDThatTwoSourcesRead: the history says where the example is written, whichever source's example stayed.
func TestAnIDThatTwoSourcesRead(t *testing.T) {
	work := t.TempDir()
	r, err := New(work, "run")
	require.NoError(t, err)
	for _, source := range []string{"source.lab.a", "source.lab.b"} {
		r.Read(source, "u", []sdk.Item{{ID: "one"}})
	}
	r.Event(Event{ID: "one", Step: "source.lab.a", Unit: "u", Action: "copy", Reason: "example one holds it all"})
	r.Rows([]Rows{{Output: "output.lab.x", Source: "source.lab.b", IDs: []string{"one"}}})
	finish(t, r, &Summary{Version: SummaryVersion, Pipeline: "p.hcl", Outputs: []*OutputCounts{{Output: "output.lab.x", Path: "x"}}})
	history, err := Runs{Work: work, Pipeline: "p.hcl"}.Lookup("one")
	require.NoError(t, err)
	require.Equal(t, []string{"output.lab.x"}, history.Written)
	require.Equal(t, "source.lab.b", history.Read.Step)
}

// TestAWholeIDGoesBeforeItsContinuations: logs may number their examples.
func TestAWholeIDGoesBeforeItsContinuations(t *testing.T) {
	work := t.TempDir()
	r, err := New(work, "run")
	require.NoError(t, err)
	r.Read("source.lab.a", "u", []sdk.Item{{ID: "10"}, {ID: "1"}, {ID: "11"}})
	r.Event(Event{ID: "11", Step: "filter.lab.x", Action: "drop"})
	r.Rows([]Rows{{Output: "output.lab.x", Source: "source.lab.a", IDs: []string{"1"}}})
	finish(t, r, &Summary{Version: SummaryVersion, Pipeline: "p.hcl", Outputs: []*OutputCounts{{Output: "output.lab.x", Path: "x"}}})
	runs := Runs{Work: work, Pipeline: "p.hcl"}
	for id, events := range map[string]int{"1": 1, "10": 1, "11": 2} {
		history, err := runs.Lookup(id)
		require.NoError(t, err)
		require.Equal(t, id, history.ID)
		require.Len(t, history.Events, events)
	}
	history, err := runs.LookupRow("x", 1)
	require.NoError(t, err)
	require.Equal(t, "1", history.ID)

	r, err = New(work, "run-2")
	require.NoError(t, err)
	r.Read("source.lab.a", "u", []sdk.Item{{ID: "20"}, {ID: "21"}})
	finish(t, r, &Summary{Version: SummaryVersion, Pipeline: "p.hcl"})
	_, err = runs.Lookup("2")
	require.EqualError(t, err, `the id "2" matches several examples, such as 20 and 21`)
}

// TestAMadeExampleOfWhichNobodySaysFromWhat: records of earlier releases do not say from what an example was made.
func TestAMadeExampleOfWhichNobodySaysFromWhat(t *testing.T) {
	work := t.TempDir()
	r, err := New(work, "run")
	require.NoError(t, err)
	r.Event(Event{ID: "made", Step: "output.lab.x", Action: "refuse"})
	r.Rows([]Rows{{Output: "output.lab.y", Source: "source.lab.a", IDs: []string{"other"}}})
	finish(t, r, &Summary{Version: SummaryVersion, Pipeline: "p.hcl", Outputs: []*OutputCounts{{Output: "output.lab.y", Path: "y"}}})
	runs := Runs{Work: work, Pipeline: "p.hcl"}
	_, err = runs.Lookup("made")
	require.EqualError(t, err, "a filter made example made, and the record does not say from which example: only examples that were read can be shown")
	_, err = runs.LookupRow("y", 1)
	require.EqualError(t, err, "row 1 of y: a filter made example other, and the record does not say from which example: only examples that were read can be shown")
}

// TestAFileThatARunLeftAloneIsNotItsWork: summaries of the first version have another word for it.
func TestAFileThatARunLeftAloneIsNotItsWork(t *testing.T) {
	for key, version := range map[string]int{"unchanged": SummaryVersion, "kept": 1} {
		var r pastRun
		require.NoError(t, r.summary.read(fmt.Appendf(nil, `{"version":%d,"outputs":[{"output":"output.lab.x","path":"x"},{"output":"output.lab.y","path":"y",%q:true}]}`, version, key)))
		output, _, ok := r.outputOf("x")
		require.True(t, ok)
		require.Equal(t, "output.lab.x", output)
		_, _, ok = r.outputOf("y")
		require.False(t, ok, key)
	}
}

// TestAFaultLeavesNoFileOpen: one list that cannot be written, as on a full disk, does not keep the others open.
func TestAFaultLeavesNoFileOpen(t *testing.T) {
	w, err := New(t.TempDir(), "run")
	require.NoError(t, err)
	require.NoError(t, w.files.file.Close())
	others := []*lineFile{w.events, w.kept, w.sampled, w.rows, w.rejected}
	require.ErrorContains(t, w.Complete(), "write the record of the run: ")
	for _, file := range others {
		require.ErrorIs(t, file.file.Close(), os.ErrClosed)
	}
}
