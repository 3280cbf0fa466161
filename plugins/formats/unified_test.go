package formats

import (
	"bytes"
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
	"github.com/ftprep/ftprep/sdk/sdktest"
)

// record makes an example with everything that a unified row may hold.
func (g generator) record(number int) *sdk.Example {
	e := g.example(number)
	switch g.IntN(6) {
	case 0:
		e.Messages, e.Type, e.Chain = nil, sdk.TypeReasoningChain, &sdk.ReasoningChain{Problem: "p" + g.text(), RootCause: g.text(), Reasoning: g.text(), Solution: g.text()}
	case 1:
		e.Messages, e.Type = nil, sdk.TypeCodeCorrection
		e.Correction = &sdk.CodeCorrection{Language: g.pick("", "java"), BadCode: g.text(), BadReason: g.reason(), GoodCode: g.text(), GoodReason: g.reason()}
	case 2:
		e.Messages, e.Type, e.Negative = nil, sdk.TypeNegative, &sdk.AntiPattern{Pattern: g.text(), Reason: g.reason()}
	}
	for i := range e.Messages {
		if m := &e.Messages[i]; m.Role == sdk.RoleAssistant && g.IntN(3) == 0 {
			m.Rejected = &sdk.Answer{Text: g.pick("", "no"), Thinking: g.text(), Calls: []sdk.Call{{ID: "c0-0", Server: "game", Tool: "other", Arguments: g.arguments()}}}
		}
	}
	if len(e.Messages) == 0 && !e.Detailed() {
		e.Messages = []sdk.Message{{Role: sdk.RoleUser, Text: "again"}}
	}
	if g.IntN(2) == 0 {
		quality := []float64{0, 0.1, 1, 1e-7, 1.0 / 3}[g.IntN(5)]
		e.Quality, e.Split, e.Tags, e.Labels = &quality, "train", []string{"a", g.text()}, []string{sdk.LabelBranch, sdk.LabelUnfinished}
		e.Signals = []sdk.Signal{{Name: "s", Score: quality, Evidence: g.text()}, {Name: "none", Score: math.NaN()}}
		e.GameState = g.arguments()
	}
	e.Source, e.SourceFile, e.TaskType = "claude_session", "a/b.jsonl", g.pick("", "multi_step")
	e.Provenance = sdk.Provenance{
		Plugin: "claude", PluginVersion: "9", Unit: "u", File: "a/b.jsonl", FirstLine: g.IntN(2) * 7, LastLine: 9, Session: "s", RecordIDs: []string{"r"},
		Time: time.Unix(1, int64(g.IntN(3))*100).UTC(), Model: "m", Parent: g.pick("", "beef"), Records: 3 + g.IntN(3), Removed: map[string]int{"results": 1, "calls": 2},
	}
	if g.IntN(2) == 0 {
		e.Identity = sdk.Identity{Opening: "o", Alias: "a", Calls: [][]string{{"gone"}, nil, e.Answered()}[g.IntN(3)], Conversation: "c"}
	}
	if g.IntN(3) == 0 {
		e.Toolset = &sdk.Toolset{Tools: []sdk.ToolDefinition{{Server: "game", Name: "tool", Description: g.text(), Schema: g.arguments()}, {Name: "bare"}}}
	}
	return e
}

func (g generator) reason() string {
	return g.pick("", "One.", "One.\n\nTwo.", "\n\n", "\n\nTwo", "One\n\n\n\nTwo")
}

// encodeRow encodes one example that must not be refused.
func encodeRow(t *testing.T, format sdk.Format, e *sdk.Example) []byte {
	rows, err := format.Encode(t.Context(), e)
	require.NoError(t, err)
	require.Len(t, rows, 1)
	return rows[0]
}

func TestUnifiedReadsBackWhatItWrote(t *testing.T) {
	for _, options := range []string{`{}`, `{"tool_definitions":true}`} {
		format := openStep(t, unifiedStep, sdk.Setup{}, options)
		g := generator{rand.New(rand.NewPCG(3, 4))}
		for i := range 2000 {
			e := g.record(i)
			row := encodeRow(t, format, e)
			decoded, problems := format.(sdk.Decoder).Decode(row)
			require.Empty(t, problems, "%s", row)
			require.Equal(t, e.Identity, decoded.Identity)
			require.Equal(t, string(row), string(encodeRow(t, format, decoded)))
		}
	}
}

