package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ftprep/ftprep/core/plan"
	"github.com/ftprep/ftprep/core/record"
	"github.com/ftprep/ftprep/sdk"
)

func (a *app) toolsCommand() *cobra.Command {
	var flags runFlags
	command := &cobra.Command{
		Use: "tools [PIPELINE | PATH...]", Short: "Print definitions of the tools that the logs call",
		Long: "Read the sources and print the tools that outputs get, as an answer to MCP's tools/list: the tools of the tools\n" +
			"block as they are, and other tools that were called, with schemas learned from the calls that succeeded. What no\n" +
			"call shows is not made up, so learned tools have no descriptions.\n\n" +
			"Read the result, complete it, and declare it with tools { file = \"tools.json\" }. If that file is declared already,\n" +
			"write to another one: the shell would empty it before ftprep can read it.",
		Example: "  ftprep tools > tools.json\n" +
			"  ftprep tools ~/.claude/projects\n" +
			"  ftprep tools --source claude.sessions --max-units 50",
		RunE: func(cmd *cobra.Command, args []string) error { return a.tools(cmd.Context(), args, &flags) },
	}
	flags.add(command)
	return command
}

// toolsDocument is an answer to MCP's tools/list.
type toolsDocument struct {
	Version int          `json:"version,omitempty"` // of the document, with --json
	Tools   []listedTool `json:"tools"`
}

type listedTool struct {
	Name        string          `json:"name"`
	Description string          `json:"description,omitempty"`
	InputSchema json.RawMessage `json:"inputSchema"`
}

func newToolsDocument(set *sdk.Toolset) *toolsDocument {
	d := &toolsDocument{Version: 1, Tools: []listedTool{}}
	if set == nil {
		return d
	}
	for _, tool := range set.Tools {
		schema := tool.Schema
		if len(schema) == 0 {
			schema = json.RawMessage(`{"type":"object"}`) // MCP wants one
		}
		d.Tools = append(d.Tools, listedTool{Name: tool.FullName(), Description: tool.Description, InputSchema: schema})
	}
	return d
}

// write prints the answer as a server would give it, indented for people who edit it.
func (d *toolsDocument) write(w io.Writer) {
	_ = writeJSON(w, toolsDocument{Tools: d.Tools}) // schemas are valid JSON, and w is a buffer
}

// toolsLine says in one line what is known about the tools.
func toolsLine(c *record.ToolCounts) string {
	var parts []string
	if c.Declared > 0 {
		parts = append(parts, fmt.Sprintf("%d declared", c.Declared))
	}
	if c.Learned > 0 {
		parts = append(parts, fmt.Sprintf("%d learned from calls", c.Learned))
	}
	if c.Beyond > 0 {
		parts = append(parts, fmt.Sprintf("%s of tools beyond the limit", count(c.Beyond, "call")))
	}
	return cmp.Or(strings.Join(parts, ", "), "none")
}

// undeclared says which arguments calls pass that are not declared, by tool.
func undeclared(c *record.ToolCounts) [][2]string {
	var lines [][2]string
	for _, tool := range slices.Sorted(maps.Keys(c.Undeclared)) {
		lines = append(lines, [2]string{"  " + tool, "calls pass undeclared arguments: " + strings.Join(c.Undeclared[tool], ", ")})
	}
	return lines
}

func (a *app) tools(ctx context.Context, args []string, flags *runFlags) error {
	options, err := flags.options(a)
	if err != nil {
		return err
	}
	defer a.closeCache(options.Cache)
	return a.withProject(ctx, args, &flags.pipelineFlags, func(p *project, settings plan.Settings) error {
		settings.Unwritten = true
		job, err := p.open(ctx, settings)
		if err != nil {
			return err
		}
		set, summary, err := job.Tools(ctx, options)
		a.endProgress()
		if err != nil {
			return err
		}
		document := newToolsDocument(set)
		if err := a.printData(document, document.write); err != nil {
			return err
		}
		a.say("tools: %s", toolsLine(summary.Tools))
		for _, line := range undeclared(summary.Tools) {
			a.say("%s: %s", line[0], line[1])
		}
		return checkRejects(flags.maxRejects, summary)
	})
}
