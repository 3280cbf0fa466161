package sdk_test

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
)

func TestASignalWithoutAScoreIsJSON(t *testing.T) {
	for text, signal := range map[string]sdk.Signal{
		`{"Name":"seen","Score":null,"Evidence":"twice"}`: {Name: "seen", Score: math.NaN(), Evidence: "twice"},
		`{"Name":"good","Score":0.5,"Evidence":""}`:       {Name: "good", Score: 0.5},
		`{"Name":"bad","Score":0,"Evidence":""}`:          {Name: "bad"},
	} {
		written, err := json.Marshal(sdk.Example{Signals: []sdk.Signal{signal}})
		require.NoError(t, err)
		require.Contains(t, string(written), text)
		var read sdk.Example
		require.NoError(t, json.Unmarshal(written, &read))
		require.Equal(t, math.IsNaN(signal.Score), math.IsNaN(read.Signals[0].Score))
		require.Equal(t, signal.Name+signal.Evidence, read.Signals[0].Name+read.Signals[0].Evidence)
	}
	var read sdk.Signal
	require.NoError(t, json.Unmarshal([]byte(`{"Name":"plain"}`), &read))
	require.Equal(t, sdk.Signal{Name: "plain"}, read)
	require.ErrorContains(t, json.Unmarshal([]byte(`{"Nme":"plain"}`), &read), `unknown field "Nme"`)
}