// The same through the wire, where the SDK fills in what a source leaves open.
func TestUnifiedSourceRestores(t *testing.T) {
	format := openStep(t, unifiedStep, sdk.Setup{}, `{"tool_definitions":true}`)
	g := generator{rand.New(rand.NewPCG(5, 6))}
	var file []byte
	for i := range 200 {
		e := g.record(i)
		e.ID = e.ID + "-of-an-earlier-run"
		file = append(append(file, encodeRow(t, format, e)...), '\n')
	}
	for name, pack := range map[string]func(*bytes.Buffer, []byte){
		"rows.jsonl":     func(b *bytes.Buffer, rows []byte) { b.Write(rows) },
		"rows.jsonl.gz":  func(b *bytes.Buffer, rows []byte) { w := gzip.NewWriter(b); w.Write(rows); w.Close() },
		"rows.jsonl.zst": func(b *bytes.Buffer, rows []byte) { w, _ := zstd.NewWriter(b); w.Write(rows); w.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			var packed bytes.Buffer
			pack(&packed, file)
			path := filepath.Join(t.TempDir(), name)
			require.NoError(t, os.WriteFile(path, packed.Bytes(), 0o644))
			reading := sdktest.Read(t, Plugin, "unified", sdk.Setup{Paths: []string{path}}, `{}`)
			require.Empty(t, reading.Rejects)
			require.Equal(t, 200, reading.Tally.InExamples)
			var again []byte
			for _, e := range reading.Examples {
				again = append(append(again, encodeRow(t, format, e)...), '\n')
			}
			require.Equal(t, string(file), string(again))
		})
	}
}

func TestUnifiedSourceRejects(t *testing.T) {
	folder := t.TempDir()
	row := `{"id":"1","source":"s","source_file":"f","example_type":"direct_execution","task_type":"","user_message":"go","messages":[{"role":"user","content":"go"},{"role":"assistant","tool_calls":[{"id":"a","tool":"t","arguments":%}]}],"provenance":{"file":"f","first_line":3,"records":9}}`
	lines := []string{
		strings.Replace(row, "%", `{}`, 1), strings.Replace(row, "%", `[]`, 1), "", `{"text":"x"}`, `[1]`, `{"id":`,
		strings.Replace(row, `"first_line":3`, `"time":"noon"`, 1), strings.Replace(row, `"id":"1"`, `"id":""`, 1),
		strings.Replace(row, `"messages":[`, `"messages":[7,`, 1), strings.Replace(row, `"provenance"`, `"tools":"x","provenance"`, 1),
		strings.Replace(row, `"content":"go"`, "\"content\":\"caf\xe9\"", 1),
		strings.Replace(row, `"content":"go"`, `"contents":"go"`, 1), strings.Replace(row, `"arguments":%`, `"args":{}`, 1),
		strings.Replace(row, `"tool_calls"`, `"rejected":{"tool_calls":[{"name":"t"}]},"tool_calls"`, 1),
	}
	text := strings.ReplaceAll(strings.Join(lines, "\n"), "%", "{}")
	require.NoError(t, os.WriteFile(filepath.Join(folder, "a.jsonl"), []byte(text), 0o644))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "b.jsonl.gz"), []byte("no gzip"), 0o644))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "c.jsonl.zst"), []byte("no zstd"), 0o644))
	reading := sdktest.Read(t, Plugin, "unified", sdk.Setup{Paths: []string{folder}}, `{}`)
	require.Len(t, reading.Examples, 1)
	require.Equal(t, map[string]int{"empty line": 1}, reading.Tally.Ignored)
	var got []string
	for _, reject := range reading.Rejects {
		got = append(got, strings.TrimSpace(reject.File+":"+strings.Repeat("i", reject.Line)+" "+reject.Cause))
	}
	require.Equal(t, []string{
		`a.jsonl:ii the arguments of a call of "t" are not a JSON object`,
		"a.jsonl:iiii not a unified record: it has no id; to read rows that others wrote, use source \"dataset\"",
		"a.jsonl:iiiii not a unified record: it is not a JSON object",
		`a.jsonl:iiiiii not a unified record: unexpected EOF within "/id" after offset 6`,
		`a.jsonl:iiiiiii not a unified record: /provenance/time is not a time: "noon"`,
		"a.jsonl:iiiiiiii not a unified record: its id is empty",
		"a.jsonl:iiiiiiiii not a unified record: /messages/0 is of the wrong type",
		"a.jsonl:iiiiiiiiii not a unified record: /tools is not a list",
		"a.jsonl:iiiiiiiiiii not valid UTF-8; convert the file, from Latin-1 with iconv -f LATIN1 -t UTF-8",
		"a.jsonl:iiiiiiiiiiii a key that unified records do not have: /messages/0/contents",
		"a.jsonl:iiiiiiiiiiiii a key that unified records do not have: /messages/1/tool_calls/0/args",
		"a.jsonl:iiiiiiiiiiiiii a key that unified records do not have: /messages/1/rejected/tool_calls/0/name",
		"b.jsonl.gz: cannot unpack the file: unexpected EOF",
		"c.jsonl.zst: cannot unpack the file: invalid input: magic number mismatch",
	}, got)
}

