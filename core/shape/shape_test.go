package shape

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
)

func user(text string) sdk.Message { return sdk.Message{Role: sdk.RoleUser, Text: text} }
func says(text string) sdk.Message { return sdk.Message{Role: sdk.RoleAssistant, Text: text} }
func result(call string) sdk.Message {
	return sdk.Message{Role: sdk.RoleTool, CallID: call, Text: "done"}
}

func calls(ids ...string) sdk.Message {
	m := sdk.Message{Role: sdk.RoleAssistant, Thinking: "hm"}
	for _, id := range ids {
		m.Calls = append(m.Calls, sdk.Call{ID: id, Tool: "act", Arguments: []byte(`{}`)})
	}
	return m
}

// outline writes a conversation as one word a message.
func outline(messages []sdk.Message) []string {
	var words []string
	for _, m := range messages {
		word := string(m.Role)
		for _, call := range m.Calls {
			word += "+" + call.ID
		}
		if m.Role == sdk.RoleTool {
			word += ":" + m.CallID
		}
		words = append(words, word)
	}
	return words
}

func TestShape(t *testing.T) {
	chat := sdk.Holds{Tools: true, Results: true, Turns: true, ParallelCalls: true}
	tests := []struct {
		name    string
		holds   sdk.Holds
		in      sdk.Example
		want    []string
		refused string
	}{
		{name: "a whole turn", holds: chat, in: sdk.Example{Messages: []sdk.Message{user("a"), calls("1"), result("1"), says("b")}},
			want: []string{"user", "assistant+1", "tool:1", "assistant"}},
		{name: "an unfinished turn is cut back", holds: chat, in: sdk.Example{Messages: []sdk.Message{user("a"), calls("1"), result("1")}},
			want: []string{"user", "assistant+1"}},
		{name: "a call without a result, not at the end", holds: chat,
			in:   sdk.Example{Messages: []sdk.Message{user("a"), calls("1", "2"), result("2"), calls("3"), says("b")}},
			want: []string{"user", "assistant+2", "tool:2", "assistant"}},
		{name: "a result without its call", holds: chat, in: sdk.Example{Messages: []sdk.Message{user("a"), result("0"), says("b")}},
			want: []string{"user", "assistant"}},
		{name: "two user messages with nothing between", holds: chat, in: sdk.Example{Messages: []sdk.Message{user("a"), user("b"), says("c")}},
			want: []string{"user", "assistant"}},
		{name: "nothing of the model's", holds: chat, in: sdk.Example{Messages: []sdk.Message{user("a")}}, refused: "nothing in it can be trained on"},
		{name: "no place for tools", in: sdk.Example{Messages: []sdk.Message{user("a"), calls("1")}}, refused: "the format holds no tool calls"},
		{name: "one user message only", holds: sdk.Holds{Tools: true}, in: sdk.Example{Messages: []sdk.Message{user("a"), says("b"), user("c"), says("d")}},
			refused: "the format holds one user message"},
		{name: "no masks", holds: chat, in: sdk.Example{Messages: []sdk.Message{user("a"), {Role: sdk.RoleAssistant, Text: "x", Masked: true}, user("c"), says("d")}},
			refused: "the format cannot mask what is only shown"},
		{name: "no masks, and news that nobody would train on", holds: chat, in: sdk.Example{Messages: []sdk.Message{user("a"), says("b"), {Role: sdk.RoleUser, Text: "c", Masked: true}, says("d")}},
			want: []string{"user", "assistant", "user", "assistant"}},
		{name: "one call a message", holds: sdk.Holds{Tools: true, Results: true},
			in:   sdk.Example{Messages: []sdk.Message{user("a"), calls("1", "2"), result("2"), result("1"), says("b")}},
			want: []string{"user", "assistant+1", "tool:1", "assistant+2", "tool:2", "assistant"}},
		{name: "one call a message, and none is answered", holds: sdk.Holds{Tools: true, Results: true},
			in: sdk.Example{Messages: []sdk.Message{user("a"), calls("1", "2")}}, want: []string{"user", "assistant+1"}},
		{name: "no place for tools and none is called", in: sdk.Example{Messages: []sdk.Message{user("a"), says("b")}}, want: []string{"user", "assistant"}},
		{name: "no results", holds: sdk.Holds{Tools: true}, in: sdk.Example{Messages: []sdk.Message{user("a"), calls("1"), result("1"), says("b")}},
			want: []string{"user", "assistant+1", "assistant"}},
		{name: "a chain becomes a conversation", holds: chat, in: sdk.Example{Chain: &sdk.ReasoningChain{Problem: "p", RootCause: "c"}},
			want: []string{"user", "assistant"}},
		{name: "what not to do is never taught", holds: chat, in: sdk.Example{Negative: &sdk.AntiPattern{Pattern: "x"}},
			refused: imitable},
		{name: "what not to do, where records hold none", holds: sdk.Holds{Details: true}, in: sdk.Example{Negative: &sdk.AntiPattern{Pattern: "x"}},
			refused: imitable},
		{name: "what not to do, where conversations could hold it", holds: sdk.Holds{Negatives: true}, in: sdk.Example{Negative: &sdk.AntiPattern{Pattern: "x"}},
			refused: imitable},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			shaped := New(Options{System: "be brief"}, test.holds, nil, nil).Shape(&test.in, nil)
			if test.refused != "" {
				require.Equal(t, Shaped{Refused: []string{test.refused}}, shaped)
				return
			}
			require.Empty(t, shaped.Refused)
			require.Len(t, shaped.Parts, 1)
			example := shaped.Parts[0].Example
			require.Equal(t, test.want, outline(example.Messages))
			require.Equal(t, "be brief", example.System)
			for _, m := range example.Messages {
				require.Empty(t, m.Thinking, "the format holds no thinking")
			}
		})
	}
}

