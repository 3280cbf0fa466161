package sdk_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/ftprep/ftprep/sdk"
	"github.com/ftprep/ftprep/sdk/conformance"
	"github.com/ftprep/ftprep/sdk/sdktest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type echoOptions struct {
	Prefix string   `option:"prefix" doc:"Put before each line." default:"> "`
	Times  int      `option:"times" doc:"How often." default:"1" min:"1" max:"9"`
	Skip   []string `option:"skip" doc:"Lines to leave out."`
}

type echo struct{ echoOptions }

func (e echo) Read(_ context.Context, unit sdk.Unit, emitter *sdk.Emitter) error {
	for _, file := range unit.Files {
		data, err := os.ReadFile(file.Path)
		if err != nil {
			return err
		}
		for line := range strings.Lines(string(data)) {
			for range e.Times {
				example := &sdk.Example{Messages: []sdk.Message{
					{Role: sdk.RoleUser, Text: e.Prefix + line},
					{Role: sdk.RoleAssistant, Calls: []sdk.Call{{ID: "1", Tool: "get_x", Arguments: json.RawMessage(`{"b": 1, "a": 2.0}`)}}},
				}}
				if err := emitter.Example(example); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

type suffix struct{ text string }

func (s suffix) Apply(_ context.Context, e *sdk.Example) (sdk.Verdict, error) {
	switch {
	case strings.Contains(e.UserMessage(), "drop"):
		verdict, score := sdk.Drop("said so", e.UserMessage()), 0.25
		verdict.Annotation.Quality = &score
		return verdict, nil
	case strings.Contains(e.UserMessage(), "twice"):
		second := *e
		second.Messages = []sdk.Message{{Role: sdk.RoleUser, Text: "second"}}
		second.ID = ""
		return sdk.Replace(e, &second), nil
	case strings.Contains(e.UserMessage(), "fail"):
		return sdk.Verdict{}, errors.New("cannot judge this")
	case strings.Contains(e.UserMessage(), "panic"):
		panic("no way")
	}
	score := 0.5
	return sdk.Annotate(sdk.Annotation{Tags: []string{"seen"}, Quality: &score, TaskType: s.text}), nil
}

type suffixOptions struct {
	Text string `option:"text,required" doc:"The task type."`
}

func newSuffix(_ sdk.Setup, o suffixOptions) (sdk.Filter, error) {
	if o.Text == "bad" {
		return nil, &sdk.OptionError{Option: "text", Reason: "is bad"}
	}
	return suffix{o.Text}, nil
}

type lines struct{}

func (lines) Encode(_ context.Context, e *sdk.Example) ([][]byte, error) {
	if e.UserMessage() == "" {
		return nil, sdk.Refuse("no user message")
	}
	row, err := json.Marshal(map[string]string{"text": e.UserMessage()})
	return [][]byte{row}, err
}

func (lines) Holds() sdk.Holds { return sdk.Holds{Turns: true} }

func (lines) File() string { return "lines/all.txt" }

func (lines) Decode(row []byte) (*sdk.Example, []string) {
	if len(row) == 0 {
		return nil, []string{"an empty line"}
	}
	e := question(string(row))
	e.Toolset = &sdk.Toolset{Tools: []sdk.ToolDefinition{{Name: "look"}}}
	return e, nil
}

func (lines) Finish(_ context.Context, written []sdk.WrittenFile) ([]sdk.Companion, error) {
	return []sdk.Companion{{Name: "info.json", Content: fmt.Appendf(nil, "%d", written[0].Rows)}}, nil
}

var plugin = sdk.Plugin{
	Name: "echo", Version: "0.1.0", Doc: "Steps for tests.",
	Steps: []sdk.Step{
		sdk.NewSource("echo", "Reads lines.", func(_ sdk.Setup, o echoOptions) (sdk.Source, error) { return echo{o}, nil }),
		sdk.NewFilter("suffix", "Annotates.", newSuffix),
		sdk.NewFormat("lines", "Writes lines.", sdk.Holds{}, func(sdk.Setup, struct{}) (sdk.Format, error) { return lines{}, nil }),
	},
}

func TestConformance(t *testing.T) {
	sdktest.Conformance(t, plugin, map[string]string{"filter.suffix": `{"text":"x"}`})
}

func TestReadCompletesExamples(t *testing.T) {
	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "a.txt"), []byte("one\ntwo \xff\n"), 0o644))
	reading := sdktest.Read(t, plugin, "echo", sdk.Setup{Paths: []string{folder}}, `{"times": 2}`)
	require.Len(t, reading.Examples, 4)
	first := reading.Examples[0]
	require.Equal(t, sdk.TypeDirectExecution, first.Type)
	require.Equal(t, "simple_command", first.TaskType)
	require.Equal(t, "a.txt", first.SourceFile)
	require.Equal(t, "echo", first.Source)
	require.Equal(t, "echo", first.Provenance.Plugin)
	require.Equal(t, sdk.PhaseObserve, first.Messages[1].Calls[0].Phase)
	require.JSONEq(t, `{"b": 1, "a": 2.0}`, string(first.Messages[1].Calls[0].Arguments), "arguments stay as written")
	require.NotEqual(t, first.ID, reading.Examples[1].ID, "the same words twice are two examples")
	require.Equal(t, "> two \ufffd\n", reading.Examples[2].UserMessage())
	require.Equal(t, 4, reading.Tally.Read)
}

func question(text string) *sdk.Example {
	return &sdk.Example{ID: text, Type: sdk.TypeDirectExecution, Tags: []string{"first"}, Messages: []sdk.Message{{Role: sdk.RoleUser, Text: text}}}
}

func TestApply(t *testing.T) {
	applied := sdktest.Apply(t, plugin, "suffix", sdk.Setup{}, `{"text":"hello"}`, question("a"), question("drop it"), question("twice"))
	require.Equal(t, []string{"first", "seen"}, applied[0].Examples[0].Tags, "an annotation adds")
	require.Equal(t, "hello", applied[0].Examples[0].TaskType)
	require.InDelta(t, 0.5, *applied[0].Examples[0].Quality, 0)
	require.Empty(t, applied[1].Examples)
	require.Equal(t, "said so", applied[1].Decisions[0].Reason)
	require.InDelta(t, 0.5, *applied[0].Decisions[0].Score, 0)
	require.InDelta(t, 0.25, *applied[1].Decisions[0].Score, 0, "the score of what is dropped is counted, too")
	require.Len(t, applied[2].Examples, 2)
	require.Equal(t, "twice", applied[2].Examples[0].ID, "a changed example keeps its id")
	require.Equal(t, "twice", applied[2].Examples[1].Provenance.Parent)
	require.NotEqual(t, "twice", applied[2].Examples[1].ID)
}

func TestErrorsCrossTheWireAsTheyWereSaid(t *testing.T) {
	client := sdktest.Connect(t, plugin)
	_, err := client.Open(t.Context(), sdk.Step{Kind: sdk.KindFilter, Type: "suffix"}, sdk.Setup{}, []byte(`{"text":"bad"}`))
	require.EqualError(t, err, `option "text": is bad`)
	handle, err := client.Open(t.Context(), sdk.Step{Kind: sdk.KindFilter, Type: "suffix"}, sdk.Setup{}, []byte(`{"text":"x"}`))
	require.NoError(t, err)
	for text, want := range map[string]string{
		"fail":  "example fail: cannot judge this",
		"panic": "example panic: the plugin's code panicked: no way (its log has the stack)",
	} {
		stream, err := client.Apply(t.Context(), []sdk.Handle{handle})
		require.NoError(t, err)
		item := sdk.NewItem(question(text))
		require.NoError(t, stream.Send([]sdk.Item{item}, nil))
		_, err = stream.Receive()
		require.EqualError(t, err, want)
		stream.Close()
	}
}

func TestAnswersBeforeAPanicArrive(t *testing.T) {
	client := sdktest.Connect(t, plugin)
	handle, err := client.Open(t.Context(), sdk.Step{Kind: sdk.KindFilter, Type: "suffix"}, sdk.Setup{}, []byte(`{"text":"x"}`))
	require.NoError(t, err)
	for range 3 {
		stream, err := client.Apply(t.Context(), []sdk.Handle{handle})
		require.NoError(t, err)
		for _, text := range []string{"twice" + strings.Repeat(" and again", 100_000), "panic"} {
			item := sdk.NewItem(question(text))
			require.NoError(t, stream.Send([]sdk.Item{item}, nil))
		}
		_, err = stream.Receive()
		require.NoError(t, err)
		_, err = stream.Receive()
		require.ErrorContains(t, err, "the plugin's code panicked")
		stream.Close()
	}
}

// reusing is a format that writes its rows into one buffer.
type reusing struct{ row []byte }

func (r *reusing) Encode(_ context.Context, e *sdk.Example) ([][]byte, error) {
	r.row = fmt.Appendf(r.row[:0], "{%q:%q}", "text", e.UserMessage())
	return [][]byte{r.row}, nil
}

func TestRowsOfAFrameMayBeOverwrittenByTheNext(t *testing.T) {
	client := sdktest.Connect(t, sdk.Plugin{Name: "reusing", Version: "1", Doc: "Reuses.", Steps: []sdk.Step{
		sdk.NewFormat("reusing", "Reuses a buffer.", sdk.Holds{}, func(sdk.Setup, struct{}) (sdk.Format, error) { return &reusing{}, nil }),
	}})
	handle, err := client.Open(t.Context(), sdk.Step{Kind: sdk.KindFormat, Type: "reusing"}, sdk.Setup{}, []byte("{}"))
	require.NoError(t, err)
	stream, err := client.Encode(t.Context(), handle, sdk.Dataset{})
	require.NoError(t, err)
	defer stream.Close()
	const frames = 50
	for i := range frames {
		item := sdk.NewItem(question(strings.Repeat(fmt.Sprint(i%10), 100)))
		require.NoError(t, stream.Send([]sdk.Item{item}, nil))
	}
	for i := range frames {
		encoded, err := stream.Receive()
		require.NoError(t, err)
		require.JSONEq(t, fmt.Sprintf(`{"text":%q}`, strings.Repeat(fmt.Sprint(i%10), 100)), string(encoded[0].Rows[0]))
	}
}

func TestEncode(t *testing.T) {
	encoding := sdktest.Encode(t, plugin, "lines", sdk.Setup{}, "", question("a"), question(""))
	require.JSONEq(t, `{"text":"a"}`, string(encoding.Encoded[0].Rows[0]))
	require.Equal(t, "no user message", encoding.Encoded[1].Refused)
	require.Equal(t, "1", string(encoding.Companions[0].Content))
}

func TestAFormatReadsItsRowsBack(t *testing.T) {
	decoded := sdktest.Decode(t, plugin, "lines", sdk.Setup{}, "{}", []byte("chop oak"), nil)
	require.Equal(t, "chop oak", decoded[0].Example.UserMessage())
	require.Equal(t, "look", decoded[0].Example.Toolset.Tools[0].Name)
	require.Equal(t, []string{"an empty line"}, decoded[1].Problems)
	require.Nil(t, decoded[1].Example)
}

func TestAnOpenFormatSaysWhatItsOptionsMakeOfIt(t *testing.T) {
	handle, err := sdktest.Connect(t, plugin).Open(t.Context(), sdk.Step{Kind: sdk.KindFormat, Type: "lines"}, sdk.Setup{}, []byte("{}"))
	require.NoError(t, err)
	require.Equal(t, sdk.Holds{Turns: true}, handle.Holds)
	require.Equal(t, "lines/all.txt", handle.File)
	require.True(t, handle.Decodes)
}

// heldAs is a format whose options say what a row is made of.
type heldAs struct {
	lines
	options heldOptions
}

type heldOptions struct {
	Details     bool `option:"details" doc:"x"`
	LastOnly    bool `option:"last_only" doc:"x"`
	Preferences bool `option:"preferences" doc:"x"`
	Judgements  bool `option:"judgements" doc:"x"`
}

func (h heldAs) Holds() sdk.Holds {
	o := h.options
	return sdk.Holds{Tools: true, Details: o.Details, LastOnly: o.LastOnly, Preferences: o.Preferences, Judgements: o.Judgements}
}

func TestAFormatHasRowsOfOneKind(t *testing.T) {
	step := sdk.NewFormat("held", "Holds what it is told.", sdk.Holds{}, func(_ sdk.Setup, o heldOptions) (sdk.Format, error) { return heldAs{options: o}, nil })
	client := sdktest.Connect(t, sdk.Plugin{Name: "held", Version: "1.0.0", Doc: "x", Steps: []sdk.Step{step}})
	for options, want := range map[string]string{
		`{}`:                                     "",
		`{"details":true}`:                       "",
		`{"last_only":true}`:                     "",
		`{"preferences":true}`:                   "",
		`{"judgements":true}`:                    "",
		`{"details":true,"last_only":true}`:      "details and last_only",
		`{"details":true,"preferences":true}`:    "details and preferences",
		`{"details":true,"judgements":true}`:     "details and judgements",
		`{"last_only":true,"preferences":true}`:  "last_only and preferences",
		`{"preferences":true,"judgements":true}`: "preferences and judgements",
	} {
		_, err := client.Open(t.Context(), step, sdk.Setup{Block: "output.held.x"}, []byte(options))
		if want == "" {
			require.NoError(t, err, options)
			continue
		}
		require.ErrorIs(t, err, sdk.ErrUnusable, options)
		require.ErrorContains(t, err, "configure output.held.x: the format says that it holds "+want+": only one of these makes sense")
	}
	fixed := sdk.NewFormat("fixed", "Says it at once.", sdk.Holds{Preferences: true, Judgements: true}, func(sdk.Setup, struct{}) (sdk.Format, error) { return &reusing{}, nil })
	err := sdk.Plugin{Name: "fixed", Version: "1.0.0", Doc: "x", Steps: []sdk.Step{fixed}}.Validate()
	require.EqualError(t, err, `step "output.fixed": the format says that it holds preferences and judgements: only one of these makes sense`)
}

// framedAs is a format with a given framing.
type framedAs struct {
	reusing
	framing sdk.Framing
}

func (f *framedAs) Framing() sdk.Framing { return f.framing }

func TestAFormatHasAFraming(t *testing.T) {
	for framing, want := range map[sdk.Framing]string{
		sdk.FramingRows:  "",
		sdk.FramingBytes: "",
		"":               `the format does not say its framing, which must be "rows" or "bytes"`,
		"lines":          `the format's framing is "lines", which is neither "rows" nor "bytes"`,
	} {
		step := sdk.NewFormat("framed", "Frames.", sdk.Holds{}, func(sdk.Setup, struct{}) (sdk.Format, error) { return &framedAs{framing: framing}, nil })
		client := sdktest.Connect(t, sdk.Plugin{Name: "framed", Version: "1", Doc: "x", Steps: []sdk.Step{step}})
		_, err := client.Open(t.Context(), step, sdk.Setup{Block: "output.framed.x"}, nil)
		if want == "" {
			require.NoError(t, err)
			continue
		}
		require.ErrorIs(t, err, sdk.ErrUnusable)
		require.EqualError(t, err, "it cannot be used: configure output.framed.x: "+want)
		require.NotImplements(t, (*interface{ Unwrap() []error })(nil), err, "it is one fault")
	}
}

func TestValidateFindsEveryMistake(t *testing.T) {
	bad := sdk.Plugin{Name: "Bad", Steps: []sdk.Step{
		{Kind: sdk.KindFilter, Type: "x", Options: []sdk.Option{{Name: "plugin", Type: sdk.OptionInt, Default: "one"}}},
	}}
	err := bad.Validate()
	for _, want := range []string{"plugin name", "lacks a version", "lacks a doc", "New function", "reserved for the host", "bad default"} {
		require.ErrorContains(t, err, want)
	}
}

func TestValidateFindsEveryMistakeInTags(t *testing.T) {
	type options struct {
		hidden  string                   `option:"hidden" doc:"x"`
		Channel chan int                 `option:"channel" doc:"x"`
		Typo    string                   `option:"typo,requird" doc:"x"`
		Both    string                   `option:"both,required" doc:"x" default:"y"`
		Least   int                      `option:"least" doc:"x" min:"one"`
		Rules   []struct{ inner string } `option:"rule" doc:"x"`
		Blocks  []struct {
			inner string `option:"inner,secret" doc:"x"`
		} `option:"block" doc:"x"`
		OneOf    string `option:"oneof" doc:"x" oneof:"a,b" required:"true"`
		Bounds   string `option:"bounds" doc:"x" min:"2"`
		Words    int    `option:"words" doc:"x" one_of:"1,2"`
		Flag     bool   `option:"flag" doc:"x" default:"1"`
		Whole    int    `option:"whole" doc:"x" default:"1e3"`
		Nameless string `doc:"x"`
		Other    string `json:"other"`
		embedded
	}
	open := func(_ sdk.Setup, o options) (sdk.Filter, error) { return suffix{o.hidden}, nil }
	bad := sdk.Plugin{Name: "bad", Version: "1", Doc: "x", Steps: []sdk.Step{sdk.NewFilter("x", "Is bad.", open)}}
	err := bad.Validate()
	for _, want := range []string{
		`option "hidden", field hidden of sdk_test.options cannot be set: begin its name with a capital letter`,
		`option "channel", field Channel of sdk_test.options has the type chan int, which an option cannot have`,
		`option "typo", field Typo of sdk_test.options has the word "requird" in its tag, which is neither required nor secret`,
		`step "filter.x", option "both" is required, so its default is never used`,
		`option "least", field Least of sdk_test.options has a tag min:"one", which is not a number`,
		`option "inner", field inner of struct {`,
		`option "oneof", field OneOf of sdk_test.options has the key "oneof" in its tag, which is not one of option, doc, default, one_of, min, max, deprecated`,
		`option "oneof", field OneOf of sdk_test.options has the key "required" in its tag`,
		`option "bounds", field Bounds of sdk_test.options has a tag min:"2", but only an int or float64 can have bounds`,
		`option "words", field Words of sdk_test.options has a tag one_of:"1,2", but only a string or []string can have one`,
		`step "filter.x", option "flag" has a bad default: true or false is needed`,
		`step "filter.x", option "whole" has a bad default: a whole number is needed, not 1e3`,
		`step "filter.x": field Nameless of sdk_test.options has a tag without a name: begin it with option:"name"`,
		`field embedded of sdk_test.options is embedded, so its fields are not options: write them out`,
	} {
		require.ErrorContains(t, err, want)
	}
	for fault := range strings.SplitSeq(err.Error(), "\n") {
		require.True(t, strings.HasPrefix(fault, `step "filter.x"`), fault)
	}
	require.Equal(t, 1, strings.Count(err.Error(), `option "channel"`), "a mistake is told once")
	require.NotContains(t, err.Error(), `option "rule"`)
	require.NotContains(t, err.Error(), "Other")
}

type embedded struct {
	Inner string `option:"inner" doc:"x"`
}

func TestValidateRefusesOptionsThatAreNoStruct(t *testing.T) {
	step := sdk.NewFilter("x", "Is bad.", func(sdk.Setup, *embedded) (sdk.Filter, error) { return suffix{}, nil })
	bad := sdk.Plugin{Name: "bad", Version: "1", Doc: "x", Steps: []sdk.Step{step}}
	require.ErrorContains(t, bad.Validate(), `step "filter.x": its options are a *sdk_test.embedded: give a struct, not a pointer to one`)
	_, err := step.Open(sdk.Setup{}, "{}")
	require.ErrorContains(t, err, "give a struct, not a pointer to one")
}

func TestAnOversizeExampleIsRejectedWithItsCause(t *testing.T) {
	folder := t.TempDir()
	content := strings.Repeat("x", 33<<20) + "\nshort\n"
	require.NoError(t, os.WriteFile(filepath.Join(folder, "a.txt"), []byte(content), 0o644))
	reading := sdktest.Read(t, plugin, "echo", sdk.Setup{Paths: []string{folder}}, "{}")
	require.Len(t, reading.Examples, 1)
	require.Equal(t, []sdk.Reject{{File: "a.txt", Cause: "the example is 33 MiB; the limit is 32 MiB"}}, reading.Rejects)
	require.Equal(t, 1, reading.Tally.Rejected)
}

func TestSelection(t *testing.T) {
	call := func(id, server, tool string) sdk.Call {
		return sdk.Call{ID: id, Server: server, Tool: tool, Arguments: json.RawMessage(`{}`)}
	}
	turn := func() *sdk.Example {
		return &sdk.Example{Type: sdk.TypeMultiStep, TaskType: "multi_step", Messages: []sdk.Message{
			{Role: sdk.RoleUser, Text: "go"},
			{Role: sdk.RoleAssistant, Text: "I look.", Calls: []sdk.Call{call("1", "", "Read")}},
			{Role: sdk.RoleTool, CallID: "1", Text: "x"},
			{Role: sdk.RoleAssistant, Calls: []sdk.Call{call("2", "game", "send_command"), call("3", "", "Bash")}},
			{Role: sdk.RoleTool, CallID: "2", Text: "sent"}, {Role: sdk.RoleTool, CallID: "3", Text: "y"},
			{Role: sdk.RoleAssistant, Text: "Done."},
		}}
	}
	for _, globs := range [][]string{{"mcp__game__*"}, {"send_*"}, {"mcp__*__send_command"}} {
		selection, err := sdk.NewSelection(globs, "")
		require.NoError(t, err)
		e := turn()
		require.True(t, selection.Apply(e), globs)
		require.Len(t, e.Messages, 4)
		require.Equal(t, "I look.", e.Messages[1].Text, "neighbours of one role merge")
		require.Equal(t, "send_command", e.Messages[1].Calls[0].Tool)
		require.Equal(t, map[string]int{"calls": 2, "results": 2}, e.Provenance.Removed)
		require.Equal(t, sdk.TypeDirectExecution, e.Type)
		require.Equal(t, "simple_command", e.TaskType)
	}
	look, err := sdk.NewSelection([]string{"get_*"}, "")
	require.NoError(t, err)
	phased := func(server, tool string, phase sdk.Phase) sdk.Call {
		return sdk.Call{ID: tool, Server: server, Tool: tool, Phase: phase, Arguments: json.RawMessage(`{}`)}
	}
	acts, looks := phased("game", "send_command", sdk.PhaseAct), phased("game", "get_state", sdk.PhaseVerify)
	verified := &sdk.Example{Messages: []sdk.Message{{Role: sdk.RoleUser, Text: "go"}, {Role: sdk.RoleAssistant, Calls: []sdk.Call{acts, looks}}}}
	require.True(t, look.Apply(verified))
	require.Equal(t, sdk.PhaseObserve, verified.Messages[1].Calls[0].Phase, "what it verified has left")
	whole, err := sdk.NewSelection([]string{"send_command"}, "turn")
	require.NoError(t, err)
	e := turn()
	require.True(t, whole.Apply(e))
	require.Len(t, e.Messages, 7)
	none, err := sdk.NewSelection([]string{"mcp__other__*"}, "")
	require.NoError(t, err)
	require.False(t, none.Apply(turn()))
}

func TestASelectionThatCannotBeMeant(t *testing.T) {
	everything, err := sdk.NewSelection(nil, "")
	require.NoError(t, err)
	require.Nil(t, everything)
	for _, test := range []struct {
		tools  []string
		keep   string
		option string
		want   string
	}{
		{[]string{"x"}, "half", "keep", `"half" is neither "calls" nor "turn"`},
		{[]string{}, "", "tools", "the list is empty, so no call would be chosen"},
		{[]string{"x", ""}, "", "tools", `"" matches no tool`},
		{[]string{"mcp__game__[ab]*"}, "", "tools", `"mcp__game__[ab]*" matches no tool: a glob is a name in which * stands for any text`},
		{[]string{"{a,b}"}, "", "tools", `"{a,b}" matches no tool`},
		{[]string{`mcp__\w+`}, "", "tools", "matches no tool"},
	} {
		_, err := sdk.NewSelection(test.tools, test.keep)
		var problem *sdk.OptionError
		require.ErrorAs(t, err, &problem)
		require.Equal(t, test.option, problem.Option)
		require.Contains(t, problem.Reason, test.want)
	}
	_, err = sdk.NewSelection([]string{"[", "x", "]"}, "half")
	require.Len(t, err.(interface{ Unwrap() []error }).Unwrap(), 3, "all are told")
}

func TestTheRequestOfABranchMayBeMasked(t *testing.T) {
	e := &sdk.Example{Messages: []sdk.Message{{Role: sdk.RoleUser, Text: "news", Masked: true}, {Role: sdk.RoleAssistant, Text: "well"}}}
	require.Empty(t, e.UserMessage(), "nobody asked")
	e.Labels = []string{sdk.LabelBranch}
	require.Equal(t, "news", e.UserMessage(), "another example has it")
}

func TestPhasesFollowTheTools(t *testing.T) {
	for tool, looks := range map[string]bool{
		"get_game_state": true, "getState": true, "query-nearby": true, "server_status": true, "Read": true, "check_health": true, "WebSearch": true, "BashOutput": true, "set_status": false, "clear_output": false,
		"find_and_click_widget": false, "list-and-search": true, "getAndSetState": false, "find_and": true, "send_and_await": false,
		"send_command": false, "Bash": false, "start_client": false, "gettysburg": false, "": false,
	} {
		require.Equal(t, looks, sdk.Observes(tool), tool)
	}
}

func TestAFileThatCannotBeReadIsOneRejectedRecord(t *testing.T) {
	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "a.txt"), []byte("one\ntwo\n"), 0o644))
	require.NoError(t, os.Symlink("nowhere", filepath.Join(folder, "b.txt")))
	reading := sdktest.Read(t, plugin, "echo", sdk.Setup{Paths: []string{folder}}, "{}")
	require.Len(t, reading.Examples, 2, "what was read before stays")
	require.Len(t, reading.Rejects, 1)
	require.Equal(t, "b.txt", reading.Rejects[0].File)
	require.Equal(t, 3, reading.Tally.Read, "a source that never counts is taken to have met what it accounts for")
}

