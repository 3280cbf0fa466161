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
	login := []sdk.Option{{Name: "user", Type: sdk.OptionString}, {Name: "pin", Type: sdk.OptionInt, Secret: true}}
	block := Block{
		Step: sdk.Step{Options: []sdk.Option{
			{Name: "key", Type: sdk.OptionString, Secret: true},
			{Name: "keys", Type: sdk.OptionList, Secret: true},
			{Name: "headers", Type: sdk.OptionMap, Secret: true},
			{Name: "on", Type: sdk.OptionBool, Secret: true},
			{Name: "plain", Type: sdk.OptionString},
			{Name: "hidden", Type: sdk.OptionBlock, Options: login, Secret: true},
			{Name: "shown", Type: sdk.OptionBlock, Options: login},
		}},
		Options: json.RawMessage(`{"key": "k1", "keys": ["k2", "k3"], "headers": {"auth": "k4", "more": "k5"}, "on": true, "plain": "p",
			"hidden": [{"user": "u1", "pin": 73512}], "shown": [{"user": "u2", "pin": 1.5}]}`),
	}
	require.Equal(t, []string{"k1", "k2", "k3", "k4", "k5", "u1", "73512", "1.5"}, block.Secrets())
}

// TestPublicOptionsHoldNoSecret: not even beside a secret in a nested block.
func TestPublicOptionsHoldNoSecret(t *testing.T) {
	login := []sdk.Option{{Name: "user", Type: sdk.OptionString}, {Name: "pin", Type: sdk.OptionInt, Secret: true}}
	block := Block{
		Step: sdk.Step{Options: []sdk.Option{
			{Name: "key", Type: sdk.OptionString, Secret: true},
			{Name: "plain", Type: sdk.OptionString},
			{Name: "login", Type: sdk.OptionBlock, Options: login},
		}},
		Options: json.RawMessage(`{"key": "k1", "plain": "p", "login": [{"user": "u", "pin": 1}]}`),
		own:     json.RawMessage(`{"max_units": 3}`),
	}
	require.Equal(t, map[string]json.RawMessage{"plain": []byte(`"p"`), "max_units": []byte("3")}, block.PublicOptions())
	require.Empty(t, (&Block{}).PublicOptions())
}

// TestAComplaintAboutASecretDoesNotShowItsLine: the complaint points there, and is marked.
func TestAComplaintAboutASecretDoesNotShowItsLine(t *testing.T) {
	at := hcl.Range{Filename: "pipeline.hcl", Start: hcl.Pos{Line: 7}}
	block := Block{
		Step:         sdk.Step{Options: []sdk.Option{{Name: "key", Secret: true}, {Name: "plain"}}},
		optionRanges: map[string]hcl.Range{"key": at, "plain": at},
	}
	secret := block.Diagnostics(&sdk.OptionError{Option: "key", Reason: "it is refused"})[0]
	require.Equal(t, &at, secret.Subject)
	require.Equal(t, unshown{}, secret.Extra)
	require.Nil(t, block.Diagnostics(&sdk.OptionError{Option: "plain", Reason: "it is refused"})[0].Extra)
}

// TestAComplaintAboutANestedBlockPointsThere: at the option, else at the block of that number, else at the whole.
func TestAComplaintAboutANestedBlockPointsThere(t *testing.T) {
	line := func(n int) hcl.Range { return hcl.Range{Filename: "pipeline.hcl", Start: hcl.Pos{Line: n}} }
	block := Block{
		Range: line(1),
		Step: sdk.Step{Options: []sdk.Option{{Name: "rule", Type: sdk.OptionBlock, Options: []sdk.Option{
			{Name: "text", Type: sdk.OptionString}, {Name: "key", Type: sdk.OptionString, Secret: true},
		}}}},
		optionRanges: map[string]hcl.Range{"rule": line(2), "rule[0]": line(2), "rule[1]": line(4), "rule[1].text": line(5), "rule[1].key": line(6)},
	}
	for option, want := range map[string]struct {
		line int
		name string
	}{
		"rule[1].text": {5, "text"}, "rule[1].more": {4, "more"}, "rule[1]": {4, "rule"}, "rule[7].text": {1, "text"}, "rule[1].key": {6, "key"},
	} {
		diag := block.Diagnostics(&sdk.OptionError{Option: option, Reason: "it is refused"})[0]
		require.Equal(t, want.line, diag.Subject.Start.Line, option)
		require.Equal(t, `"`+want.name+`": it is refused.`, diag.Detail)
		require.Equal(t, option == "rule[1].key", diag.Extra == unshown{}, option)
	}
}
