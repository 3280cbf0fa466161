package formats

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"

	"github.com/ftprep/ftprep/sdk"
)

// goldenRows are the rows of a golden case.
func goldenRows(t testing.TB, name string) []string {
	archive, err := txtar.ParseFile(filepath.Join("testdata", name+".txtar"))
	require.NoError(t, err)
	for _, file := range archive.Files {
		if file.Name == "want" {
			var rows []string
			for _, line := range strings.Split(strings.TrimSpace(string(file.Data)), "\n") {
				if strings.HasPrefix(line, "{") {
					rows = append(rows, line)
				}
			}
			return rows
		}
	}
	return nil
}

// TestDecodeFindsProblems breaks a good row in one place and finds the problem, which is not there before.
func TestDecodeFindsProblems(t *testing.T) {
	for _, c := range []struct {
		golden, typ, options string
		row                  int
		old, new, problem    string
	}{
		{"openai", "openai", `{}`, 0, `"arguments":"{}"`, `"arguments":{}`, "arguments that are not the text of an object"},
		{"openai", "openai", `{}`, 0, `"arguments":"{}"`, `"arguments":"[]"`, "arguments that are not an object"},
		{"openai", "openai", `{}`, 0, `"arguments":"{}"`, `"arguments":"{"`, "arguments is text that is not valid JSON, or has a key twice"},
		{"openai", "openai", `{}`, 0, `"arguments":"{}"`, `"arguments":"{\"a\":1,\"a\":1}"`, "arguments is text that is not valid JSON, or has a key twice"},
		{"openai", "openai", `{}`, 0, `"tool_call_id":"c1"`, `"tool_call_id":1`, "the tool_call_id of a result is not a string"},
		{"openai", "openai", `{}`, 0, `"type":"function","function":{"name":"get_logs","arguments"`, `"function":{"name":"get_logs","arguments"`, "a call whose type is not function"},
		{"openai", "openai", `{}`, 0, `"id":"c1",`, ``, "the id of a call is missing"},
		{"openai", "openai", `{}`, 0, `"name":"get_logs"`, `"name":"get logs"`, "a tool's name that is not 1 to 64 letters, digits, _ and -"},
		{"openai", "openai", `{}`, 0, `"function":{"name":"get_logs","arguments"`, `"function":null,"x":{"name":"get_logs","arguments"`, "the function of a call is not an object"},
		{"openai", "openai", `{}`, 0, `"messages"`, `"messages":null,"x"`, "messages is not a list"},
		{"openai", "openai", `{}`, 0, `"role":"user"`, `"role":"human"`, "a role other than system, user, assistant and tool"},
		{"openai", "openai", `{}`, 0, `"role":"user"`, `"role":"system"`, "a system message that is not the first"},
		{"openai", "openai", `{}`, 0, `"role":"user"`, `"role":"user","weight":1`, "a key that OpenAI does not know: weight"},
		{"openai", "openai", `{}`, 0, `"tool_call_id":"c1"`, `"tool_call_id":"c1","name":"get_logs"`, "a key that OpenAI does not know: name"},
		{"openai", "openai", `{}`, 0, `"messages"`, `"text":"x","messages"`, "a key that OpenAI does not know: text"},
		{"openai", "openai", `{}`, 0, `"messages"`, `"parallel_tool_calls":"no","messages"`, "parallel_tool_calls is neither true nor false"},
		{"openai", "openai", `{}`, 0, `"content":"Started. 🐸"`, `"content":null`, "content is not a string"},
		{"openai", "openai", `{}`, 0, `"messages"`, `"messages":[],"messages"`, "an object has a key twice"},
		{"openai", "openai", `{}`, 1, `"weight":1`, `"weight":true`, "a weight other than 0 and 1"},
		{"openai", "openai", `{}`, 2, `"messages"`, `"tools":[],"messages"`, "tools is an empty list, which OpenAI refuses"},
		{"openai", "openai", `{}`, 2, `{"messages"`, `["messages"`, "the row is not a JSON object"},
		{"openai-preference", "openai", `{"shape":"preference"}`, 0, `"input"`, `"label":1,"input"`, "a key that OpenAI does not know: label"},
		{"openai-preference", "openai", `{"shape":"preference"}`, 0, `"preferred_output":[`, `"preferred_output":null,"x":[`, "preferred_output is not a list"},
		{"openai-preference", "openai", `{"shape":"preference"}`, 0, `"preferred_output":[{"role":"assistant"`, `"preferred_output":[{"role":"user"`, "preferred_output is not one message of the model's"},
		{"openai-preference", "openai", `{"shape":"preference"}`, 0, `"I cannot."`, `"Started. 🐸"`, "both answers of the pair are the same"},
		{"openai-preference", "openai", `{"shape":"preference"}`, 0, `"I cannot."`, `"","tool_calls":[{"id":"x","type":"function","function":{"name":"get_logs","arguments":"{}"}}]`, "an answer of the pair calls a tool: OpenAI takes only pairs of texts"},
		{"openai-preference", "openai", `{"shape":"preference"}`, 0, `"preferred_output":[`, `"preferred_output":[{"role":"user","content":"x"},`, "preferred_output is not one message of the model's"},
		{"trl", "trl", `{}`, 2, `"arguments":{"command":"CHOP oak"}`, `"arguments":"{}"`, "arguments that are text: templates print them as text within text"},
		{"trl", "trl", `{}`, 2, `"CHOP oak"`, `0.7`, "a number in a call's arguments that the loader of the file changes"},
		{"trl", "trl", `{}`, 2, `"tools":"[]"`, `"tools":""`, "tools is text that is not valid JSON, or has a key twice"},
		{"trl", "trl", `{}`, 2, `"tools":"[]"`, `"tools":"{}"`, "tools is not a list"},
		{"trl", "trl", `{}`, 2, `"tools":"[]"`, `"tools":[{"name":"x"}]`, "a tool's function is missing"},
		{"trl", "trl", `{}`, 0, `\"type\": \"function\"`, `\"type\": \"tool\"`, "a tool whose type is not function"},
		{"trl", "trl", `{}`, 2, `"content":"",`, ``, "a message without content"},
		{"trl", "trl", `{}`, 2, `"role":"user"`, `"tool_calls":[],"role":"user"`, "messages that all have the same keys: the loader then decodes texts in arguments that look like JSON"},
		{"trl-prompt-completion", "trl", `{"shape":"prompt_completion"}`, 1, `"completion":[`, `"completion":[{"role":"user","content":""},`, "completion is not one message of the model's"},
		{"trl-prompt-completion", "trl", `{"shape":"prompt_completion"}`, 1, `{"role":"user","content":"again"}],`, `{"role":"assistant","content":"again"}],`, "the prompt ends neither with a question nor with a result"},
		{"trl-preference", "trl", `{"shape":"preference"}`, 1, `"I cannot."`, `"Started. 🐸"`, "chosen and rejected are the same"},
		{"trl-kto", "trl", `{"shape":"kto"}`, 0, `"label":true`, `"label":"true"`, "label is neither true nor false"},
		{"mistral", "mistral", `{}`, 2, `"a0TZFO00V"`, `"call_1"`, "an id of a call that is not nine letters and digits"},
		{"mistral", "mistral", `{}`, 2, `"a0TZFO00V"`, `"a0TZFO00"`, "an id of a call that is not nine letters and digits"},
		{"mistral", "mistral", `{}`, 2, `"a0TZFO00V"`, `"a0TZFO00."`, "an id of a call that is not nine letters and digits"},
		{"mistral", "mistral", `{}`, 2, `"send_command"`, `"send.command"`, "a tool's name that is not 1 to 64 letters, digits, _ and -"},
		{"mistral", "mistral", `{}`, 1, `"tool_call_id":"1mBokoezG"`, `"tool_call_id":"1mBokoez_"`, "an id of a result that is not nine letters and digits"},
		{"mistral", "mistral", `{}`, 2, `"role":"assistant",`, `"role":"assistant","content":"So.",`, "text beside calls: the V3 tokenizer takes only one of them"},
		{"swift", "swift", `{}`, 1, `"role":"user","content":"again"`, `"role":"system","content":"again"`, "a system message that is not the first"},
		{"swift", "swift", `{}`, 0, `Where are we?\n`, `Where are we?`, "text before a call that does not end with a newline"},
		{"swift", "swift", `{}`, 0, `\n</think>\n\n`, ` </think> `, "thinking that does not end with </think> and an empty line"},
		{"swift", "swift", `{}`, 2, `"{\"name\"`, `"\"name\"`, "a call is not an object"},
		{"swift", "swift", `{}`, 2, `{\"command\": \"CHOP oak\"}`, `\"{}\"`, "arguments that are not an object"},
		{"swift", "swift", `{}`, 2, `"role":"tool_call"`, `"role":"function_call"`, "a role other than system, user, assistant, tool_call and tool_response"},
		{"swift", "swift", `{}`, 1, `"role":"user"`, `"role":"user","loss":true`, "loss is true on a message that is not the model's"},
		{"swift", "swift", `{}`, 1, `"role":"user","content":"again"`, `"role":"assistant","content":"again","loss":true`, "messages of the model's that follow each other: ms-swift joins them without a separator"},
		{"swift", "swift", `{}`, 1, `0.5}}","loss":false`, `0.5}}","loss":true`, "a call and the text before it differ in loss"},
		{"atif", "atif", `{}`, 0, `"step_id":2`, `"step_id":3`, "step_id does not count up from 1 without gaps"},
		{"atif", "atif", `{}`, 0, `"source_call_id":"c1"`, `"source_call_id":"c2"`, "source_call_id names no call of its step"},
		{"atif", "atif", `{}`, 0, `"source":"user"`, `"source":"user","reasoning_content":"x"`, "a step that is not the agent's has reasoning_content"},
		{"atif", "atif", `{}`, 0, `"source":"user"`, `"source":"human"`, "a step's source other than system, user and agent"},
		{"atif", "atif", `{}`, 0, `"source":"user"`, `"source":"user","role":"user"`, "a key that ATIF does not know: role"},
		{"atif", "atif", `{}`, 0, `"arguments":{}`, `"arguments":"{}"`, "arguments that are not an object"},
		{"atif", "atif", `{}`, 0, `"session_id"`, `"run":"x","session_id"`, "a key that ATIF does not know: run"},
		{"atif", "atif", `{}`, 0, `"version":"2.1.0"`, `"version":"2.1.0","run":1`, "a key that ATIF does not know: run"},
		{"atif", "atif", `{}`, 0, `"reasoning_content"`, `"run":1,"reasoning_content"`, "a key that ATIF does not know: run"},
		{"atif", "atif", `{}`, 0, `"function_name"`, `"run":1,"function_name"`, "a key that ATIF does not know: run"},
		{"atif", "atif", `{}`, 0, `"source_call_id"`, `"run":1,"source_call_id"`, "a key that ATIF does not know: run"},
		{"atif", "atif", `{}`, 0, `"steps":[`, `"steps":[],"notes":[`, "no steps"},
		{"atif", "atif", `{}`, 0, `ATIF-v1.7`, `ATIF-v2`, "schema_version is not ATIF-v1.7"},
		{"atif", "atif", `{}`, 0, `"version":"2.1.0",`, ``, "the agent's version is missing"},
	} {
		decoder := openFormat(t, c.typ, c.options).(sdk.Decoder)
		row := goldenRows(t, c.golden)[c.row]
		_, problems := decoder.Decode([]byte(row))
		require.Empty(t, problems, "%s", row)
		require.Contains(t, row, c.old)
		_, problems = decoder.Decode([]byte(strings.Replace(row, c.old, c.new, 1)))
		require.Contains(t, problems, c.problem, "%s: %s", c.golden, c.new)
	}
}

