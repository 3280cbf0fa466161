package plan

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
)

// TestSecretsAreWhateverASecretOptionHolds: its strings and numbers, however deep they lie, and nothing of other options.
func TestSecretsAreWhateverASecretOptionHolds(t *testing.T) {
	login := []sdk.Option{{Name: "user", Type: sdk.StringOption}, {Name: "pin", Type: sdk.IntOption, Secret: true}}
	block := Block{
		Step: sdk.Step{Options: []sdk.Option{
			{Name: "key", Type: sdk.StringOption, Secret: true},
			{Name: "keys", Type: sdk.ListOption, Secret: true},
			{Name: "headers", Type: sdk.MapOption, Secret: true},
			{Name: "on", Type: sdk.BoolOption, Secret: true},
			{Name: "plain", Type: sdk.StringOption},
			{Name: "hidden", Type: sdk.BlockOption, Options: login, Secret: true},
			{Name: "shown", Type: sdk.BlockOption, Options: login},
		}},
		Options: json.RawMessage(`{"key": "k1", "keys": ["k2", "k3"], "headers": {"auth": "k4", "more": "k5"}, "on": true, "plain": "p",
			"hidden": [{"user": "u1", "pin": 73512}], "shown": [{"user": "u2", "pin": 1.5}]}`),
	}
	require.Equal(t, []string{"k1", "k2", "k3", "k4", "k5", "73512", "u1", "1.5"}, block.Secrets())
}
