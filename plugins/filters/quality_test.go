package filters

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
	"github.com/ftprep/ftprep/sdk/sdktest"
)

// declared are the tools of the table below.
var declared = &sdk.Toolset{Tools: []sdk.ToolDefinition{
	{Name: "send_command", Schema: json.RawMessage(`{"type": "object", "properties": {"command": {"type": "string"}}, "required": ["command"]}`)},
	{Name: "get_logs", Schema: json.RawMessage(`{"type": "object", "properties": {"level": {"enum": ["info", "error"]}}, "additionalProperties": false}`)},
	{Name: "get_state"},
	{Name: "odd", Schema: json.RawMessage(`{"type": 7}`)},
	{Name: "odder", Schema: json.RawMessage(`{"$ref": "#/nowhere"}`)},
	{Server: "bank", Name: "balance"},
	{Server: "bank", Name: "send_command"},
	{Server: "bank", Name: "close", Schema: json.RawMessage(`{"type": "object", "required": ["account"]}`)},
	{Server: "shop", Name: "close", Schema: json.RawMessage(`{"type": "object", "required": ["door"]}`)},
}}

// turn builds a conversation from the user's words and the model's steps: words, or a call and its result as
// "tool {arguments} -> result". A result that begins with "!" is an error; "?" stands for no result.
func turn(user string, steps ...string) *sdk.Example {
	e := &sdk.Example{ID: user, Type: sdk.TypeDirectExecution, Messages: []sdk.Message{{Role: sdk.RoleUser, Text: user}}}
	for i, step := range steps {
		asked, result, ok := strings.Cut(step, " -> ")
		if !ok {
			e.Messages = append(e.Messages, sdk.Message{Role: sdk.RoleAssistant, Text: step})
			continue
		}
		tool, arguments, _ := strings.Cut(asked, " ")
		call := sdk.Call{ID: strconv.Itoa(i), Arguments: json.RawMessage(arguments)}
		call.Server, call.Tool = sdk.SplitName(tool)
		e.Messages = append(e.Messages, sdk.Message{Role: sdk.RoleAssistant, Calls: []sdk.Call{call}})
		if result != "?" {
			words, isError := strings.CutPrefix(result, "!")
			e.Messages = append(e.Messages, sdk.Message{Role: sdk.RoleTool, CallID: call.ID, Text: words, IsError: isError})
		}
	}
	return e
}

const absent = -1

