package sdk_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
	"github.com/ftprep/ftprep/sdk/sdktest"
)

// giver replaces an example by one with another toolset, described by what the user asks for. If that is "keep", the
// example keeps its toolset.
type giver struct{}

func (giver) Apply(_ context.Context, e *sdk.Example) (sdk.Verdict, error) {
	if e.UserMessage() != "keep" {
		e.Toolset = describing(e.UserMessage())
	}
	e.Tags = append(e.Tags, "replaced")
	return sdk.Replace(e), nil
}

func describing(text string) *sdk.Toolset {
	return &sdk.Toolset{Tools: []sdk.ToolDefinition{{Name: "look", Description: text}}}
}

// giving opens a stream through a giver.
func giving(t *testing.T) *sdk.Stream[[]sdk.Outcome] {
	client := sdktest.Connect(t, sdk.Plugin{Name: "giver", Version: "1", Doc: "Gives.", Steps: []sdk.Step{
		sdk.NewFilter("giver", "Gives.", func(sdk.Setup, struct{}) (sdk.Filter, error) { return giver{}, nil }),
	}})
	handle, err := client.Open(t.Context(), sdk.Step{Kind: sdk.KindFilter, Type: "giver"}, sdk.Setup{}, []byte("{}"))
	require.NoError(t, err)
	stream, err := client.Apply(t.Context(), []sdk.Handle{handle})
	require.NoError(t, err)
	t.Cleanup(stream.Close)
	return stream
}

// TestAFilterGivesToolsets: a set comes back once on a stream, and not at all if it came from the host, whose name for it
// may differ from its hash.
func TestAFilterGivesToolsets(t *testing.T) {
	stream := giving(t)
	logged := map[string]*sdk.Toolset{"logged": describing("redacted")}
	one, other := describing("one"), describing("other")
	for _, frame := range []struct {
		asks  string
		tools map[string]*sdk.Toolset
		names []string // the names of the toolsets of the examples that go on
		gives []*sdk.Toolset
	}{
		{"keep redacted one one", logged, []string{"logged", "logged", one.Hash(), one.Hash()}, []*sdk.Toolset{one}},
		{"one other keep", nil, []string{one.Hash(), other.Hash(), "logged"}, []*sdk.Toolset{other}},
		{"other", nil, []string{other.Hash()}, nil},
	} {
		var items []sdk.Item
		for ask := range strings.FieldsSeq(frame.asks) {
			item := sdk.NewItem(question(ask))
			item.Toolset = "logged"
			items = append(items, item)
		}
		require.NoError(t, stream.Send(items, frame.tools))
		outcomes, err := stream.Receive()
		require.NoError(t, err)
		var names []string
		var gives []*sdk.Toolset
		for i, outcome := range outcomes {
			for _, item := range outcome.Items(items[i]) {
				names = append(names, item.Toolset)
			}
			gives = append(gives, outcome.Toolsets...)
		}
		require.Equal(t, frame.names, names)
		require.Equal(t, frame.gives, gives)
	}
}

func TestAToolsetThatNeverCameIsAnError(t *testing.T) {
	stream := giving(t)
	item := sdk.NewItem(question("keep"))
	item.Toolset = "logged"
	require.NoError(t, stream.Send([]sdk.Item{item}, nil))
	_, err := stream.Receive()
	require.ErrorContains(t, err, `the host sent an example with a toolset "logged" that it never sent`)
}