// unfit is a filter with invalid verdicts.
type unfit struct{}

func (unfit) Apply(_ context.Context, e *sdk.Example) (sdk.Verdict, error) {
	score := 1.5
	switch e.UserMessage() {
	case "annotate":
		return sdk.Annotate(sdk.Annotation{Quality: &score}), nil
	case "drop":
		verdict := sdk.Drop("no good", "")
		verdict.Annotation.Quality = &score
		return verdict, nil
	}
	if verdict, ok := map[string]sdk.Verdict{
		"vanish": sdk.Replace(), "nobody": sdk.Replace(nil), "zero": {}, "silent": sdk.Drop("", "x"),
		"both":  {Action: sdk.ActionKeep, Annotation: sdk.Annotation{Labels: []string{"seen"}}},
		"twice": {Action: sdk.ActionReplace, Examples: []*sdk.Example{e}, Annotation: sdk.Annotation{Quality: &score}},
		"why":   {Action: sdk.ActionKeep, Reason: "good"},
		"found": {Action: sdk.ActionKeep, Found: []sdk.Found{{Kind: "secret", Place: "result", Count: 1}}},
		"kept":  {Action: sdk.ActionKeep, Examples: []*sdk.Example{e}},
		"noted": {Action: sdk.ActionAnnotate, Examples: []*sdk.Example{e}, Annotation: sdk.Annotation{Labels: []string{"seen"}}},
		"gone":  {Action: sdk.ActionDrop, Reason: "bad", Examples: []*sdk.Example{e}},
		"tags":  {Action: sdk.ActionDrop, Reason: "bad", Annotation: sdk.Annotation{Tags: []string{"seen"}}},
		"split": {Action: sdk.ActionDrop, Reason: "bad", Annotation: sdk.Annotation{Split: "eval"}},
		"blank": {Action: sdk.ActionAnnotate},
	}[e.UserMessage()]; ok {
		return verdict, nil
	}
	e.Messages[0].Role = "human"
	return sdk.Replace(e), nil
}

