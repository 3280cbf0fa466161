package sdktest

import (
	"bytes"
	"context"
	"fmt"

	"github.com/ftprep/ftprep/sdk"
)

// checkUnsaid finds examples that a filter changes although its verdict does not say so. Over the wire nobody sees that: what
// was changed is lost, or reaches no further than the filters of the same plugin. It opens the filter once more, in this
// process.
func checkUnsaid(ctx context.Context, plugin sdk.Plugin, filter string, setup sdk.Setup, options string, examples []*sdk.Example) error {
	step := plugin.Step(sdk.KindFilter, filter)
	if step == nil {
		return fmt.Errorf("the plugin has no filter %q", filter)
	}
	opened, err := step.Open(setup, options)
	if err != nil {
		return err
	}
	for _, example := range examples {
		before := sdk.NewItem(example)
		copied, err := before.Decode()
		if err != nil {
			return err
		}
		copied.Toolset = example.Toolset
		before = sdk.NewItem(copied)
		verdict, err := opened.(sdk.Filter).Apply(ctx, copied)
		if err != nil {
			return err
		}
		after := sdk.NewItem(copied)
		if verdict.Action != sdk.ActionReplace && (!bytes.Equal(before.Example, after.Example) || before.Toolset != after.Toolset) {
			return fmt.Errorf("example %s: the filter changed it and answered %s: a change is said by annotating or replacing", example.ID, verdict.Action)
		}
	}
	return nil
}
