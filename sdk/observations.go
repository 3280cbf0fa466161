package sdk

import (
	"maps"
	"slices"

	"github.com/ftprep/ftprep/sdk/internal/schema"
)

// Observations describe what the calls of each tool looked like, so that tools that nobody declared can be described.
// They can be merged in any order.
type Observations struct {
	tools map[string]*observedTool // by full name
	more  int                      // calls of tools that are not kept
}

type observedTool struct {
	calls     int
	arguments schema.Shape // the arguments of the calls that did not fail
}

// Bounds of what is kept. Of more tools, those whose names sort first are kept: they are the same in whatever order tools
// are met.
const (
	mostTools       = 512
	longestToolName = 256 // in bytes; no model sees such a name
)

// tool adds calls to those of a tool and returns the tool, or nil if it is not kept.
func (o *Observations) tool(name string, calls int) *observedTool {
	if len(name) > longestToolName {
		o.more += calls
		return nil
	}
	if o.tools == nil {
		o.tools = map[string]*observedTool{}
	}
	tool := o.tools[name]
	if tool == nil {
		tool = &observedTool{}
		o.tools[name] = tool
	}
	tool.calls += calls
	if len(o.tools) <= mostTools {
		return tool
	}
	last := slices.Max(slices.Collect(maps.Keys(o.tools)))
	o.more += o.tools[last].calls
	delete(o.tools, last)
	return o.tools[name]
}

// Merge adds what was observed elsewhere.
func (o *Observations) Merge(other *Observations) {
	o.more += other.more
	for name, from := range other.tools {
		if tool := o.tool(name, from.calls); tool != nil {
			tool.arguments.Merge(&from.arguments)
		}
	}
}

// More returns the number of calls of tools that are not kept, because there are too many or their names are too long.
// Nothing else is known of them.
func (o *Observations) More() int { return o.more }

// Definitions returns definitions of the tools that were called, sorted by name. Their schemas are learned from the calls
// that did not fail; they have no descriptions. If exactly one server has a tool, calls of that tool without a server
// count for it, such as those in a journal or a bot's log.
func (o *Observations) Definitions() []ToolDefinition {
	var definitions []ToolDefinition
	servers := o.servers()
	for _, name := range slices.Sorted(maps.Keys(o.tools)) {
		definition := ToolDefinition{}
		definition.Server, definition.Name = SplitName(name)
		only := servers[definition.Name] == 1
		if only && definition.Server == "" {
			continue
		}
		arguments := &o.tools[name].arguments
		if bare := o.tools[definition.Name]; only && bare != nil {
			arguments = new(schema.Shape)
			arguments.Merge(&o.tools[name].arguments)
			arguments.Merge(&bare.arguments)
		}
		definition.Schema = arguments.Schema()
		definitions = append(definitions, definition)
	}
	return definitions
}

// servers returns, by the bare names of tools, how many servers have a tool of that name.
func (o *Observations) servers() map[string]int {
	servers := map[string]int{}
	for name := range o.tools {
		if server, tool := SplitName(name); server != "" {
			servers[tool]++
		}
	}
	return servers
}

// Arguments returns, by tool, the sorted names of the arguments that calls passed which did not fail.
func (o *Observations) Arguments() map[string][]string {
	all := map[string][]string{}
	for name, tool := range o.tools {
		all[name] = slices.Sorted(maps.Keys(tool.arguments.Members))
	}
	return all
}

// An observer adds the calls of examples to observations. It must be used from one goroutine.
type observer struct {
	Observations
	arguments schema.Observer
}

// example adds the calls of an example. A call that failed teaches nothing but the tool's name. A call without a known
// result, as in a journal, counts as one that did not fail: it is trained on, so the schema should allow its arguments.
func (o *observer) example(e *Example) {
	for _, call := range e.Calls() {
		tool := o.tool(call.FullName(), 1)
		if tool != nil && !call.IsError {
			_ = o.arguments.Observe(&tool.arguments, call.Arguments) // they are a JSON object, or the example would have been rejected
		}
	}
}
