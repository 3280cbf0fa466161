package formats

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

// hfCounts is what the card says about the rows.
type hfCounts struct {
	messages, calls, failed int
	sources, types, tools   map[string]int
}

func (c *hfCounts) clear() {
	*c = hfCounts{sources: map[string]int{}, types: map[string]int{}, tools: map[string]int{}}
}

func (c *hfCounts) add(e *sdk.Example) {
	c.sources[e.Source]++
	c.types[string(e.Type)]++
	c.messages += len(e.Messages)
	for _, call := range e.Calls() {
		c.calls++
		c.tools[call.FullName()]++
		if call.IsError {
			c.failed++
		}
	}
}

// Finish writes the dataset card, whose head the hub reads.
func (f *hf) Finish(_ context.Context, written []sdk.WrittenFile) ([]sdk.Companion, error) {
	rows := 0
	for _, file := range written {
		rows += file.Rows
	}
	var card strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&card, format, args...) }
	say("---\npretty_name: %s\nlicense: %s\ntask_categories:\n- text-generation\ntags:\n- agent\n- tool-calling\n- conversational\n", quoteYAML(f.options.Title), quoteYAML(f.options.License))
	say("size_categories:\n- %s\nconfigs:\n- config_name: default\n  data_files:\n", sizeCategory(rows))
	for _, split := range f.splits(written) {
		say("  - split: %s\n    path:\n", split.name)
		for _, path := range split.paths {
			say("    - %s\n", quoteYAML(path))
		}
	}
	say("---\n\n# %s\n\n", strings.Join(strings.Fields(f.options.Title), " "))
	if f.options.License == "unknown" {
		say("> **This dataset has no licence.** Nobody may use it until its owner gives one: the option `license` of the output.\n\n")
	}
	say("Conversations of people with tool-using agents, made by [ftprep](https://github.com/ftprep/ftprep) from the agents' logs.\n")
	say("What was selected, redacted, cut and left out is for its pipeline to say.\n\n")
	say("## What is in it\n\n| | |\n|---|---:|\n")
	for _, split := range f.splits(written) {
		say("| rows of split %s | %d |\n", split.name, split.rows)
	}
	say("| messages | %d |\n| tool calls | %d |\n| tool calls that failed | %d |\n\n", f.counts.messages, f.counts.calls, f.counts.failed)
	say("%s", table("source", "rows", f.counts.sources)+table("example type", "rows", f.counts.types)+table("tool", "calls", f.counts.tools))
	say("%s", hfColumns)
	return []sdk.Companion{{Name: "README.md", Content: []byte(card.String())}}, nil
}

const hfColumns = `## Columns

| column | holds |
|---|---|
| id | the example, the same in every run |
| source | the kind of log that it comes from |
| example_type | direct_execution, multi_step (calls that depend on earlier results), reasoning_chain or code_correction |
| conversations | turns of from and value: human; gpt, the model's text; function_call, its calls; observation, their results |
| system | the system prompt; may be empty |
| tools | the tools that the model could call, a list in JSON; may be empty |

A call is an object of name and arguments in JSON, several in one message are a list. Calls beside a text stand between
&lt;tool_call> and &lt;/tool_call>, a thought before them between &lt;think> and &lt;/think>. The results of a message's
calls are one observation, with &lt;/tool_response> and &lt;tool_response> between two. LLaMA-Factory reads this as its
format sharegpt.
`

type hfSplit struct {
	name  string
	paths []string
	rows  int
}

// splits groups the files by their splits; those of one split follow each other.
func (f *hf) splits(written []sdk.WrittenFile) (splits []hfSplit) {
	for _, file := range written {
		path := file.Name
		if f.folder {
			path = "data/" + path
		}
		if name := cmp.Or(file.Split, sdk.SplitTrain); len(splits) == 0 || splits[len(splits)-1].name != name {
			splits = append(splits, hfSplit{name: name})
		}
		last := &splits[len(splits)-1]
		last.paths, last.rows = append(last.paths, path), last.rows+file.Rows
	}
	return splits
}

// sizeCategory returns the hub's name for a number of rows.
func sizeCategory(rows int) string {
	names := []string{"1K", "10K", "100K", "1M", "10M", "100M", "1B"}
	bound := 1000
	for i, name := range names {
		if rows < bound {
			if i == 0 {
				return "n<1K"
			}
			return names[i-1] + "<n<" + name
		}
		bound *= 10
	}
	return "n>1B"
}

// table writes counts as a table in Markdown, the greatest first.
func table(what, unit string, counts map[string]int) string {
	if len(counts) == 0 {
		return ""
	}
	names := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	lines := []string{"| " + what + " | " + unit + " |", "|---|---:|"}
	for _, name := range names {
		lines = append(lines, "| "+strings.ReplaceAll(name, "|", `\|`)+" | "+strconv.Itoa(counts[name])+" |")
	}
	return strings.Join(lines, "\n") + "\n\n"
}
