package plan

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"time"

	"github.com/hashicorp/hcl/v2"

	"github.com/ftprep/ftprep/core/load"
	"github.com/ftprep/ftprep/sdk"
)

// A Plugin is a plugin that a pipeline needs, and where it comes from.
type Plugin struct {
	Name    string
	Builtin bool
	Path    string // of its binary, absolute; empty: Command, else ftprep-plugin-NAME on $PATH
	Command string // a program on $PATH that runs it
	Args    []string
	Env     []string      // the names of variables that it gets besides the usual ones
	Idle    time.Duration // how long it may be silent; 0: the usual time
	Timeout time.Duration // how long its process may run; 0: any time
	Memory  int64         // how much its processes may take, in bytes; 0: any
	Offers  sdk.Plugin    // as it described itself

	at  hcl.Range // of its block; of a built-in plugin, of the first block that needs it
	err error     // why it did not describe itself
}

// Unavailable returns the diagnostic that the plugin could not be started, or did not say what it offers. It points at the
// plugin's block or, for a built-in plugin, at the first block that needs it.
func (p *Plugin) Unavailable(err error) *hcl.Diagnostic {
	return &hcl.Diagnostic{Severity: hcl.DiagError, Summary: "Plugin not available", Detail: fmt.Sprintf("%v.", err), Subject: &p.at, Extra: err}
}

// pluginOptions are the options of a plugin block. Whether the binary exists is checked by the host.
var pluginOptions = []sdk.Option{
	{Name: "path", Type: sdk.OptionString},
	{Name: "command", Type: sdk.OptionString},
	{Name: "args", Type: sdk.OptionList},
	{Name: "env", Type: sdk.OptionList},
	{Name: "idle_timeout", Type: sdk.OptionDuration},
	{Name: "timeout", Type: sdk.OptionDuration},
	{Name: "memory", Type: sdk.OptionString},
}

// declared evaluates the plugin blocks. Of several with one name, which are reported already, it takes the first.
func (p *planner) declared() *offers {
	o := &offers{}
	for _, block := range p.file.Plugins {
		if !o.has(block.Name) {
			o.plugins = append(o.plugins, p.plugin(block))
		}
	}
	return o
}

// plugin evaluates a plugin block.
func (p *planner) plugin(block *load.Plugin) Plugin {
	b := p.scope.decode(block.Body, block.Range, pluginOptions)
	plugin := Plugin{Name: block.Name, at: block.Range}
	b.read("path", &plugin.Path)
	b.read("command", &plugin.Command)
	b.read("args", &plugin.Args)
	b.read("env", &plugin.Env)
	plugin.Idle, plugin.Timeout, plugin.Memory = p.duration(b, "idle_timeout"), p.duration(b, "timeout"), p.memory(b)
	for _, name := range plugin.Env {
		if !variableName.MatchString(name) {
			p.problems.add(b.ranges["env"], "Invalid value", `"env": %q is not the name of a variable; write names only, such as ["API_TOKEN"].`, name)
		}
	}
	if plugin.Path != "" {
		var err error
		plugin.Path, err = p.locate.absolute(plugin.Path)
		p.problems.invalid(b.ranges["path"], "path", err)
		if plugin.Command != "" {
			p.problems.add(b.ranges["command"], "Conflicting arguments", "A plugin has either a path or a command, not both.")
		}
	}
	return plugin
}

// variableName matches the names that an environment variable may have on any system.
var variableName = regexp.MustCompile(`^[^=\s\x00]+$`)

// duration reads a duration of a plugin block; 0 if there is none.
func (p *planner) duration(b body, name string) time.Duration {
	var text string
	if !b.read(name, &text) {
		return 0
	}
	duration, _ := time.ParseDuration(text) // it was checked to be one
	if duration <= 0 {
		p.problems.add(b.ranges[name], "Invalid value", "%q: the duration must be above zero, not %q. Omit it to use the default.", name, text)
	}
	return duration
}

// leastMemory is less than any process takes: a smaller number was meant in another unit.
const leastMemory = 1 << 20

// memory reads how much memory a plugin may take; 0 if its block does not say.
func (p *planner) memory(b body) int64 {
	var text string
	if !b.read("memory", &text) {
		return 0
	}
	bytes, err := ParseSize(text)
	if err == nil && bytes < leastMemory {
		err = fmt.Errorf(`%q is less than any plugin needs; write a size with a unit, such as "512MiB"`, text)
	}
	p.problems.invalid(b.ranges["memory"], "memory", err)
	return bytes
}

// used returns the plugins that some block uses, sorted by name.
func used(plugins []Plugin, blocks []*Block) []Plugin {
	used := slices.DeleteFunc(slices.Clone(plugins), func(plugin Plugin) bool {
		return !slices.ContainsFunc(blocks, func(b *Block) bool { return b.Plugin == plugin.Name })
	})
	slices.SortFunc(used, func(a, b Plugin) int { return cmp.Compare(a.Name, b.Name) })
	return used
}

// Declared evaluates the plugin blocks of a pipeline and none of its sources, filters and outputs.
func Declared(pipeline *load.Pipeline, settings Settings) ([]Plugin, hcl.Diagnostics) {
	p := newPlanner(pipeline, settings)
	if !pipeline.Intact {
		return nil, p.problems.sorted()
	}
	return p.declared().plugins, p.problems.sorted()
}
