package record

import (
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