func TestARowThatIsNoObject(t *testing.T) {
	for _, v := range variants {
		for _, row := range []string{"null", "[]", "{", `"x"`} {
			e, problems := openFormat(t, v.typ, v.options).(sdk.Decoder).Decode([]byte(row))
			require.Nil(t, e)
			require.NotEmpty(t, problems, "%s %s: %s", v.typ, v.options, row)
		}
	}
}

func TestAProblemIsToldOnce(t *testing.T) {
	_, problems := openFormat(t, "trl", `{}`).(sdk.Decoder).Decode([]byte(`{"messages":[{"role":"a","content":""},{"role":"user","content":"x"},{"role":"b","content":""}]}`))
	require.Equal(t, []string{"a role other than system, user, assistant and tool"}, problems)
}

// TestDecodeTakes changes a good row into another one that its reader takes as well.
func TestDecodeTakes(t *testing.T) {
	for _, c := range []struct {
		format   string
		row      int
		old, new string
	}{
		{"openai", 0, `"role":"user"`, `"role":"user","name":"ann"`},
		{"openai", 0, `"role":"assistant"`, `"role":"assistant","name":"bot"`},
		{"openai", 0, `"content":"","tool_calls"`, `"content":null,"tool_calls"`},
		{"openai", 0, `"content":"","tool_calls"`, `"tool_calls"`},
		{"openai", 0, `"messages"`, `"parallel_tool_calls":false,"messages"`},
		{"mistral", 2, `"role":"assistant",`, `"role":"assistant","content":"",`},
		{"swift", 1, `"role":"tool_response"`, `"role":"tool"`},
	} {
		row := goldenRows(t, c.format)[c.row]
		require.Contains(t, row, c.old, c.format)
		_, problems := openFormat(t, c.format, `{}`).(sdk.Decoder).Decode([]byte(strings.Replace(row, c.old, c.new, 1)))
		require.Empty(t, problems, c.new)
	}
}