func TestUnifiedProblems(t *testing.T) {
	format := openStep(t, unifiedStep, sdk.Setup{}, `{}`).(sdk.Decoder)
	row := `{"id":"1","source":"s","source_file":"f","example_type":"direct_execution","task_type":"","user_message":"go",` +
		`"messages":[{"role":"user","content":"go"},{"role":"assistant","content":"","tool_calls":[{"id":"a","tool":"t","arguments":{"n":1.0}}]}],` +
		`"tool_calls":[{"id":"a","tool":"t","arguments":{ "n":1.0}}],"response_text":"","provenance":{"records":1}}`
	_, problems := format.Decode([]byte(row))
	require.Empty(t, problems)
	for _, c := range [][3]string{
		{`"tool":"t","arguments":{ `, `"tool":"u","arguments":{ `, "tool_calls are not the calls of the messages, in order"},
		{`{ "n":1.0}`, `{"n":1}`, "tool_calls are not the calls of the messages, in order"},
		{`"id":"a","tool":"t","arguments":{ `, `"id":"b","tool":"t","arguments":{ `, "tool_calls are not the calls of the messages, in order"},
		{`"arguments":{ `, `"server":"s","arguments":{ `, "tool_calls are not the calls of the messages, in order"},
		{`"arguments":{ `, `"weight":0,"arguments":{ `, "tool_calls are not the calls of the messages, in order"},
		{`"arguments":{ `, `"result":"","arguments":{ `, "tool_calls are not the calls of the messages, in order"},
		{`"arguments":{ `, `"is_error":true,"arguments":{ `, "tool_calls are not the calls of the messages, in order"},
		{`"user_message":"go"`, `"user_message":"stop"`, "user_message is not what the messages say"},
		{`"response_text":""`, `"response_text":"done"`, "response_text is not what the messages say"},
		{`direct_execution`, `direct`, "unknown example_type"},
		{`"role":"user"`, `"role":"human"`, `a message has the role "human", which is not system, user, assistant or tool`},
		{`"role":"user"`, `"weight":0.5,"role":"user"`, "a weight other than 0 and 1"},
		{`"records":1`, `"records":1,"time":"noon"`, `not a unified record: /provenance/time is not a time: "noon"`},
		{`"provenance"`, `"tools":[{"name":"t","note":1}],"provenance"`, "a key that unified records do not have: /tools/0/note"},
		{`"task_type"`, `"note":1,"task_type"`, "a key that unified records do not have: /note"},
		{`"provenance"`, `"quality_score":7,"provenance"`, "the quality 7 is not between 0 and 1"},
		{`"arguments":{"n":1.0}`, `"arguments":"{}"`, `the arguments of a call of "t" are not a JSON object`},
		{`"role":"assistant","content":""`, `"role":"tool","content":"an oak"`, `a result answers the call "", but no call before it has that id`},
		{`"source_file":"f",`, ``, "not a unified record: it has no source_file"},
	} {
		bad := strings.Replace(row, c[0], c[1], 1)
		require.NotEqual(t, row, bad)
		_, problems := format.Decode([]byte(bad))
		require.Contains(t, problems, c[2], "%s", bad)
	}
	short := strings.Replace(row, `"tool_calls":[{"id":"a","tool":"t","arguments":{ "n":1.0}}],"response_text":"","provenance":{"records":1}`, `"split":"train"`, 1)
	require.NotContains(t, short, "response_text")
	for said, want := range map[string][]string{"": nil, "done": nil, "ready": {"response_text is not what the messages say"}} {
		ends := strings.Replace(short, `]}],`, `]},{"role":"assistant","content":"done"}],`, 1)
		if said != "" {
			ends = strings.Replace(ends, `"split"`, `"response_text":"`+said+`","split"`, 1)
		}
		_, problems := format.Decode([]byte(ends))
		require.Equal(t, want, problems, "what a row leaves out contradicts nothing: %s", ends)
	}
	answered := strings.Replace(row, `"messages":[`, `"messages":[{"role":"system","content":"Play."},`, 1)
	answered = strings.Replace(answered, `]}],"tool_calls"`, `]},{"role":"tool","content":"an oak","tool_call_id":"a"}],"tool_calls"`, 1)
	for result, want := range map[string][]string{"an oak": nil, "an ash": {"tool_calls are not the calls of the messages, in order"}} {
		_, problems := format.Decode([]byte(strings.Replace(answered, `"arguments":{ `, `"result":"`+result+`","arguments":{ `, 1)))
		require.Equal(t, want, problems)
	}
}