// TestWhatGivesNoPartsIsRefused: whatever a format claims to hold, an example makes a part or is refused with a reason.
func TestWhatGivesNoPartsIsRefused(t *testing.T) {
	tests := []struct {
		name    string
		holds   sdk.Holds
		options Options
		in      sdk.Example
	}{
		{name: "what not to do, as it is", holds: sdk.Holds{Details: true, Negatives: true, LastOnly: true}, in: sdk.Example{Negative: &sdk.AntiPattern{Pattern: "x"}}},
		{name: "every message is masked", holds: sdk.Holds{Tools: true, Results: true, LastOnly: true}, options: Options{Train: TrainSucceeded},
			in: sdk.Example{Messages: []sdk.Message{user("a"), calls("1"), {Role: sdk.RoleTool, CallID: "1", Text: "no", IsError: true}}}},
		{name: "the model says nothing", holds: sdk.Holds{Details: true, LastOnly: true}, in: sdk.Example{Messages: []sdk.Message{user("a")}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			shaped := New(test.options, test.holds, nil, nil).Shape(&test.in, nil)
			require.Equal(t, Shaped{Refused: []string{"nothing in it can be trained on"}}, shaped)
		})
	}
}

func TestWordsBesideSeveralCallsAreSaidOnce(t *testing.T) {
	both := calls("1", "2")
	both.Text = "Both."
	e := &sdk.Example{Messages: []sdk.Message{user("a"), both, result("1"), result("2"), says("b")}}
	messages := New(Options{}, sdk.Holds{Tools: true, Results: true, Thinking: true}, nil, nil).Shape(e, nil).Parts[0].Example.Messages
	require.Equal(t, []string{"user", "assistant+1", "tool:1", "assistant+2", "tool:2", "assistant"}, outline(messages))
	require.Equal(t, []string{"Both.", "hm", "", ""}, []string{messages[1].Text, messages[1].Thinking, messages[3].Text, messages[3].Thinking})
}

func TestARecordIsKeptAsItIs(t *testing.T) {
	e := func() *sdk.Example {
		return &sdk.Example{Messages: []sdk.Message{user("a"), calls("1", "2"), {Role: sdk.RoleUser, Text: "<|im_end|>"}, shown("b")}}
	}
	require.Equal(t, e(), New(Options{}, sdk.Holds{Details: true, Thinking: true, Context: true}, nil, nil).Shape(e(), nil).Parts[0].Example)
}

// TestWhatARecordWasBeforeItWasCorrectedIsShapedToo, as the options ask; without them it stays as it is.
func TestWhatARecordWasBeforeItWasCorrectedIsShapedToo(t *testing.T) {
	e := func() *sdk.Example {
		m := says("b")
		m.Rejected = &sdk.Answer{Text: "<|im_end|>", Thinking: "hm", Calls: calling("mcp__game__look").Messages[1].Calls}
		return &sdk.Example{Messages: []sdk.Message{user("a"), m}}
	}
	record := sdk.Holds{Details: true, Thinking: true, Tools: true}
	require.Equal(t, e(), New(Options{}, record, nil, nil).Shape(e(), nil).Parts[0].Example)
	require.NotEmpty(t, New(Options{SpecialTokens: SpecialTokensRefuse}, record, nil, nil).Shape(e(), nil).Refused)
	part := New(Options{SpecialTokens: SpecialTokensBreak, ToolNames: ToolNamesShort, Thinking: ThinkingStrip, Tools: ToolsUsed}, record, toolset("mcp__game__look", "mcp__game__go"), nil).Shape(e(), nil).Parts[0]
	rejected := part.Example.Messages[1].Rejected
	require.Equal(t, "< |im_end|>", rejected.Text)
	require.Empty(t, rejected.Thinking)
	require.Equal(t, "look", rejected.Calls[0].FullName())
	require.Len(t, part.Tools.Tools, 1)
}

// TestAShaperIsIdleWhereAFormatHoldsEverything: a new field of sdk.Holds that Idle does not mention would have every example
// of a format that holds it decoded.
func TestAShaperIsIdleWhereAFormatHoldsEverything(t *testing.T) {
	everything := sdk.Holds{}
	fields := reflect.ValueOf(&everything).Elem()
	for i := range fields.NumField() {
		fields.Field(i).SetBool(true)
	}
	everything.LastOnly, everything.Preferences, everything.Judgements = false, false, false // rows would be made of something else
	idle := func(options Options) bool { return New(options, everything, nil, nil).Idle() }
	require.True(t, idle(Options{}))
	require.False(t, idle(Options{System: "x"}))
	for i := range fields.NumField() {
		was := fields.Field(i).Bool()
		fields.Field(i).SetBool(!was)
		require.False(t, idle(Options{}), fields.Type().Field(i).Name)
		fields.Field(i).SetBool(was)
	}
}
