package run

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/core/container"
	"github.com/ftprep/ftprep/core/record"
	"github.com/ftprep/ftprep/sdk"
)

func TestRedactionComesFirst(t *testing.T) {
	b := newBench(t)
	b.log(t, "a.txt", "ask "+hidden+"\ndrop "+hidden+"\n")
	s := b.run(t, simple, Options{})
	require.Equal(t, "filter.redact.default", s.Filters[0].Filter)
	require.Equal(t, []sdk.Found{{Kind: "name", Place: "anywhere", Count: 2}}, s.Filters[0].Found)
	require.Contains(t, b.read(t, "out/rows.jsonl"), `"q":"ask \u003cNAME\u003e"`)
	events := b.read(t, filepath.Join(WorkFolder, "runs", s.Run, "examples.jsonl"))
	require.NotContains(t, events, hidden, "what later filters say of an example is made of the redacted one")
	require.Contains(t, events, `"reason":"it says drop","evidence":"drop <NAME>"`)
	require.Contains(t, events, `"found":[{"kind":"name","place":"anywhere","count":1}]`)
}

func TestNothingIsRedactedWhereThePipelineSaysSo(t *testing.T) {
	b := newBench(t)
	b.log(t, "a.txt", "ask "+hidden+"\n")
	s := b.run(t, strings.Replace(simple, "pipeline { filters = [filter.lab.words] }", "pipeline { redact = false }", 1), Options{})
	require.Len(t, s.Filters, 1)
	require.Contains(t, b.read(t, "out/rows.jsonl"), hidden)
}

func TestToolsAreRedacted(t *testing.T) {
	e := talk("look", "")
	e.Toolset = &sdk.Toolset{Tools: []sdk.ToolDefinition{{Name: "look", Description: "For " + hidden, Schema: json.RawMessage(`{"default":"` + hidden + `"}`)}}}
	call := func(tool string) []sdk.Message {
		return []sdk.Message{
			{Role: sdk.RoleAssistant, Calls: []sdk.Call{{ID: tool, Tool: tool, Arguments: []byte(`{"for":"` + hidden + `"}`)}}},
			{Role: sdk.RoleTool, CallID: tool, Text: "done"},
		}
	}
	for range 120 { // often enough for the schema to list the words
		e.Messages = append(e.Messages, call("go")...)
	}
	for i := range e.Messages {
		if e.Messages[i].CallID == "go" || len(e.Messages[i].Calls) > 0 {
			id := "go" + string(rune('a'+i/2%26)) + string(rune('a'+i/52))
			if e.Messages[i].CallID != "" {
				e.Messages[i].CallID = id
			} else {
				e.Messages[i].Calls[0].ID = id
			}
		}
	}
	line, err := json.Marshal(e)
	require.NoError(t, err)
	b := newBench(t)
	b.log(t, "a.txt", string(line)+"\n")
	pipeline := "source \"lines\" \"logs\" { path = \"logs\" }\noutput \"tools\" \"all\" { path = \"tools.txt\" }\noutput \"whole\" \"all\" { path = \"whole.jsonl\" }\n"
	b.run(t, pipeline, Options{})
	require.Contains(t, b.read(t, "tools.txt"), `{"default":"<NAME>"}`, "a definition from a log")
	require.NotContains(t, b.read(t, "tools.txt"), hidden)
	require.NotContains(t, b.read(t, "whole.jsonl"), hidden)
	tools, _, err := b.job(t, pipeline).Tools(t.Context(), Options{})
	require.NoError(t, err)
	for _, tool := range tools.Tools {
		require.NotContains(t, tool.Description+string(tool.Schema), hidden)
	}
}