// TestUnifiedFiles: in a folder only files of rows are read; a table that the path names is an error.
func TestUnifiedFiles(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{"a.jsonl", "b.jsonl.gz", "c.jsonl.zst", "d.json", "e.txt", "f.parquet", "g.JSONL", "h.jsonl.GZ", "i.PARQUET"} {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), nil, 0o644))
	}
	source, err := newUnifiedSource(sdk.Setup{}, struct{}{})
	require.NoError(t, err)
	units, err := source.(sdk.Lister).Units(t.Context(), []string{folder})
	require.NoError(t, err)
	var ids []string
	for _, unit := range units {
		ids = append(ids, unit.ID)
	}
	require.Equal(t, []string{"a.jsonl", "b.jsonl.gz", "c.jsonl.zst", "g.JSONL", "h.jsonl.GZ"}, ids)
	for _, table := range []string{"f.parquet", "i.PARQUET"} {
		_, err = source.(sdk.Lister).Units(t.Context(), []string{filepath.Join(folder, table)})
		require.EqualError(t, err, table+" is a table, but rows are read only from .jsonl, .jsonl.gz, .jsonl.zst")
	}
}

// TestUnifiedDetails: a row with tool_calls is a conversation, whatever its type; else the type says which detail it has.
func TestUnifiedDetails(t *testing.T) {
	format := openStep(t, unifiedStep, sdk.Setup{}, `{}`).(sdk.Decoder)
	decode := func(typ, rest string) *sdk.Example {
		e, problems := format.Decode([]byte(`{"id":"1","source":"s","source_file":"f","example_type":"` + typ + `","task_type":"","user_message":"",` + rest + `"provenance":{"records":1}}`))
		require.Empty(t, problems)
		return e
	}
	require.False(t, decode("negative", `"messages":[{"role":"assistant","content":"No."}],"tool_calls":[],"response_text":"No.",`).Detailed())
	for reasoning, want := range map[string][2]string{`Slow.\n\nFast.`: {"Slow.", "Fast."}, `Slow.`: {"Slow.", ""}, `\n\nFast.`: {"\n\nFast.", ""}} {
		correction := decode("code_correction", `"reasoning":"`+reasoning+`","bad_code":"a","good_code":"b",`).Correction
		require.Equal(t, want, [2]string{correction.BadReason, correction.GoodReason})
	}
}

// TestUnifiedReadsToolsInEveryForm: people whose own scripts write records have the definitions as some API takes them.
func TestUnifiedReadsToolsInEveryForm(t *testing.T) {
	format := openStep(t, unifiedStep, sdk.Setup{}, `{"tool_definitions":true}`)
	const schema = `{"type":"object","properties":{"n":{"type":"integer"}}}`
	const row = `{"id":"1","source":"s","source_file":"f","example_type":"negative","task_type":"","user_message":"","problem":"p","tools":[%],"provenance":{"records":1}}`
	decode := func(tool string) (*sdk.Example, []string) {
		return format.(sdk.Decoder).Decode([]byte(strings.Replace(row, "%", tool, 1)))
	}
	want := `"tools":[{"server":"game","name":"look","description":"Looks.","parameters":` + schema + `}]`
	for _, tool := range []string{
		`{"server":"game","name":"look","description":"Looks.","parameters":` + schema + `}`,
		`{"type":"function","function":{"name":"mcp__game__look","description":"Looks.","parameters":` + schema + `}}`,
		`{"type":"function","name":"mcp__game__look","description":"Looks.","parameters":` + schema + `}`,
		`{"name":"mcp__game__look","description":"Looks.","input_schema":` + schema + `}`,
		`{"name":"mcp__game__look","description":"Looks.","inputSchema":` + schema + `}`,
	} {
		e, problems := decode(tool)
		require.Empty(t, problems, tool)
		require.Contains(t, string(encodeRow(t, format, e)), want, tool)
	}
	for tool, problem := range map[string]string{
		`{"type":"function"}`:                              "not a unified record: /tools: a tool has no name",
		`{"function":{"parameters":{}}}`:                   "not a unified record: /tools: a tool has no name",
		`{"name":"look","parameters":"{}"}`:                `not a unified record: /tools: the schema of the tool "look" is not an object`,
		`{"name":"look","parameters":{},"inputSchema":{}}`: `not a unified record: /tools: the tool "look" has two schemas`,
		`{"name":"look","description":7}`:                  "not a unified record: /tools holds something other than names or definitions",
	} {
		_, problems := decode(tool)
		require.Equal(t, []string{problem}, problems, tool)
	}
	_, problems := decode(`{"type":"function","function":{"name":"look","strict":true}}`)
	require.Equal(t, []string{"a key that unified records do not have: /tools/0/function/strict"}, problems)
}

