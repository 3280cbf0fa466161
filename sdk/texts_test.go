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

// latin is a plugin whose steps return texts that are not UTF-8, as they may have found them in a log.
type latin struct{}

const latin1 = "caf\xe9"

func (latin) Units(_ context.Context, paths []string) ([]sdk.Unit, error) {
	file := sdk.File{Path: filepath.Join(paths[0], "a.log"), Name: latin1}
	return []sdk.Unit{{ID: latin1, Files: []sdk.File{file}}}, nil
}

func (latin) Read(_ context.Context, _ sdk.Unit, emitter *sdk.Emitter) error {
	emitter.Ignore(latin1, 1)
	emitter.Ignore("caf�", 2)
	emitter.File(sdk.File{Name: "other " + latin1})
	example := question("hello")
	example.Toolset = &sdk.Toolset{Tools: []sdk.ToolDefinition{{Server: latin1, Name: latin1, Description: latin1, Schema: []byte(`"` + latin1 + `"`)}}}
	return emitter.Example(example)
}

func (latin) Apply(_ context.Context, example *sdk.Example) (sdk.Verdict, error) {
	verdict := sdk.Replace(example)
	verdict.Found = []sdk.Found{{Kind: latin1, Rule: latin1, Place: latin1, Count: 1}}
	return verdict, nil
}

func (latin) Keys(_ context.Context, example *sdk.Example) ([]string, error) {
	return []string{"text", example.UserMessage() + "\xff"}, nil
}

func (latin) Encode(context.Context, *sdk.Example) ([][]byte, error) {
	return [][]byte{[]byte("{}")}, nil
}

func (latin) File() string { return latin1 }

func (latin) Finish(context.Context, []sdk.WrittenFile) ([]sdk.Companion, error) {
	return []sdk.Companion{{Name: latin1}}, nil
}

type latinOptions struct {
	Fail bool `option:"fail" doc:"Complain."`
}

func latinSteps() sdk.Plugin {
	return sdk.Plugin{Name: "latin", Version: "1", Doc: "Speaks Latin-1.", Steps: []sdk.Step{
		sdk.NewSource("latin", "Reads.", func(_ sdk.Setup, o latinOptions) (sdk.Source, error) {
			if o.Fail {
				return nil, errors.Join(&sdk.OptionError{Option: "fail", Reason: latin1}, errors.New(latin1))
			}
			return latin{}, nil
		}),
		sdk.NewFilter("latin", "Replaces.", func(sdk.Setup, struct{}) (sdk.Filter, error) { return latin{}, nil }),
		sdk.NewKeyer("keyed", "Gives bytes as keys.", func(sdk.Setup, struct{}) (sdk.Keyer, error) { return latin{}, nil }),
		sdk.NewFormat("latin", "Writes.", sdk.Holds{}, func(sdk.Setup, struct{}) (sdk.Format, error) { return latin{}, nil }),
	}}
}

func TestTextsThatAreNoUTF8CrossTheWire(t *testing.T) {
	plugin, client, folder := latinSteps(), sdktest.Connect(t, latinSteps()), t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "a.log"), nil, 0o600))
	setup := sdk.Setup{Paths: []string{folder}}

	_, err := client.Open(t.Context(), plugin.Steps[0], setup, []byte(`{"fail":true}`))
	require.EqualError(t, err, "option \"fail\": caf�\ncaf�")

	reading := sdktest.Read(t, plugin, "latin", setup, "{}")
	require.Equal(t, "caf%E9", reading.Units[0].ID)
	require.Equal(t, "caf%E9", reading.Units[0].Files[0].Name)
	require.Equal(t, map[string]int{"caf�": 3}, reading.Tally.Ignored)
	require.Equal(t, []sdk.ToolDefinition{{Server: "caf�", Name: "caf�", Description: "caf�", Schema: []byte("\"caf�\"")}},
		reading.Examples[0].Toolset.Tools)

	applied := sdktest.Apply(t, plugin, "latin", sdk.Setup{}, "{}", reading.Examples...)
	require.Equal(t, []sdk.Found{{Kind: "caf�", Rule: "caf�", Place: "caf�", Count: 1}}, applied[0].Decisions[0].Found)

	encoding, err := conformance.Encode(t.Context(), client, "latin", sdk.Setup{}, "{}", reading.Examples)
	require.NoError(t, err)
	require.Equal(t, "caf�", encoding.Companions[0].Name)
}

func TestKeysMayBeBytes(t *testing.T) {
	keys := sdktest.Keys(t, latinSteps(), "keyed", "{}", question("a"), question("b"))
	require.Equal(t, [][]string{{"text", "61ff"}, {"text", "62ff"}}, keys)
}