func TestDeclaredToolsAreRedacted(t *testing.T) {
	b := newBench(t)
	e := talk("look", "")
	e.Messages = append(e.Messages, sdk.Message{Role: sdk.RoleAssistant, Calls: []sdk.Call{{ID: "1", Tool: "look", Arguments: []byte(`{"at":"door"}`)}}}, sdk.Message{Role: sdk.RoleTool, CallID: "1", Text: "done"})
	line, err := json.Marshal(e)
	require.NoError(t, err)
	b.log(t, "a.txt", string(line)+"\n")
	declared := `[{"name":"look","description":"For ` + hidden + `","inputSchema":{"type":"object","properties":{"at":{"default":"` + hidden + `"}}}}]`
	require.NoError(t, os.WriteFile(filepath.Join(b.folder, "tools.json"), []byte(declared), 0o644))
	pipeline := "tools { file = \"tools.json\" }\nsource \"lines\" \"logs\" { path = \"logs\" }\noutput \"tools\" \"all\" { path = \"tools.txt\" }\n"
	s := b.run(t, pipeline, Options{})
	require.Equal(t, 1, s.Tools.Declared)
	require.Contains(t, b.read(t, "tools.txt"), `{"default":"<NAME>"}`)
	require.NotContains(t, b.read(t, "tools.txt"), hidden)
	tools, _, err := b.job(t, pipeline).Tools(t.Context(), Options{})
	require.NoError(t, err)
	require.Equal(t, "For <NAME>", tools.Tools[0].Description)
}

func TestAllToolsOfASetAreRedacted(t *testing.T) {
	e := talk("look", "")
	e.Toolset = &sdk.Toolset{Tools: []sdk.ToolDefinition{
		{Name: "look", Description: "For " + hidden, Schema: json.RawMessage(`{"type":"object"}`)},
		{Name: "go", Schema: json.RawMessage(`{"default":"` + hidden + `"}`)},
		{Name: "any", Description: "Takes anything.", Schema: json.RawMessage(`true`)},
		{Name: "some", Schema: json.RawMessage(`["` + hidden + `"]`)},
		{Name: "bare"},
	}}
	line, err := json.Marshal(e)
	require.NoError(t, err)
	b := newBench(t)
	b.log(t, "a.txt", string(line)+"\n")
	b.run(t, "source \"lines\" \"logs\" { path = \"logs\" }\noutput \"whole\" \"all\" { path = \"whole.jsonl\" }\n", Options{})
	var written sdk.Example
	require.NoError(t, json.Unmarshal([]byte(b.read(t, "whole.jsonl")), &written))
	require.Equal(t, []sdk.ToolDefinition{
		{Name: "look", Description: "For <NAME>", Schema: json.RawMessage(`{"type":"object"}`)},
		{Name: "go", Schema: json.RawMessage(`{"default":"\u003cNAME\u003e"}`)}, // as the format of the test writes it
		{Name: "any", Description: "Takes anything.", Schema: json.RawMessage(`true`)},
		{Name: "some", Schema: json.RawMessage(`["\u003cNAME\u003e"]`)},
		{Name: "bare", Schema: json.RawMessage(`null`)},
	}, written.Toolset.Tools)
}

// withTool writes a log whose only example has one tool with a description, and returns a pipeline that reads it.
func (b *bench) withTool(t *testing.T, description string) (pipeline string) {
	e := talk("look", "")
	e.Toolset = &sdk.Toolset{Tools: []sdk.ToolDefinition{{Name: "look", Description: description, Schema: json.RawMessage(`{}`)}}}
	line, err := json.Marshal(e)
	require.NoError(t, err)
	b.log(t, "a.txt", string(line)+"\n")
	return "source \"lines\" \"logs\" { path = \"logs\" }\noutput \"tools\" \"all\" { path = \"tools.txt\" }\n"
}

func TestToolsThatTheFilterDropsFailTheRun(t *testing.T) {
	b := newBench(t)
	_, err := b.job(t, b.withTool(t, "unspeakable "+hidden)).Run(t.Context(), Options{})
	require.ErrorContains(t, err, "definitions of tools: the redact filter dropped them")
}

func TestNothingIsOpenWhenLargeToolsAreRedacted(t *testing.T) {
	const open = "/proc/self/fd"
	if _, err := os.Stat(open); err != nil {
		t.Skip("the system does not say which files are open")
	}
	b := newBench(t)
	b.run(t, b.withTool(t, hidden+strings.Repeat(" word", 4<<20)), Options{})
	files, err := os.ReadDir(open)
	require.NoError(t, err)
	for _, file := range files {
		target, _ := os.Readlink(filepath.Join(open, file.Name())) // the folder itself is closed by now
		require.NotContains(t, target, filepath.Join(b.folder, WorkFolder))
	}
}