// TestDecodeOfATIF reads a trajectory as others write them, with all keys that the specification has.
func TestDecodeOfATIF(t *testing.T) {
	e, problems := openFormat(t, "atif", `{}`).(sdk.Decoder).Decode([]byte(`{"schema_version":"ATIF-v1.7","session_id":"s","trajectory_id":"t",` +
		`"agent":{"name":"bot","version":"2","model_name":"m","tool_definitions":[],"extra":{}},"steps":[` +
		`{"step_id":1,"timestamp":"2026-01-02T03:04:05Z","source":"system","message":"Play.","is_copied_context":true,"extra":{}},` +
		`{"step_id":2,"source":"system","message":"Play well."},{"step_id":3,"source":"user","message":"go"},` +
		`{"step_id":4,"timestamp":"2026-01-02T03:04:05Z","source":"agent","message":"","model_name":"m","reasoning_effort":"high","reasoning_content":"Hm.",` +
		`"tool_calls":[{"tool_call_id":"1","function_name":"mcp__game__look","arguments":{},"extra":{}}],` +
		`"observation":{"results":[{"source_call_id":"1","content":"an oak","subagent_trajectory_ref":[],"extra":{}}]},` +
		`"metrics":{},"llm_call_count":1,"is_copied_context":false,"extra":{"x":1}},{"step_id":5,"source":"system","message":"Stop."},` +
		`{"step_id":6,"source":"agent","message":"Done."}],"notes":"n","final_metrics":{},"continued_trajectory_ref":"x","subagent_trajectories":[],"extra":{}}`))
	require.Empty(t, problems)
	require.Equal(t, []string{"t", "s", "bot", "2", "m"}, []string{e.ID, e.Provenance.Session, e.Source, e.Provenance.ProducerVersion, e.Provenance.Model})
	require.Equal(t, []string{
		`system "Play."`, `system masked=false "" "Play well."`, `user masked=false "" "go"`, `assistant masked=false "Hm." ""`, `call mcp__game__look {}`,
		`tool masked=false "" "an oak"`, `system masked=false "" "Stop."`, `assistant masked=false "" "Done."`,
	}, heard(t, e))
}