func TestWhatAFilterMakesHasToHold(t *testing.T) {
	filter := sdk.NewFilter("unfit", "Goes wrong.", func(sdk.Setup, struct{}) (sdk.Filter, error) { return unfit{}, nil })
	client := sdktest.Connect(t, sdk.Plugin{Name: "unfit", Version: "1", Doc: "Goes wrong.", Steps: []sdk.Step{filter}})
	for text, want := range map[string]string{
		"annotate": "example annotate: a filter gave it an invalid annotation: the quality 1.5 is not between 0 and 1",
		"drop":     "example drop: a filter gave it an invalid annotation: the quality 1.5 is not between 0 and 1",
		"replace": `example replace: a filter replaced it with an invalid example: ` +
			`a message has the role "human", which is not system, user, assistant or tool`,
		"vanish": "example vanish: a filter replaced it with nothing: drop it, with a reason",
		"nobody": "example nobody: a filter replaced it with an example that is nil",
		"zero":   `example zero: a filter answered with the action "": answer with sdk.Keep, Drop, Annotate or Replace`,
		"silent": `example silent: a filter dropped it without a reason: give one, such as "too short"`,
		"twice":  "example twice: a filter replaced it and annotated it at once: put the annotation into the examples that replace it",
		"both":   "example both: a filter kept it and annotated it at once: answer with sdk.Annotate",
		"why":    "example why: a filter kept it and gave a reason, evidence or what it found, which nobody would see: answer with sdk.Keep alone",
		"found":  "example found: a filter kept it and gave a reason, evidence or what it found",
		"kept":   "example kept: a filter gave examples to replace it but answered keep: answer with sdk.Replace",
		"noted":  "example noted: a filter gave examples to replace it but answered annotate: answer with sdk.Replace",
		"gone":   "example gone: a filter gave examples to replace it but answered drop: answer with sdk.Replace",
		"tags":   "example tags: a filter dropped it and annotated it at once: a dropped example can only be given a quality score",
		"split":  "example split: a filter dropped it and annotated it at once",
		"blank":  "example blank: a filter annotated it with nothing: answer with sdk.Keep",
	} {
		_, err := conformance.Apply(t.Context(), client, "unfit", sdk.Setup{}, `{}`, []*sdk.Example{question(text)})
		require.ErrorContains(t, err, want)
	}
}