func TestExamplesAreScoredAsByHand(t *testing.T) {
	for _, test := range []struct {
		example                                   *sdk.Example
		executed, succeeded, concise, appropriate float64
		score                                     float64
	}{
		{turn("sent, and nobody looked: neutral", `send_command {"command": "KILL_LOOP Frog"} -> {"sent": true}`, "Killing frogs."), 1, 0.5, 1, 1, 0.841},
		{turn("done", `send_command {"command": "BANK_OPEN"} -> {"success": true}`, "The bank is open."), 1, 1, 1, 1, 1},
		{turn("failed", `get_state {} -> {"x": 1}`, `send_command {"command": "OPEN Door"} -> {"success": false}`, "I could not."), 1, 0, 1, 1, 0},
		{turn("queued, and the log settles it", `send_command {"command": "KILL_LOOP Cow"} -> Command queued`, `get_logs {"level": "info"} -> {"success": true, "lines": ["KILL_LOOP: finished"]}`), 1, 1, 1, 1, 1},
		{turn("queued, and the log tells a failure", `send_command {"command": "KILL_LOOP Cow"} -> {"dispatched": true}`, `get_logs {} -> KILL_LOOP failed: no npc`), 1, 0, 1, 1, 0},
		{turn("queued, and the log tells of another", `send_command {"command": "KILL_LOOP Cow"} -> Command queued`, `get_logs {} -> CHOP_LOOP failed: no axe`), 1, 0.5, 1, 1, 0.841},
		{turn("failed and made good", `send_command {"command": "OPEN"} -> !out of reach`, `send_command {"command": "OPEN Door"} -> {"status": "completed"}`), 1, 0.75, 1, 1, 0.931},
		{turn("failed, and another tool went well", `send_command {"command": "OPEN"} -> !out of reach`, `press {"key": "x"} -> {"success": true}`), 1, 0.5, 1, 1, 0.841},
		{turn("failed twice, the second time by its mark alone", `send_command {"command": "OPEN"} -> !out of reach`, `send_command {"command": "OPEN"} -> !{"success": true}`), 1, 0, 1, 1, 0},
		{turn("queued without a command that a log could name", `send_command {"command": "GO"} -> sent`, `get_logs {} -> GO failed`), 1, 0.5, 1, 1, 0.841},
		{turn("written, not called", `get_state {} -> {"_truncated": true}`, "I'll do it: {\"name\": \"send_command\", \"arguments\": {\"command\": \"KILL Cow\"}}"), 0, 0.5, 1, 1, 0},
		{turn("bad arguments, and no result", `send_command {"cmd": "KILL Cow"} -> ?`), 1, absent, 1, 0.5, 0.794},
		{turn("one tool of two is not declared", `get_state {} -> {"x": 1}`, `Bash {} -> {"success": true}`, strings.Repeat("word ", 420)), 1, 1, 0.5, 1, 0.841},
		{turn("no tool is declared", `Bash {"command": "ls"} -> {"success": true}`, "There is one."), 1, 1, 1, absent, 1},
		{turn("another server's tool of the name", `mcp__shop__send_command {"command": "sell"} -> {"success": true}`, `mcp__bank__balance {"to": 1} -> {"success": true}`), 1, 1, 1, 1, 1},
		{turn("a tool that its server does not have", `mcp__bank__rob {} -> {"success": true}`, `mcp__bank__balance {} -> {"success": true}`), 1, 1, 1, 0.5, 0.841},
		{turn("a tool of two servers, and which is known", `mcp__shop__close {"account": 1} -> {"success": true}`), 1, 1, 1, 0.5, 0.841},
		{turn("a tool of two servers, and nobody knows which", `close {"account": 1} -> {"success": true}`), 1, 1, 1, absent, 1},
		{turn("a tool of two servers, only written", `close({"account": 1})`), 0, absent, 1, absent, 0},
		{turn("tried twice", `open {} -> Error: locked`, `open {} -> Error: locked`), 1, 0, 1, absent, 0},
		{turn("queued, and only a later act's log tells", `send_command {"command": "KILL_LOOP Cow"} -> Command queued`, `send_command {"command": "WALK"} -> {"success": true}`, `get_logs {} -> KILL_LOOP: finished`), 1, 0.75, 1, 1, 0.931},
		{turn("queued, and the log tells neither", `send_command {"command": "KILL_LOOP Cow"} -> Command queued`, `get_logs {} -> KILL_LOOP: step 3`), 1, 0.5, 1, 1, 0.841},
		{turn("queued, and a word as short as any", `send_command {"command": "RUN"} -> Command queued`, `get_logs {} -> run finished`), 1, 0.5, 1, 1, 0.841},
		{turn("queued, and the log tells of what comes next", `send_command {"command": "KILL_LOOP Cow", "then": "WALK_HOME"} -> Command queued`, `get_logs {} -> WALK_HOME: finished`), 1, 0.5, 1, 1, 0.841},
		{turn("a log that begins with an error", `get_logs {} -> [ERROR] reader died`+"\n"+`[INFO] tick 4`), 1, 1, 1, 1, 1},
		{turn("a log that could not be had", `get_logs {} -> Error: no such file`), 1, 0, 1, 1, 0},
		{turn("a log, marked as failed", `get_logs {} -> !Error in line 1`+"\n"+`of 2`), 1, 0, 1, 1, 0},
		{turn("no log, in several lines", `get_state {} -> Error in line 1`+"\n"+`of 2`), 1, 0, 1, 1, 0},
		{turn("queued, and the log cannot be read", `send_command {"command": "KILL_LOOP Cow"} -> Command queued`, `get_logs {} -> !KILL_LOOP failed`), 1, 0.5, 1, 1, 0.841},
		{turn("a schema that makes no sense", `odd {"n": 1} -> {"success": true}`, `odder {"n": 1} -> {"success": true}`), 1, 1, 1, 1, 1},
		{turn("only talk", "A frog is an amphibian."), absent, absent, 1, absent, 1},
	} {
		t.Run(test.example.ID, func(t *testing.T) {
			setup := sdk.Setup{Block: "filter.quality.test", Tools: declared}
			got := sdktest.Apply(t, Plugin, "quality", setup, "{}", test.example)[0].Examples[0]
			want := map[string]float64{
				"executed": test.executed, "succeeded": test.succeeded, "concise": test.concise, "appropriate": test.appropriate,
			}
			for name, score := range want {
				if score == absent {
					delete(want, name)
				}
			}
			scores := map[string]float64{}
			for _, signal := range got.Signals {
				require.NotEmpty(t, signal.Evidence)
				scores[signal.Name] = signal.Score
			}
			require.Equal(t, want, scores)
			require.Equal(t, test.score, *got.Quality)
		})
	}
}

