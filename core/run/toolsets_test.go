package run

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/core/record"
	"github.com/ftprep/ftprep/sdk"
)

// toolNames lists a toolset's tools with their descriptions.
func toolNames(set *sdk.Toolset) []string {
	if set == nil {
		return nil
	}
	var names []string
	for _, tool := range set.Tools {
		names = append(names, tool.FullName()+" "+tool.Description)
	}
	return names
}

func TestCompleteTools(t *testing.T) {
	set := func(description string, names ...string) *sdk.Toolset {
		s := &sdk.Toolset{}
		for _, name := range names {
			s.Tools = append(s.Tools, sdk.ToolDefinition{Name: name, Description: description, Schema: json.RawMessage(`{}`)})
		}
		return s
	}
	tools := newToolsets()
	complete, counts := tools.complete(nil)
	require.Nil(t, complete)
	require.Equal(t, &record.ToolCounts{}, counts)
	tools.add([]*sdk.Toolset{set("logged", "b", "c")})
	complete, counts = tools.complete(set("declared", "z", "b"))
	require.Equal(t, []string{"z declared", "b declared", "c logged"}, toolNames(complete))
	require.Equal(t, &record.ToolCounts{Declared: 2}, counts)
}

// TestExamplesGetTheirToolset has logs that define tools, and filters that change examples and give them other tools.
func TestExamplesGetTheirToolset(t *testing.T) {
	b := newBench(t)
	for _, name := range []string{"a", "b", "c"} {
		var lines []byte
		for _, request := range []string{"ask", "ask " + hidden, "equip", "equip " + hidden, "equip " + name} {
			example := talk(name+": "+request, "answer")
			example.Toolset = describing("of " + name + " and " + hidden)
			line, err := json.Marshal(example)
			require.NoError(t, err)
			lines = append(append(lines, line...), '\n')
		}
		b.log(t, name+".txt", string(lines))
	}
	const pipeline = `
source "lines" "read" { path = "logs" }
filter "toolset" "give" {}
filter "lab" "words" {}
pipeline { filters = [filter.toolset.give, filter.lab.words] }
output "whole" "rows" { path = "rows.jsonl" }
`
	var want []string
	for _, name := range []string{"a", "b", "c"} {
		logged, given := "of "+name+" and <NAME>", "given for "+name+": equip"
		want = append(want, logged, logged, given, given+" <NAME>", given+" "+name)
	}
	for _, parallel := range []int{1, 3} {
		b.run(t, pipeline, Options{Parallel: parallel})
		var got []string
		for row := range strings.Lines(b.read(t, "rows.jsonl")) {
			var example sdk.Example
			require.NoError(t, json.Unmarshal([]byte(row), &example))
			require.NotNil(t, example.Toolset, row)
			got = append(got, example.Toolset.Tools[0].Description)
		}
		require.Equal(t, want, got)
	}
}

// TestAnExampleThatIsMadeAgainHasItsTools: filters get the log's own toolset, redacted, as they do in a run.
func TestAnExampleThatIsMadeAgainHasItsTools(t *testing.T) {
	b := newBench(t)
	first, second := talk("one", "answer"), talk("two "+hidden, "answer")
	first.Toolset, second.Toolset = describing("of others"), describing("of "+hidden)
	var lines []byte
	for _, example := range []*sdk.Example{first, second} {
		line, err := json.Marshal(example)
		require.NoError(t, err)
		lines = append(append(lines, line...), '\n')
	}
	b.log(t, "a.txt", string(lines))
	job := b.job(t, `
source "lines" "read" { path = "logs" }
filter "label" "tools" {}
output "whole" "rows" { path = "rows.jsonl" }
`)
	_, err := job.Run(t.Context(), Options{})
	require.NoError(t, err)
	for row := range strings.Lines(b.read(t, "rows.jsonl")) {
		var example sdk.Example
		require.NoError(t, json.Unmarshal([]byte(row), &example))
		require.Len(t, example.Labels, 1)
		found, err := job.Find(t.Context(), "source.lines.read", "a.txt", example.ID)
		require.NoError(t, err)
		require.Equal(t, example.Labels, found.Example.Labels)
	}
	require.Contains(t, b.read(t, "rows.jsonl"), `"Labels":["of \u003cNAME\u003e"]`)
}

// TestColumnsOfStatsHaveToolsOfTheirOwn: a job does not see what the filters of another one that shares its reading make of
// tools.
func TestColumnsOfStatsHaveToolsOfTheirOwn(t *testing.T) {
	b := newBench(t)
	example := talk("go", "gone")
	example.Toolset = &sdk.Toolset{Tools: []sdk.ToolDefinition{{Name: "walk", Description: strings.Repeat(hidden, 50), Schema: json.RawMessage(`{}`)}}}
	logged, err := json.Marshal(example)
	require.NoError(t, err)
	b.log(t, "a.txt", string(logged)+"\nequip\n")
	const pipeline = `
pipeline { redact = false }
source "lines" "logs" { path = "logs" }
output "lab" "all" {
  path  = "all.jsonl"
  tools = "all"
}
`
	gives := pipeline + "filter \"toolset\" \"give\" {}\n"
	redacts := strings.Replace(pipeline, "redact = false", "redact = true", 1)
	tokens := func(pipelines ...string) []int {
		var jobs []*Job
		for _, pipeline := range pipelines {
			jobs = append(jobs, b.job(t, pipeline))
		}
		columns, err := Stats(t.Context(), jobs, Options{Tokens: true})
		require.NoError(t, err)
		var totals []int
		for _, column := range columns {
			totals = append(totals, column.Outputs[0].Tokens.Total)
		}
		return totals
	}
	want := []int{tokens(gives)[0], tokens(redacts)[0], tokens(pipeline)[0]}
	require.Equal(t, want, tokens(gives, redacts, pipeline))
	require.Equal(t, []int{want[2], want[1], want[0]}, tokens(pipeline, redacts, gives))
	require.NotEqual(t, want[1], want[2], "a name that is redacted has another length")
	require.NotEqual(t, want[0], want[2], "a filter gives an example other tools")
}

// TestOutputsGetLearnedTools: what is learned from a source's calls crosses the wire before the first example is encoded.
func TestOutputsGetLearnedTools(t *testing.T) {
	b := newBench(t)
	for _, name := range []string{"a", "b", "c"} {
		example := &sdk.Example{Messages: []sdk.Message{
			{Role: sdk.RoleUser, Text: name},
			{Role: sdk.RoleAssistant, Calls: []sdk.Call{{ID: "1", Tool: "walk", Arguments: json.RawMessage(`{"to":"x","` + name + `":1}`)}}},
			{Role: sdk.RoleTool, CallID: "1", Text: "there"},
		}}
		line, err := json.Marshal(example)
		require.NoError(t, err)
		b.log(t, name+".txt", string(line)+"\n")
	}
	const pipeline = `
source "lines" "read" { path = "logs" }
output "tools" "all" { path = "tools.jsonl" }
`
	for _, parallel := range []int{1, 3} {
		summary := b.run(t, pipeline, Options{Parallel: parallel})
		require.Equal(t, &record.ToolCounts{Learned: 1}, summary.Tools)
		const want = `walk {"type":"object","properties":{"a":{"type":"integer"},"b":{"type":"integer"},"c":{"type":"integer"},"to":{"type":"string"}},"required":["to"]}`
		require.Equal(t, want+"\n"+want+"\n"+want+"\n", b.read(t, "tools.jsonl"))
	}
}