func TestToAddNothingIsToKeep(t *testing.T) {
	require.Equal(t, sdk.Keep(), sdk.Annotate(sdk.Annotation{Tags: []string{}}))
}

// mirror replaces every example with itself.
type mirror struct{}

func (mirror) Apply(_ context.Context, e *sdk.Example) (sdk.Verdict, error) {
	return sdk.Replace(e), nil
}

func TestAFilterThatReplacesEverythingConforms(t *testing.T) {
	filter := sdk.NewFilter("mirror", "Replaces.", func(sdk.Setup, struct{}) (sdk.Filter, error) { return mirror{}, nil })
	sdktest.Conformance(t, sdk.Plugin{Name: "mirror", Version: "1", Doc: "Replaces.", Steps: []sdk.Step{filter}}, nil)
}

// splitter replaces examples as their requests say.
type splitter struct{}

func (splitter) Apply(_ context.Context, e *sdk.Example) (sdk.Verdict, error) {
	switch e.UserMessage() {
	case "fresh":
		return sdk.Replace(&sdk.Example{Messages: e.Messages}), nil
	case "same":
		return sdk.Replace(e, e), nil
	case "untyped":
		e.Type = ""
		return sdk.Replace(e), nil
	case "renamed":
		other := *e
		other.ID = "other"
		return sdk.Replace(&other), nil
	case "secretive":
		other := *e
		other.ID, other.SourceFile, other.Provenance.File, other.Provenance.Session = "", "", "", ""
		return sdk.Replace(&other), nil
	}
	return sdk.Keep(), nil
}