func TestATurnOfWhichASelectionLeftLittle(t *testing.T) {
	e := turn("two of eight", `get_state {} -> {"x": 1}`, `send_command {"command": "OPEN Door"} -> {"success": true}`, "All is done.")
	e.Provenance.Removed = map[string]int{"calls": 6, "results": 6}
	got := sdktest.Apply(t, Plugin, "quality", sdk.Setup{}, "{}", e)[0].Examples[0]
	last := got.Signals[len(got.Signals)-1]
	require.Equal(t, sdk.Signal{Name: "whole", Score: 0.25, Evidence: "6 of 8 calls were left out"}, last)
	require.Equal(t, 0.707, *got.Quality)

	e = turn("all are gone", "All is done.")
	e.Provenance.Removed = map[string]int{"calls": 6}
	_, ok := whole(e)
	require.False(t, ok)
}

func TestWhatIsOnlyShownDoesNotMakeATurnWhole(t *testing.T) {
	e := turn("one of four", `look {} -> {"x": 1}`, `look {} -> {"x": 2}`, `send_command {"command": "OPEN Door"} -> {"success": true}`)
	for i := range e.Messages[:5] { // the first two calls are an earlier turn's
		e.Messages[i].Masked = true
	}
	e.Provenance.Removed = map[string]int{"calls": 3, "calls only shown": 5}
	got := sdktest.Apply(t, Plugin, "quality", sdk.Setup{}, "{}", e)[0].Examples[0]
	require.Contains(t, got.Signals, sdk.Signal{Name: "whole", Score: 0.25, Evidence: "3 of 4 calls were left out"})
}

func TestASignalWithoutAScoreIsMeasured(t *testing.T) {
	e := turn("open", `send_command {"command": "OPEN Door"} -> {"success": false}`)
	e.Signals = []sdk.Signal{
		{Name: "succeeded", Score: math.NaN(), Evidence: "nobody looked"}, {Name: "feedback", Score: math.NaN(), Evidence: "a comment"},
	}
	got := sdktest.Apply(t, Plugin, "quality", sdk.Setup{}, "{}", e)[0].Examples[0]
	require.Zero(t, *got.Quality)
	require.Contains(t, got.Signals, sdk.Signal{Name: "succeeded", Score: 0, Evidence: `send_command failed: "{\"success\": false}"`})

	nothing := turn("hi")
	nothing.Signals = e.Signals[1:]
	require.Nil(t, sdktest.Apply(t, Plugin, "quality", sdk.Setup{}, "{}", nothing)[0].Examples[0].Quality)
}

