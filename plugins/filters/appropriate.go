package filters

import (
	"cmp"
	"encoding/json"
	"fmt"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/ftprep/ftprep/sdk"
)

// A toolbox holds the declared tools. An empty one declares nothing.
type toolbox struct {
	declared *sdk.Toolset
	schemas  map[string]*jsonschema.Resolved // of the arguments, by the tool's full name; nil if there is no valid one
	servers  map[string]bool                 // those with declared tools
}

func newToolbox(set *sdk.Toolset) toolbox {
	box := toolbox{declared: set, schemas: map[string]*jsonschema.Resolved{}, servers: map[string]bool{}}
	if set == nil {
		return box
	}
	for _, tool := range set.Tools {
		box.schemas[tool.FullName()] = resolve(tool.Schema)
		if tool.Server != "" {
			box.servers[tool.Server] = true
		}
	}
	return box
}

func resolve(text json.RawMessage) *jsonschema.Resolved {
	var schema jsonschema.Schema
	if json.Unmarshal(text, &schema) != nil {
		return nil
	}
	resolved, err := schema.Resolve(nil)
	if err != nil {
		return nil
	}
	return resolved
}

func (b toolbox) declares(tool string) bool { return len(b.declared.Candidates("", tool)) > 0 }

// appropriate measures whether the calls are ones that the declared tools take. A declaration mostly covers one server,
// while logs also hold calls of other servers and of the agent's own tools: it tells nothing about these, nor about a call
// that may mean tools of several servers.
func (b toolbox) appropriate(e *sdk.Example) (sdk.Signal, bool) {
	judged, halves := 0, 0
	problem := ""
	calls := trained(e)
	for _, call := range calls {
		meant := b.declared.Candidates(call.Server, call.Tool)
		if len(meant) != 1 && !b.servers[call.Server] {
			continue
		}
		judged++
		if len(meant) == 0 {
			problem = cmp.Or(problem, fmt.Sprintf("the server %s declares no tool %s", call.Server, call.Tool))
			continue
		}
		halves++
		if err := fit(b.schemas[meant[0].FullName()], call.Arguments); err != nil {
			problem = cmp.Or(problem, fmt.Sprintf("the arguments of %s do not fit its schema: %v", call.Tool, err))
			continue
		}
		halves++
	}
	if judged == 0 {
		return sdk.Signal{}, false
	}
	evidence := cmp.Or(problem, "the tools are declared and the arguments fit")
	if judged < len(calls) {
		evidence += fmt.Sprintf("; %d of %d calls are of other tools", len(calls)-judged, len(calls))
	}
	return sdk.Signal{Name: "appropriate", Score: share(halves, 2*judged), Evidence: evidence}, true
}

// fit checks arguments against a schema, which may be nil.
func fit(schema *jsonschema.Resolved, text json.RawMessage) error {
	if schema == nil {
		return nil
	}
	var arguments any
	if err := json.Unmarshal(text, &arguments); err != nil {
		return err
	}
	return schema.Validate(arguments)
}
