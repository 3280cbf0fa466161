package sdk_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
	"github.com/ftprep/ftprep/sdk/sdktest"
)

// keeper restores an example, and another that is too large for a frame.
type keeper struct{}

func (keeper) Read(_ context.Context, _ sdk.Unit, emitter *sdk.Emitter) error {
	kept := question("go")
	kept.ID, kept.Type, kept.Provenance = "kept", sdk.TypeMultiStep, sdk.Provenance{Plugin: "other", File: "f.log", FirstLine: 70, Records: 9}
	if err := emitter.Restore(kept, 1); err != nil {
		return err
	}
	large := question(strings.Repeat("x", 33<<20))
	large.ID, large.Provenance = "large", kept.Provenance
	return emitter.Restore(large, 2)
}

func TestRestoreKeepsWhatItWas(t *testing.T) {
	source := sdk.NewSource("keeper", "Restores.", func(sdk.Setup, struct{}) (sdk.Source, error) { return keeper{}, nil })
	keepers := sdk.Plugin{Name: "keeper", Version: "0.1.0", Doc: "Restores.", Steps: []sdk.Step{source}}
	path := filepath.Join(t.TempDir(), "rows.jsonl")
	require.NoError(t, os.WriteFile(path, nil, 0o644))
	reading := sdktest.Read(t, keepers, "keeper", sdk.Setup{Paths: []string{path}}, `{}`)
	require.Len(t, reading.Examples, 1)
	got := reading.Examples[0]
	require.Equal(t, "kept", got.ID)
	require.Equal(t, sdk.TypeMultiStep, got.Type)
	require.Equal(t, sdk.Provenance{Plugin: "other", File: "f.log", FirstLine: 70, Records: 9}, got.Provenance)
	require.Equal(t, 1, reading.Tally.InExamples, "an example that stands in one record counts as one")
	require.Len(t, reading.Rejects, 1)
	require.Equal(t, 2, reading.Rejects[0].Line)
	require.Equal(t, "rows.jsonl", reading.Rejects[0].File)
}
