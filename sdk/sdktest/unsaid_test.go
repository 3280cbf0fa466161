package sdktest

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
	"github.com/ftprep/ftprep/sdk/conformance"
)

// changer changes every example in place and answers as the request says.
type changer struct{}

func (changer) Apply(_ context.Context, e *sdk.Example) (sdk.Verdict, error) {
	switch e.UserMessage() {
	case "honest":
		return sdk.Annotate(sdk.Annotation{Tags: []string{"seen"}}), nil
	case "said":
		e.Messages[0].Text = "changed"
		return sdk.Replace(e), nil
	}
	request := e.UserMessage()
	e.Tags = append(e.Tags, "seen")
	e.Messages[0].Text = "changed"
	switch request {
	case "annotate":
		return sdk.Annotate(sdk.Annotation{Labels: []string{"seen"}}), nil
	case "drop":
		return sdk.Drop("seen", ""), nil
	}
	return sdk.Keep(), nil
}

func TestAChangeThatAVerdictDoesNotSayIsFound(t *testing.T) {
	plugin := sdk.Plugin{Name: "changer", Version: "1", Doc: "Changes.", Steps: []sdk.Step{
		sdk.NewFilter("changer", "Changes.", func(sdk.Setup, struct{}) (sdk.Filter, error) { return changer{}, nil }),
	}}
	for request, want := range map[string]string{"honest": "", "said": "", "keep": "answered keep", "annotate": "answered annotate", "drop": "answered drop"} {
		example := &sdk.Example{ID: "1", Messages: []sdk.Message{{Role: sdk.RoleUser, Text: request}}}
		_, err := conformance.Apply(t.Context(), Connect(t, plugin), "changer", sdk.Setup{}, "{}", []*sdk.Example{example})
		if want == "" {
			require.NoError(t, err, request)
		} else {
			require.ErrorContains(t, err, "example 1: the filter changed it but "+want+", so the change is lost: return sdk.Annotate")
		}
		require.Equal(t, request, example.UserMessage(), "the examples of the test stay as they are")
	}
}

// labels is a filter that labels the examples it keeps, without saying so.
type labels struct{}

func (labels) Apply(_ context.Context, e *sdk.Example) (sdk.Verdict, error) {
	e.Labels = append(e.Labels, "seen")
	return sdk.Keep(), nil
}

func TestTheKitFindsAnUnsaidChange(t *testing.T) {
	plugin := sdk.Plugin{Name: "labels", Version: "1", Doc: "Labels.", Steps: []sdk.Step{
		sdk.NewFilter("labels", "Labels.", func(sdk.Setup, struct{}) (sdk.Filter, error) { return labels{}, nil }),
	}}
	checked := all{}
	conformance.Kit{Start: starter(t, plugin)}.Run(t.Context(), checked)
	require.Equal(t, []string{"examples [1]: example 1: the filter changed it but answered keep, so the change is lost: " +
		"return sdk.Annotate to add something, or sdk.Replace(example) to change something"}, checked["filter.labels: odd examples"])
}
