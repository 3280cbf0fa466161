package sdk

import (
	"maps"
	"slices"

	"github.com/ftprep/ftprep/sdk/internal/schema"
)

// Observations say what calls looked like, by tool, so that tools that nobody declared can be described. They merge in
// any order.
type Observations struct {
	tools map[string]*observedTool // by full name
	more  int                      // calls of tools beyond the bound
}

type observedTool struct {
	calls     int
	arguments schema.Shape // of the calls that did not fail
}

// Bounds of what is remembered: of more tools, those whose names come first, which are the same in whatever order they
// are met.
const (
	mostTools       = 512
	longestToolName = 256 // in bytes; no model sees such a name
)

// tool finds a tool, to which calls are added; nil beyond the bound.
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

// Merge takes in what was observed elsewhere.
func (o *Observations) Merge(other *Observations) {
	o.more += other.more
	for name, from := range other.tools {
		if tool := o.tool(name, from.calls); tool != nil {
			tool.arguments.Merge(&from.arguments)
		}
	}
}

// More counts the calls of tools beyond the bound, of which nothing is known.
func (o *Observations) More() int { return o.more }

// Definitions describe the tools that were called, by name: the schema is learned from the calls that did not fail,
// and there is no description, for none is known. Calls without a server mean the only one that has such a tool, where there is
// just one: what a journal or a bot's log says of its tools then counts for it.
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

// servers counts by the bare names of tools how many servers have one.
func (o *Observations) servers() map[string]int {
	servers := map[string]int{}
	for name := range o.tools {
		if server, tool := SplitName(name); server != "" {
			servers[tool]++
		}
	}
	return servers
}

// Arguments lists, by tool, the names of the arguments that calls passed which did not fail, sorted.
func (o *Observations) Arguments() map[string][]string {
	all := map[string][]string{}
	for name, tool := range o.tools {
		all[name] = slices.Sorted(maps.Keys(tool.arguments.Members))
	}
	return all
}

// observer takes examples' calls into observations. It is used from one goroutine.
type observer struct {
	Observations
	arguments schema.Observer
}

// example takes in an example's calls. A call that failed teaches nothing but the tool's name. One of which no result is
// known, as in a journal, teaches more: it is trained on, and its tool is to take what it passes.
func (o *observer) example(e *Example) {
	for _, call := range e.Calls() {
		tool := o.tool(call.FullName(), 1)
		if tool != nil && !call.IsError {
			_ = o.arguments.Observe(&tool.arguments, call.Arguments) // they are a JSON object, or the example would not be
		}
	}
}