func TestWhatIsShownIsRedacted(t *testing.T) {
	b := newBench(t)
	b.log(t, hidden+".txt", "drop "+hidden+"\n")
	job := b.job(t, simple)
	s, err := job.Run(t.Context(), Options{AllowEmpty: true})
	require.NoError(t, err)
	var read record.Event
	events := b.read(t, filepath.Join(WorkFolder, "runs", s.Run, "examples.jsonl"))
	require.NoError(t, json.Unmarshal([]byte(events[:strings.IndexByte(events, '\n')]), &read))
	found, err := job.Find(t.Context(), read.Step, read.Unit, read.ID)
	require.NoError(t, err)
	require.Equal(t, "drop <NAME>", found.Example.UserMessage(), "a later filter drops it")
	require.Equal(t, "drop "+hidden, found.Read.UserMessage())
	require.Equal(t, hidden+".txt", found.File.Name, "the file is found under its own name")
}

// leaky finds a word, and a pair of lines.
func leaky(text []byte) []Leak {
	var leaks []Leak
	for _, word := range []string{"leak", "begin\nend"} {
		for at := 0; ; at++ {
			next := bytes.Index(text[at:], []byte(word))
			if next < 0 {
				break
			}
			at += next
			leaks = append(leaks, Leak{Line: bytes.Count(text[:at], []byte("\n")), Kind: "secret", Masked: "l***"})
		}
	}
	return leaks
}

func TestALeakFailsTheRun(t *testing.T) {
	b := newBench(t)
	b.log(t, "a.txt", "one\ntwo leak\n")
	require.NoError(t, os.MkdirAll(filepath.Join(b.folder, "out"), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(b.folder, "out", "rows.jsonl"), []byte("earlier\n"), 0o644))
	_, err := b.job(t, simple).Run(t.Context(), Options{Verify: leaky})
	var leaks *LeakError
	require.ErrorAs(t, err, &leaks)
	require.Equal(t, []Leak{{Line: 2, Kind: "secret", Masked: "l***"}}, leaks.Leaks)
	require.ErrorContains(t, err, "output.lab.rows: what was written contains something that should have been redacted, so no output has changed:\n  line 2, example ")
	require.Len(t, leaks.Examples, 1)
	history, err := record.Runs{Work: filepath.Join(b.folder, WorkFolder), Pipeline: "pipeline.hcl"}.Lookup(leaks.Examples[0])
	require.NoError(t, err)
	require.Equal(t, "a.txt", history.Read.Unit)
	require.Equal(t, "earlier\n", b.read(t, "out/rows.jsonl"))
	left, err := os.ReadDir(filepath.Join(b.folder, "out"))
	require.NoError(t, err)
	require.Len(t, left, 1)
	b.log(t, "a.txt", "one\ntwo\n")
	b.run(t, simple, Options{Verify: leaky})
	require.Contains(t, b.read(t, "out/rows.jsonl"), "two")
}

// TestALeakIsToldWithItsFile: an output may have several files, and others beside them.
func TestALeakIsToldWithItsFile(t *testing.T) {
	b := newBench(t)
	aside := talk("a leak", "yes")
	aside.Split = sdk.SplitEval
	row, err := json.Marshal(aside)
	require.NoError(t, err)
	b.log(t, "a.txt", "one\n"+string(row)+"\n")
	_, err = b.job(t, simple).Run(t.Context(), Options{Verify: leaky})
	require.ErrorContains(t, err, "so no output has changed:\n  line 1 of rows-eval.jsonl, example ")
}

// TestLeaksAcrossBlocks: a leak that spans lines is found once, in its line, wherever blocks are cut.
func TestLeaksAcrossBlocks(t *testing.T) {
	path := filepath.Join(t.TempDir(), "text.txt")
	var text bytes.Buffer
	text.WriteString(strings.Repeat("x", blockBytes-len("\nbegin\n")) + "\nbegin\n") // a block ends between the two lines
	text.WriteString("end\n")
	want := []Leak{{Line: 2, Kind: "secret", Masked: "l***"}}
	for line := 4; text.Len() < 3*blockBytes; line++ {
		switch {
		case line%97 == 1:
			want = append(want, Leak{Line: line, Kind: "secret", Masked: "l***"})
			text.WriteString("begin\nend\n")
			line++
		case line%7 == 0:
			text.WriteString("\n")
		default:
			text.WriteString("some text\n")
		}
	}
	require.NoError(t, os.WriteFile(path, text.Bytes(), 0o600))
	got, err := Leaks(t.Context(), container.Contents(path), leaky)
	require.NoError(t, err)
	require.Equal(t, want, got)
}
