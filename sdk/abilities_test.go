package sdk_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
	"github.com/ftprep/ftprep/sdk/sdktest"
)

// unlisted is a source whose method Units lacks the context.
type unlisted struct{ echo }

func (unlisted) Units([]string) ([]sdk.Unit, error) { return nil, nil }

// tallying is a format whose abilities are methods of its pointer.
type tallying struct{}

func (tallying) Encode(context.Context, *sdk.Example) ([][]byte, error)              { return nil, nil }
func (*tallying) Begin(context.Context, sdk.Dataset) error                           { return nil }
func (*tallying) Finish(context.Context, []sdk.WrittenFile) ([]sdk.Companion, error) { return nil, nil }

func TestAMethodThatWouldNeverBeCalledIsTold(t *testing.T) {
	source := sdk.NewSource("unlisted", "Lists wrongly.", func(sdk.Setup, struct{}) (sdk.Source, error) { return unlisted{}, nil })
	value := sdk.NewFormat("value", "Counts.", sdk.Holds{}, func(sdk.Setup, struct{}) (sdk.Format, error) { return tallying{}, nil })
	pointer := sdk.NewFormat("pointer", "Counts.", sdk.Holds{}, func(sdk.Setup, struct{}) (sdk.Format, error) { return &tallying{}, nil })
	client := sdktest.Connect(t, sdk.Plugin{Name: "abilities", Version: "1", Doc: "x", Steps: []sdk.Step{source, value, pointer}})

	_, err := client.Open(t.Context(), source, sdk.Setup{}, nil)
	require.ErrorContains(t, err, "its method Units would never be called: its type is func([]string) ([]sdk.Unit, error), "+
		"but that of sdk.Lister is func(context.Context, []string) ([]sdk.Unit, error)")
	_, err = client.Open(t.Context(), value, sdk.Setup{}, nil)
	for _, method := range []string{"Begin", "Finish"} {
		require.ErrorContains(t, err, "its method "+method+" would never be called: it has a pointer receiver, so return a *sdk_test.tallying")
	}
	_, err = client.Open(t.Context(), pointer, sdk.Setup{}, nil)
	require.NoError(t, err)
}
