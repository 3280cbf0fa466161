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
	tools   map[string][]declaration // by name, less the server
	servers map[string]bool          // of which tools are declared
}

// declaration is a declared tool.
type declaration struct {
	server string               // empty: any
	schema *jsonschema.Resolved // of the arguments; nil where there is none that makes sense
}

func newToolbox(set *sdk.Toolset) toolbox {
	box := toolbox{tools: map[string][]declaration{}, servers: map[string]bool{}}
	if set == nil {
		return box
	}
	for _, tool := range set.Tools {
		box.tools[tool.Name] = append(box.tools[tool.Name], declaration{tool.Server, resolve(tool.Schema)})
		if tool.Server != "" {
			box.servers[tool.Server] = true
		}
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

func (b toolbox) declares(tool string) bool { return len(b.tools[tool]) > 0 }

// find finds the declaration of a call's tool. A name without a server stands for the tool on any server.
func (b toolbox) find(call sdk.Call) (declaration, bool) {
	for _, d := range b.tools[call.Tool] {
		if d.server == call.Server || d.server == "" || call.Server == "" {
			return d, true
		}
	}
	return declaration{}, false
}

// appropriate measures whether the calls are ones that the declared tools take. A declaration is mostly that of one
// server, and logs hold calls of others and of the agent's own tools: of these it tells nothing.
func (b toolbox) appropriate(e *sdk.Example) (sdk.Signal, bool) {
	judged, halves := 0, 0
	problem := ""
	calls := trained(e)
	for _, call := range calls {
		declared, ok := b.find(call.Call)
		if !ok && !b.servers[call.Server] {
			continue
		}
		judged++
		if !ok {
			problem = cmp.Or(problem, fmt.Sprintf("%s is declared without a tool %s", call.Server, call.Tool))
			continue
		}
		halves++
		if err := declared.fit(call.Arguments); err != nil {
			problem = cmp.Or(problem, fmt.Sprintf("the arguments of %s do not fit: %v", call.Tool, err))
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

// fit checks arguments against the schema.
func (d declaration) fit(text json.RawMessage) error {
	if d.schema == nil {
		return nil
	}
	var arguments any
	if err := json.Unmarshal(text, &arguments); err != nil {
		return err
	}
	return d.schema.Validate(arguments)
}