// TestDecodeOfOthers reads rows of a shape that no format here writes.
func TestDecodeOfOthers(t *testing.T) {
	const padding = "messages that all have the same keys: the loader then decodes texts in arguments that look like JSON"
	const padded = `[{"role":"user","content":"go","tool_calls":null},{"role":"assistant","content":"","tool_calls":[{"id":"1","type":"function","function":{"name":"look","arguments":{}}}]},{"role":"user","content":"","tool_calls":null}]`
	for _, c := range []struct {
		format, options, row string
		heard                []string
		problem              string
	}{
		{"llamafactory", `{}`, `{"conversations":[{"from":"system","value":"Play."},{"from":"human","value":"go"},{"from":"gpt","value":"gone"}],"system":null,"tools":""}`,
			[]string{`system "Play."`, `user masked=false "" "go"`, `assistant masked=false "" "gone"`}, ""},
		{"llamafactory", `{}`, `{"conversations":[],"system":"","tools":""}`, []string{`system ""`}, ""},
		{"swift", `{}`, `{"messages":[{"role":"user","content":"<think>\na\n</think>\n\ngo"},{"role":"assistant","content":"<think>\nb\n</think>\n\n<think>\nc\n</think>\n\ngone"},{"role":"user","content":"on"},{"role":"assistant","content":"far"}]}`,
			[]string{`system ""`, `user masked=false "" "<think>\na\n</think>\n\ngo"`, `assistant masked=false "b" "<think>\nc\n</think>\n\ngone"`, `user masked=false "" "on"`, `assistant masked=false "" "far"`}, ""},
		{"trl", `{}`, `{"messages":` + padded + `}`, nil, padding},
		{"trl", `{"shape":"prompt_completion"}`, `{"prompt":` + padded + `,"completion":[{"role":"assistant","content":"gone"}]}`, nil, padding},
	} {
		e, problems := openFormat(t, c.format, c.options).(sdk.Decoder).Decode([]byte(c.row))
		if c.problem != "" {
			require.Contains(t, problems, c.problem)
			continue
		}
		require.Empty(t, problems)
		require.Equal(t, c.heard, heard(t, e))
	}
}