func TestOnlySignalsOfItsNamesMakeTheScore(t *testing.T) {
	e := turn("open", `send_command {"command": "OPEN Door"} -> {"success": true}`)
	e.Signals = []sdk.Signal{{Name: "mood", Score: 0}, {Name: "feedback", Score: 0.5}}
	got := sdktest.Apply(t, Plugin, "quality", sdk.Setup{}, "{}", e)[0].Examples[0]
	require.Equal(t, 0.841, *got.Quality)
}

// TestASourcesOwnSignalIsTaken: it is not measured as well.
func TestASourcesOwnSignalIsTaken(t *testing.T) {
	for name, e := range map[string]*sdk.Example{
		"executed": turn("hi", "Hello."), "concise": turn("hi", "Hello."), "appropriate": turn("hi", "Hello."), "whole": turn("hi", "Hello."),
		"complete": {ID: "chain", Type: sdk.TypeReasoningChain, Chain: &sdk.ReasoningChain{Problem: "p", RootCause: "c", Solution: "s"}},
	} {
		e.Signals = []sdk.Signal{{Name: name, Score: 0}}
		verdict, err := (&quality{}).Apply(t.Context(), e)
		require.NoError(t, err)
		require.Zero(t, *verdict.Annotation.Quality, name)
		for _, signal := range verdict.Annotation.Signals {
			require.NotEqual(t, name, signal.Name)
		}
	}
}

func TestADroppedExampleHasItsScore(t *testing.T) {
	least := 0.9
	verdict, err := (&quality{qualityOptions: qualityOptions{MinScore: &least}}).Apply(t.Context(), turn("kill", `send_command {} -> {"sent": true}`))
	require.NoError(t, err)
	require.Equal(t, sdk.ActionDrop, verdict.Action)
	require.Equal(t, 0.794, *verdict.Annotation.Quality)
}

func TestWhatAnExampleLacks(t *testing.T) {
	for evidence, e := range map[string]sdk.Example{
		"nothing is missing": {Chain: &sdk.ReasoningChain{Problem: "p", Reasoning: "r", Solution: "s"}},
		"no problem":         {Chain: &sdk.ReasoningChain{Problem: " ", RootCause: "c", Solution: "s"}},
		"no cause, no fix":   {Chain: &sdk.ReasoningChain{Problem: "p"}},
		"no bad code":        {Correction: &sdk.CodeCorrection{GoodCode: "g", BadReason: "r"}},
		"no good code":       {Correction: &sdk.CodeCorrection{BadCode: "b", GoodReason: "r"}},
		"no reason":          {Correction: &sdk.CodeCorrection{BadCode: "b", GoodCode: "g"}},
		"no pattern":         {Negative: &sdk.AntiPattern{Reason: "r"}},
	} {
		require.Equal(t, evidence, complete(&e).Evidence)
	}
}

func TestEvidenceNamesTheFirstCallThatDidNotSucceed(t *testing.T) {
	signal, ok := succeeded(turn("open", `open {"n": 1} -> ok`, `open {"n": 2} -> Error: locked`, `shut {} -> Error: broken`))
	require.True(t, ok)
	require.Equal(t, `open failed: "Error: locked"`, signal.Evidence)
}

func TestEvidenceSaysThatSomeCallsAreOfOtherTools(t *testing.T) {
	signal, ok := newToolbox(declared).appropriate(turn("look", `get_state {} -> {"x": 1}`, `Bash {} -> ok`))
	require.True(t, ok)
	require.Equal(t, "the tools are declared and the arguments fit; 1 of 2 calls are of other tools", signal.Evidence)
	signal, ok = newToolbox(declared).appropriate(turn("rob", `mcp__bank__rob {} -> ok`))
	require.True(t, ok)
	require.Equal(t, "the server bank declares no tool rob", signal.Evidence)
}

