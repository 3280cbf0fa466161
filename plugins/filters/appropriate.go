package filters

import (
	"encoding/json"
	"fmt"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/ftprep/ftprep/sdk"
)

// A toolbox holds the declared tools by name, each with the schema of its arguments: nil where it has none that makes
// sense. A nil toolbox declares nothing.
type toolbox map[string]*jsonschema.Resolved

func newToolbox(set *sdk.Toolset) toolbox {
	if set == nil {
		return nil
	}
	box := toolbox{}
	for _, tool := range set.Tools {
		box[tool.Name] = resolve(tool.Schema)
	}
	return box
}

func resolve(text json.RawMessage) *jsonschema.Resolved {
	var schema jsonschema.Schema
	if len(text) == 0 || json.Unmarshal(text, &schema) != nil {
		return nil
	}
	resolved, err := schema.Resolve(nil)
	if err != nil {
		return nil
	}
	return resolved
}

func (b toolbox) declares(tool string) bool {
	_, ok := b[tool]
	return ok
}

// appropriate measures whether the calls are ones that the declared tools take.
func (b toolbox) appropriate(e *sdk.Example) (sdk.Signal, bool) {
	calls := trained(e)
	if b == nil || len(calls) == 0 {
		return sdk.Signal{}, false
	}
	halves := 0
	evidence := "the tools are declared and the arguments fit"
	for i := len(calls) - 1; i >= 0; i-- { // the first problem is the evidence
		if !b.declares(calls[i].Tool) {
			evidence = fmt.Sprintf("no tool %s is declared", calls[i].Tool)
			continue
		}
		halves++
		if err := b.fit(calls[i].Call); err != nil {
			evidence = fmt.Sprintf("the arguments of %s do not fit: %v", calls[i].Tool, err)
			continue
		}
		halves++
	}
	return sdk.Signal{Name: "appropriate", Score: share(halves, 2*len(calls)), Evidence: evidence}, true
}

// fit checks a call's arguments against the tool's schema.
func (b toolbox) fit(call sdk.Call) error {
	schema := b[call.Tool]
	if schema == nil {
		return nil
	}
	var arguments any
	if err := json.Unmarshal(call.Arguments, &arguments); err != nil {
		return err
	}
	return schema.Validate(arguments)
}