func TestAxolotlChatProblems(t *testing.T) {
	format := newChatRows()
	var e sdk.Example
	require.NoError(t, json.Unmarshal([]byte(`{"Messages":[{"Role":"user","Text":"go"},{"Role":"assistant","Text":"a","Masked":true},
		{"Role":"assistant","Calls":[{"ID":"1","Tool":"t","Arguments":{"n":null}}]}]}`), &e))
	row := string(encodeRow(t, format, &e))
	require.Equal(t, `{"messages":[{"role":"user","content":"go","train":false},{"role":"assistant","content":"a","train":false},`+
		`{"role":"assistant","content":"","tool_calls":[{"id":"1","type":"function","function":{"name":"t","arguments":"{\"n\": null}"}}],"train":true}],"tools":"[]"}`, row)
	for _, c := range [][3]string{
		{`"content":"go","train":false`, `"content":"go","train":true`, "train is true on a message that is not the model's"},
		{`"content":"a","train":false`, `"content":"a","train":"no"`, "train is neither true nor false"},
		{`"content":"",`, ``, "a message without content"},
		{`"{\"n\": null}"`, `{"n":null}`, "arguments that are not the text of an object"},
	} {
		require.Contains(t, row, c[0])
		_, problems := format.Decode([]byte(strings.Replace(row, c[0], c[1], 1)))
		require.Equal(t, []string{c[2]}, problems)
	}
}

// Every format decodes what others wrote without failing.
func FuzzDecode(f *testing.F) {
	files, err := filepath.Glob("testdata/*.txtar")
	require.NoError(f, err)
	for _, file := range files {
		for _, row := range goldenRows(f, strings.TrimSuffix(filepath.Base(file), ".txtar")) {
			f.Add([]byte(row))
		}
	}
	f.Fuzz(func(t *testing.T, row []byte) {
		for _, c := range conversational {
			format, _ := openConversational(t, c.typ, c.options)
			e, problems := format.(sdk.Decoder).Decode(row)
			if e == nil {
				require.NotEmpty(t, problems)
				continue
			}
			if rows, err := format.Encode(t.Context(), e); err == nil {
				require.True(t, json.Valid(rows[0]), "%s", rows[0])
			}
		}
	})
}
