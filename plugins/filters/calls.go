package filters

import (
	"context"
	"fmt"
	"slices"

	"github.com/ftprep/ftprep/sdk"
)

// calls drops examples without a call where their type needs one.
type calls struct{}

func newCalls(sdk.Setup, struct{}) (sdk.Filter, error) { return calls{}, nil }

func (calls) Apply(_ context.Context, e *sdk.Example) (sdk.Verdict, error) {
	if e.Type != sdk.TypeDirectExecution && e.Type != sdk.TypeMultiStep {
		return sdk.Keep(), nil
	}
	if len(trained(e)) == 0 {
		return sdk.Drop("no call", fmt.Sprintf("%d messages without a call to learn", len(e.Messages))), nil
	}
	return sdk.Keep(), nil
}

// trained lists the calls that a model learns to make.
func trained(e *sdk.Example) []sdk.AnsweredCall {
	return slices.DeleteFunc(e.Calls(), func(call sdk.AnsweredCall) bool { return call.Masked })
}
