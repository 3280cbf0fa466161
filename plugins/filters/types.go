package filters

import (
	"context"
	"slices"

	"github.com/ftprep/ftprep/sdk"
)

type typesOptions struct {
	Types []string `option:"types,required" doc:"The types of examples that stay." one_of:"direct_execution,multi_step,reasoning_chain,code_correction,negative"`
}

// types keeps the listed types.
type types []string

func newTypes(_ sdk.Setup, o typesOptions) (sdk.Filter, error) { return types(o.Types), nil }

func (t types) Apply(_ context.Context, e *sdk.Example) (sdk.Verdict, error) {
	if slices.Contains(t, string(e.Type)) {
		return sdk.Keep(), nil
	}
	return sdk.Drop("type not listed", string(e.Type)), nil
}