func TestWhatIsOnlyShownIsNeitherLongWindedNorWritten(t *testing.T) {
	e := turn("go", strings.Repeat("word ", 300)+`{"name": "go", "arguments": {}}`, "Gone.")
	e.Messages[1].Masked = true
	brief, ok := concise(e)
	require.True(t, ok)
	require.Equal(t, sdk.Signal{Name: "concise", Score: 1, Evidence: "1 word, 0 calls"}, brief)
	_, ok = executed(e, toolbox{})
	require.False(t, ok, "there is neither a call nor one that is only written")
}

func TestJudge(t *testing.T) {
	for result, want := range map[string]outcome{
		"":                                   unknown,
		"null":                               unknown,
		"Command sent.":                      unknown,
		`{"_truncated": true, "keys": []}`:   unknown,
		`{"success": true, "queued": true}`:  unknown,
		`{"result": "dispatched"}`:           unknown,
		"{}":                                 unknown,
		"[]":                                 unknown,
		`{"result": "Error: no", "id": 1}`:   success,
		`{"status": "queued"}`:               unknown,
		strings.Repeat("word ", 40) + "sent": success,
		`"Error: no such file"`:              failure,
		`{"isError": true}`:                  failure,
		`{"error": true}`:                    failure,
		`{"error": {"code": 5}}`:             failure,
		`{"lines": [], "truncated": false}`:  success,
		`{"success": true, "error": null}`:   success,
		"frogs: 3":                           success,
		`{"result": {"success": false}}`:     failure,
		`{"dispatched": true, "error": "no such client"}`: failure,
		" \n{\"success\": false}\n":                       failure,
		`{"status": "FAILED"}`:                            failure,
		"Error: no such file":                             failure,
		"<tool_use_error>x</tool_use_error>":              failure,
	} {
		require.Equal(t, want.String(), judge(result).String(), result)
	}
	require.Equal(t, success, judge(`{"a":`+strings.Repeat("[", 30<<20)), "a result that nests without end is a text like any other")
	require.Equal(t, unknown, judge(strings.Repeat(`{"result":`, 9000)+`"error"`+strings.Repeat("}", 9000)), "nobody wraps a result so often, and it takes long to unwrap")
}

func TestCallsWrittenIntoTheText(t *testing.T) {
	call := `send_command {"command":  "KILL Cow"} -> {"success": true}`
	for text, score := range map[string]float64{
		`I called {"name": "send_command", "arguments": {"command": "KILL Cow"}}.`:  1,   // it was
		`I called {"name": "mcp__x__other", "arguments": {"command": "KILL Cow"}}.`: 1,   // a tool that nobody knows
		`And now {"name": "send_command", "arguments": {"command": "KILL Frog"}}.`:  0.5, // a call that was not made
		`And now {"name": "get_logs", "arguments": {"command": "KILL Cow"}}.`:       0.5, // of a tool that is declared
		`<function=send_command>`:           0.5,
		`<invoke name="get_logs">`:          0.5,
		`The page has <invoke name="ping">`: 1,
		`as send_command("KILL Cow") did`:   1,
	} {
		signal, ok := executed(turn("kill", call, text), newToolbox(declared))
		require.True(t, ok)
		require.Equal(t, score, signal.Score, text)
	}
	_, ok := executed(turn(`send {"name": "send_command", "arguments": {}}`, "No."), newToolbox(declared))
	require.False(t, ok, "the user's words are no calls of the model's")
	looked, ok := executed(turn("kill", call, `get_state {} -> {"x": 1}`, `{"name": "send_command", "arguments": {}}`), newToolbox(declared))
	require.True(t, ok)
	require.Equal(t, 0.5, looked.Score, "calls that only look do not count")
	made, ok := executed(turn("kill", call, `I called {"name": "send_command", "arguments": {"command": "KILL Cow"}}.`), toolbox{})
	require.True(t, ok)
	require.Equal(t, 1.0, made.Score)
	other, ok := executed(turn("kill", call, `The file says {"name": "left-pad", "arguments": {"n": 1}}.`), toolbox{})
	require.True(t, ok)
	require.Equal(t, 1.0, other.Score)
	observed, ok := executed(turn("kill", `get_state {} -> {}`, `{"name": "send_command", "arguments": {"command": "KILL`), toolbox{})
	require.True(t, ok)
	require.Zero(t, observed.Score)
	again, ok := executed(turn("kill", call, `And {"name": "send_command", "arguments": {"command": "KILL Frog"}}.`), toolbox{})
	require.True(t, ok)
	require.Equal(t, sdk.Signal{Name: "executed", Score: 0.5, Evidence: "a call of send_command is only written into the text"}, again)
	full, ok := executed(turn("kill", `mcp__x__go {} -> ok`, `I called {"name": "mcp__x__go", "arguments": {}} and {"name": "go", "arguments": {}}.`), toolbox{})
	require.True(t, ok)
	require.Equal(t, 1.0, full.Score, "a text may name a tool with its server or without")
	for _, name := range []string{"mcp__x__go", "go"} {
		other, ok := executed(turn("kill", `mcp__x__go {} -> ok`, `And {"name": "`+name+`", "arguments": {"n": 1}}.`), toolbox{})
		require.True(t, ok)
		require.Equal(t, 0.5, other.Score, name)
	}
	_, ok = executed(turn("kill", "Use unknown_command(\"KILL Cow\")."), newToolbox(declared))
	require.False(t, ok, "any word may stand before a bracket")
	code, ok := executed(turn("kill", "Use send_command(\"KILL Cow\")."), newToolbox(declared))
	require.True(t, ok)
	require.Zero(t, code.Score)
}