func FuzzUnifiedDecode(f *testing.F) {
	f.Add([]byte(`{"id":"1","source":"s","source_file":"f","example_type":"code_correction","task_type":"","user_message":"","reasoning":"a\n\nb","provenance":{"opening":"o","records":1}}`))
	f.Add([]byte(`{"id":"1","source":"s","source_file":"f","example_type":"","task_type":"","user_message":"","messages":[{"role":"tool","weight":0}],"tools":[{"name":"x"}]}`))
	f.Fuzz(func(t *testing.T, row []byte) {
		format := openStep(t, unifiedStep, sdk.Setup{}, `{"tool_definitions":true}`)
		e, problems := format.(sdk.Decoder).Decode(row)
		if e == nil {
			require.NotEmpty(t, problems)
			return
		}
		rows, err := format.Encode(t.Context(), e)
		if err != nil {
			return // arguments that are no JSON
		}
		require.True(t, json.Valid(rows[0]))
		again, _ := format.(sdk.Decoder).Decode(rows[0])
		require.Equal(t, string(rows[0]), string(encodeRow(t, format, again)))
	})
}

func TestUnifiedDefinesEachToolOnce(t *testing.T) {
	complete := &sdk.Toolset{Tools: []sdk.ToolDefinition{{Name: "look", Description: "Looks."}, {Name: "walk"}}}
	declared := &sdk.Toolset{Tools: []sdk.ToolDefinition{{Name: "run", Description: "Runs."}}}
	format := openStep(t, unifiedStep, sdk.Setup{Paths: []string{"out.jsonl"}, Tools: declared}, `{"tool_definitions":true}`)
	require.NoError(t, format.(sdk.Beginner).Begin(t.Context(), sdk.Dataset{Tools: complete}))
	e := &sdk.Example{ID: "1", Messages: []sdk.Message{{Role: sdk.RoleUser, Text: "go"}, {Role: sdk.RoleAssistant, Calls: []sdk.Call{
		{ID: "1", Tool: "run", Arguments: []byte(`{}`)}, {ID: "2", Tool: "look", Arguments: []byte(`{}`)}, {ID: "3", Tool: "look", Arguments: []byte(`{}`)},
	}}}}
	var row struct {
		Tools []struct{ Name, Description string }
	}
	require.NoError(t, json.Unmarshal(encodeRow(t, format, e), &row))
	require.Equal(t, []struct{ Name, Description string }{{"run", "Runs."}, {"look", "Looks."}}, row.Tools)
}

// If a log holds two results of a call, the first is the answer.
func TestUnifiedTellsTheFirstResultOfACall(t *testing.T) {
	e := &sdk.Example{ID: "1", Messages: []sdk.Message{
		{Role: sdk.RoleUser, Text: "go"}, {Role: sdk.RoleAssistant, Masked: true, Calls: []sdk.Call{{ID: "1", Tool: "look", Arguments: []byte(`{}`)}}},
		{Role: sdk.RoleTool, CallID: "1", Text: "first"}, {Role: sdk.RoleTool, CallID: "1", Text: "second"},
	}, Identity: sdk.Identity{Opening: "o", Calls: []string{"1", "1"}}}
	var row struct {
		Calls []struct {
			Result string
			Weight *int
		} `json:"tool_calls"`
		Provenance map[string]any
	}
	require.NoError(t, json.Unmarshal(encodeRow(t, openStep(t, unifiedStep, sdk.Setup{}, `{}`), e), &row))
	require.Equal(t, "first", row.Calls[0].Result)
	require.Zero(t, *row.Calls[0].Weight)
	require.NotContains(t, row.Provenance, "calls", "the messages tell them")
}
