package sdk_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
	"github.com/ftprep/ftprep/sdk/sdktest"
)

// varied emits one of everything.
type varied struct{}

func (varied) Read(_ context.Context, _ sdk.Unit, emitter *sdk.Emitter) error {
	score := 0.5
	emitter.Ignore("noise", 2)
	if err := emitter.Reject(sdk.Reject{File: "a.txt", Line: 3, Cause: "not readable"}); err != nil {
		return err
	}
	return emitter.Example(&sdk.Example{
		Identity: sdk.Identity{Opening: "o", Calls: []string{"1"}}, Quality: &score, Split: "train",
		Messages: []sdk.Message{{Role: sdk.RoleUser, Text: "go"}, {Role: sdk.RoleAssistant, Text: "gone"}},
		Toolset:  &sdk.Toolset{Tools: []sdk.ToolDefinition{{Server: "s", Name: "n", Description: "d", Schema: []byte(`{"a": 1.0}`)}}},
	})
}

func TestAFrameIsKeptWhole(t *testing.T) {
	client := sdktest.Connect(t, sdk.Plugin{Name: "varied", Version: "1", Doc: "Emits.", Steps: []sdk.Step{
		sdk.NewSource("varied", "Emits.", func(sdk.Setup, struct{}) (sdk.Source, error) { return varied{}, nil }),
	}})
	handle, err := client.Open(t.Context(), sdk.Step{Kind: sdk.KindSource, Type: "varied"}, sdk.Setup{}, []byte("{}"))
	require.NoError(t, err)
	frames := 0
	require.NoError(t, client.Read(t.Context(), handle, []sdk.Unit{{ID: "u"}}, func(frame sdk.ReadFrame) error {
		frames++
		require.Len(t, frame.Items, 1)
		require.Len(t, frame.Rejects, 1)
		require.Len(t, frame.Toolsets, 1)
		require.NotNil(t, frame.Tally)
		data, err := frame.AppendBinary([]byte("before"))
		require.NoError(t, err)
		again, err := sdk.ParseReadFrame(data[len("before"):])
		require.NoError(t, err)
		require.Empty(t, cmp.Diff(frame, again, cmpopts.IgnoreUnexported(sdk.ReadFrame{}, sdk.Observations{})))
		whole, err := again.AppendBinary(nil)
		require.NoError(t, err)
		require.Equal(t, data[len("before"):], whole, "what cannot be compared is there, too")
		return nil
	}))
	require.Equal(t, 1, frames)
	_, err = sdk.ParseReadFrame([]byte("no frame"))
	require.Error(t, err)
}

func TestADigestNamesAllThatAStepWasOpenedWith(t *testing.T) {
	client := sdktest.Connect(t, plugin)
	digest := func(setup sdk.Setup, options string) [32]byte {
		handle, err := client.Open(t.Context(), sdk.Step{Kind: sdk.KindSource, Type: "echo"}, setup, []byte(options))
		require.NoError(t, err)
		return handle.Digest
	}
	base := digest(sdk.Setup{Paths: []string{"a"}}, "{}")
	require.Equal(t, base, digest(sdk.Setup{Paths: []string{"b", "c"}}, "{}"), "what is read stands in the units")
	digests := map[[32]byte]bool{base: true}
	for _, other := range [][32]byte{
		digest(sdk.Setup{}, `{"times": 2}`),
		digest(sdk.Setup{Block: "source.echo.x"}, "{}"),
		digest(sdk.Setup{Tools: &sdk.Toolset{Tools: []sdk.ToolDefinition{{Name: "n"}}}}, "{}"),
		digest(sdk.Setup{Selection: &sdk.Selection{Tools: []string{"n"}}}, "{}"),
		digest(sdk.Setup{Selection: &sdk.Selection{Tools: []string{"n"}, KeepTurn: true}}, "{}"),
	} {
		require.NotContains(t, digests, other)
		digests[other] = true
	}
}