// TestCallsInTags: a call that is written in tags counts unless it was made, with the same arguments.
func TestCallsInTags(t *testing.T) {
	for text, score := range map[string]float64{
		"<invoke name=\"walk\"><parameter name=\"to\">old mill</parameter><parameter name=\"steps\">4</parameter></invoke>": 1,
		"<invoke name=\"walk\">\n<parameter name=\"to\" string=\"true\">old mill</parameter>\n<parameter name=\"steps\">4":  0.5, // cut off
		"<function=walk>\n<parameter=steps>\n4\n</parameter>\n<parameter=to>\nold mill\n</parameter>\n</function>":          1,
		"<function=mcp__game__walk>{\"to\": \"old mill\", \"steps\": 4}</function>":                                         1,
		"<function=walk>{\"to\": \"new mill\", \"steps\": 4}</function>":                                                    0.5,
		"<function=walk><parameter=to>new mill</parameter><parameter=steps>4</parameter></function>":                        0.5,
		"<function=walk><parameter=to>old mill</parameter></function>":                                                      0.5,
		"<function=walk><parameter=to>old mill</parameter><parameter=steps>4</parameter><parameter=by>road</parameter>":     0.5,
		"<function=walk><parameter=to>old mill</parameter><function=look><parameter=steps>4</parameter>":                    0.333,
		"<function=look></function>":                             1,
		"<function=look><parameter=at>it</parameter></function>": 0.5,
	} {
		signal, ok := executed(turn("walk", `mcp__game__walk {"to": "old mill", "steps": 4} -> ok`, `look {} -> a mill`, text), toolbox{})
		require.True(t, ok)
		require.Equal(t, score, signal.Score, text)
	}
}

// TestActing: what the log says of a call counts more than its tool's name.
func TestActing(t *testing.T) {
	for _, c := range []struct {
		tool  string
		phase sdk.Phase
		acts  bool
	}{{"get_state", "", false}, {"get_state", sdk.PhaseAct, true}, {"send_command", "", true}, {"send_command", sdk.PhaseObserve, false}} {
		require.Equal(t, c.acts, acting(sdk.AnsweredCall{Call: sdk.Call{Tool: c.tool, Phase: c.phase}}), c)
	}
}
