package sdk_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
	"github.com/ftprep/ftprep/sdk/conformance"
	"github.com/ftprep/ftprep/sdk/sdktest"
)

const word = "hunter22"

type talker struct{}

func (talker) Read(_ context.Context, _ sdk.Unit, emitter *sdk.Emitter) error {
	return emitter.Reject(sdk.Reject{Cause: "a reject with " + word})
}
func (talker) Apply(context.Context, *sdk.Example) (sdk.Verdict, error) {
	return sdk.Drop("a reason with "+word, "evidence with "+word), nil
}
func (talker) Encode(context.Context, *sdk.Example) ([][]byte, error) {
	return nil, sdk.Refuse("a refusal with " + word)
}
func (talker) Decode([]byte) (*sdk.Example, []string) { return nil, []string{"a problem with " + word} }

type talkerOptions struct {
	Bad bool `option:"bad" doc:"Whether they are refused."`
}

func openTalker[S any](step S) func(sdk.Setup, talkerOptions) (S, error) {
	return func(_ sdk.Setup, o talkerOptions) (S, error) {
		if o.Bad {
			return step, &sdk.OptionError{Option: "bad", Reason: "a complaint with " + word}
		}
		return step, nil
	}
}

// TestSecretsAreHiddenWhereverAPluginSpeaks: the secrets are hidden in all of the plugin's texts that people read.
func TestSecretsAreHiddenWhereverAPluginSpeaks(t *testing.T) {
	plugin := sdk.Plugin{Name: "talker", Version: "1", Doc: "Tells its secret.", Steps: []sdk.Step{
		sdk.NewSource("talker", "Tells.", openTalker[sdk.Source](talker{})),
		sdk.NewFilter("talker", "Tells.", openTalker[sdk.Filter](talker{})),
		sdk.NewFormat("talker", "Tells.", sdk.Holds{}, openTalker[sdk.Format](talker{})),
	}}
	client := sdktest.Connect(t, plugin)
	client.Conceal(word)

	_, err := client.Open(t.Context(), plugin.Steps[1], sdk.Setup{}, []byte(`{"bad": true}`))
	var complaint *sdk.OptionError
	require.True(t, errors.As(err, &complaint))
	require.Equal(t, "a complaint with (secret)", complaint.Reason)

	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "a.txt"), []byte("a"), 0o600))
	reading, err := conformance.Read(t.Context(), client, "talker", sdk.Setup{Paths: []string{folder}}, "{}")
	require.NoError(t, err)
	require.Equal(t, "a reject with (secret)", reading.Rejects[0].Cause)

	example := &sdk.Example{ID: "1", Messages: []sdk.Message{{Role: sdk.RoleUser, Text: "q"}, {Role: sdk.RoleAssistant, Text: "a"}}}
	applied, err := conformance.Apply(t.Context(), client, "talker", sdk.Setup{}, "{}", conformance.OneByOne([]*sdk.Example{example})...)
	require.NoError(t, err)
	require.Equal(t, "a reason with (secret)", applied[0].Decisions[0].Reason)
	require.Equal(t, "evidence with (secret)", applied[0].Decisions[0].Evidence)

	format, err := client.Open(t.Context(), plugin.Steps[2], sdk.Setup{}, nil)
	require.NoError(t, err)
	encoding, err := client.Encode(t.Context(), format, sdk.Dataset{})
	require.NoError(t, err)
	defer encoding.Close()
	require.NoError(t, encoding.Send([]sdk.Item{sdk.NewItem(example)}, nil))
	encoded, err := encoding.Receive()
	require.NoError(t, err)
	require.Equal(t, "a refusal with (secret)", encoded[0].Refused)

	decoding, err := client.Decode(t.Context(), format)
	require.NoError(t, err)
	defer decoding.Close()
	decoded, err := decoding.Rows([][]byte{[]byte("row")})
	require.NoError(t, err)
	require.Equal(t, []string{"a problem with (secret)"}, decoded[0].Problems)
}