func TestWhatReplacesAnExampleHasAnIDAndAPlaceItComesFrom(t *testing.T) {
	filter := sdk.NewFilter("splitter", "Splits.", func(sdk.Setup, struct{}) (sdk.Filter, error) { return splitter{}, nil })
	splits := sdk.Plugin{Name: "splitter", Version: "1", Doc: "Splits.", Steps: []sdk.Step{filter}}
	for request, want := range map[string]int{"fresh": 1, "same": 2, "untyped": 1, "renamed": 1, "secretive": 1} {
		e := question(request)
		e.Type, e.Source, e.SourceFile = sdk.TypeDirectExecution, "chat", "a.txt"
		e.Provenance = sdk.Provenance{Plugin: "chat", Unit: "u", File: "a.txt", FirstLine: 3, Session: "s", Records: 2}
		made := sdktest.Apply(t, splits, "splitter", sdk.Setup{}, `{}`, e)[0].Examples
		require.Len(t, made, want, request)
		ids := map[string]bool{}
		for _, m := range made {
			require.NotEmpty(t, m.ID, request)
			require.NotEqual(t, m.ID, m.Provenance.Parent, request)
			require.True(t, m.ID == e.ID || m.Provenance.Parent == e.ID, request)
			require.Equal(t, "chat", m.Source, request)
			require.Equal(t, sdk.TypeDirectExecution, m.Type, request)
			require.Equal(t, 2, m.Provenance.Records, request)
			ids[m.ID] = true
			if request == "secretive" {
				require.Empty(t, m.SourceFile+m.Provenance.File+m.Provenance.Session, "what a filter took out of a copy stays out")
				continue
			}
			require.Equal(t, "a.txt", m.SourceFile, request)
			require.Equal(t, 3, m.Provenance.FirstLine, request)
		}
		require.Len(t, ids, want, request)
	}
}

func TestAStepThatIsNilIsNotOpened(t *testing.T) {
	step := sdk.NewFilter("none", "Is none.", func(sdk.Setup, struct{}) (sdk.Filter, error) { return nil, nil })
	client := sdktest.Connect(t, sdk.Plugin{Name: "none", Version: "1", Doc: "Offers nothing.", Steps: []sdk.Step{step}})
	_, err := client.Open(t.Context(), step, sdk.Setup{}, []byte("{}"))
	require.ErrorContains(t, err, "the function that opens it returned neither a step nor an error")
}
