package plan

import (
	"encoding/json"
	"testing"

	"github.com/hashicorp/hcl/v2"
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

// TestAComplaintAboutASecretDoesNotShowItsLine: the complaint points there, and is marked.
func TestAComplaintAboutASecretDoesNotShowItsLine(t *testing.T) {
	at := hcl.Range{Filename: "pipeline.hcl", Start: hcl.Pos{Line: 7}}
	block := Block{
		Step:         sdk.Step{Options: []sdk.Option{{Name: "key", Secret: true}, {Name: "plain"}}},
		OptionRanges: map[string]hcl.Range{"key": at, "plain": at},
	}
	secret := block.Diagnostics(&sdk.OptionError{Option: "key", Reason: "it is refused"})[0]
	require.Equal(t, &at, secret.Subject)
	require.Equal(t, unshown{}, secret.Extra)
	require.Nil(t, block.Diagnostics(&sdk.OptionError{Option: "plain", Reason: "it is refused"})[0].Extra)
}
