package record

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
)

// TestAnIDWithMarkupIsFoundWithAllThatBecameOfIt: logs may hold ids of their own, and the record is searched for them.
func TestAnIDWithMarkupIsFoundWithAllThatBecameOfIt(t *testing.T) {
	r, err := New(t.TempDir(), "run")
	require.NoError(t, err)
	read := Event{ID: "<a&b>", Step: "source.lab.<x>", Unit: "u", Action: "read"}
	drop := Event{ID: "<a&b>", Step: "filter.lab.y", Unit: "u", Action: "drop", Reason: "too <short>"}
	r.Read(read.Step, read.Unit, []sdk.Item{{ID: "other"}, {ID: read.ID}})
	r.Event(drop)
	require.NoError(t, r.Close(nil))
	history, err := pastRun{folder: r.folder}.lookup("<a&")
	require.NoError(t, err)
	require.NotNil(t, history)
	require.Equal(t, []Event{read, drop}, history.Events)
}

// TestAFaultLeavesNoFileOpen: one list that cannot be written, as on a full disk, does not keep the others open.
func TestAFaultLeavesNoFileOpen(t *testing.T) {
	w, err := New(t.TempDir(), "run")
	require.NoError(t, err)
	require.NoError(t, w.files.file.Close())
	require.ErrorContains(t, w.Close(nil), "write the record of the run: ")
	for _, file := range []*lineFile{w.events, w.kept, w.sampled, w.rows, w.rejected} {
		require.ErrorIs(t, file.file.Close(), os.ErrClosed)
	}
}
