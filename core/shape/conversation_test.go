package shape

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
)

func failed(call string) sdk.Message {
	return sdk.Message{Role: sdk.RoleTool, CallID: call, Text: "no", IsError: true}
}

func shown(text string) sdk.Message {
	return sdk.Message{Role: sdk.RoleAssistant, Text: text, Masked: true}
}

func TestOrder(t *testing.T) {
	for name, test := range map[string]struct {
		in      []sdk.Message
		want    []string
		refused string
	}{
		"results stand behind their calls, in the calls' order": {
			in:   []sdk.Message{user("a"), calls("1", "2"), result("2"), user("faster"), result("1"), says("b")},
			want: []string{"user", "assistant+1+2", "tool:1", "tool:2", "user", "assistant"}},
		"messages of the model that follow each other are one": {
			in: []sdk.Message{user("a"), says("b"), calls("1"), result("1"), says("c"), says("d")}, want: []string{"user", "assistant+1", "tool:1", "assistant"}},
		"a call that failed is not the last word": {
			in: []sdk.Message{user("a"), calls("1"), result("1"), calls("2"), failed("2")}, want: []string{"user", "assistant+1"}},
		"a call that waits for its result is": {
			in: []sdk.Message{user("a"), calls("1", "2"), result("1")}, want: []string{"user", "assistant+1+2"}},
		"only a failed call":      {in: []sdk.Message{user("a"), calls("1"), failed("1")}, refused: "nothing in it can be trained on"},
		"a call that comes twice": {in: []sdk.Message{user("a"), calls("1"), result("1"), calls("1"), says("b")}, want: []string{"user", "assistant+1", "tool:1", "assistant"}},
		"what is only shown stays apart from what is trained": {
			in: []sdk.Message{user("a"), shown("b"), says("c")}, want: []string{"user", "assistant", "assistant"}},
		"a call without an id, which nothing answers": {
			in: []sdk.Message{user("a"), calls(""), user("b"), says("c")}, want: []string{"user", "assistant"}},
		"no request":                 {in: []sdk.Message{says("b")}, refused: "it begins without a request"},
		"a system message inside it": {in: []sdk.Message{user("a"), {Role: sdk.RoleSystem, Text: "s"}, says("b")}, refused: "a system message inside the conversation"},
	} {
		t.Run(name, func(t *testing.T) {
			e := &sdk.Example{Messages: test.in}
			require.Equal(t, test.refused, order(e))
			if test.refused == "" {
				require.Equal(t, test.want, outline(e.Messages))
			}
		})
	}
}

func TestALeadingSystemMessageIsThePrompt(t *testing.T) {
	e := &sdk.Example{Messages: []sdk.Message{{Role: sdk.RoleSystem, Text: "s"}, user("a"), says("b")}}
	require.Empty(t, order(e))
	require.Equal(t, "s", e.System)
	require.Equal(t, []string{"user", "assistant"}, outline(e.Messages))
	Prompt(e, "own")
	require.Equal(t, "own", e.System)
}

func TestAPromptOfThePipelineIsInPlaceOfTheExamplesOwn(t *testing.T) {
	system := func(text string) sdk.Message { return sdk.Message{Role: sdk.RoleSystem, Text: text} }
	for name, test := range map[string]struct {
		in      sdk.Example
		refused string
	}{
		"a field":                  {in: sdk.Example{System: "s", Messages: []sdk.Message{user("a"), says("b")}}},
		"a message":                {in: sdk.Example{Messages: []sdk.Message{system("s"), user("a"), says("b")}}},
		"both say the same":        {in: sdk.Example{Messages: []sdk.Message{system("s"), system("s"), system(" "), user("a"), says("b")}}},
		"a second message":         {in: sdk.Example{Messages: []sdk.Message{system("s"), system("t"), user("a"), says("b")}}, refused: systemInside},
		"a message behind a field": {in: sdk.Example{System: "s", Messages: []sdk.Message{system("t"), user("a"), says("b")}}, refused: systemInside},
	} {
		t.Run(name, func(t *testing.T) {
			own, other := test.in, test.in
			require.Equal(t, test.refused, order(&own))
			require.Equal(t, "s", own.System)
			shaped := New(Options{System: "other"}, sdk.Holds{Turns: true}, nil, nil).Shape(&other, nil)
			if test.refused != "" {
				require.Equal(t, []string{test.refused}, shaped.Refused)
				return
			}
			require.Equal(t, "other", shaped.Parts[0].Example.System)
			require.Equal(t, []string{"user", "assistant"}, outline(shaped.Parts[0].Example.Messages))
		})
	}
	two := &sdk.Example{System: "s", Messages: []sdk.Message{system("t"), user("a"), says("b")}}
	require.Equal(t, []string{systemInside}, New(Options{}, pairsOnly, nil, nil).Shape(two, nil).Refused)
}

func TestTheFirstAnswerToACallCounts(t *testing.T) {
	again := result("1")
	again.Text = "done again"
	e := &sdk.Example{Messages: []sdk.Message{user("a"), calls("1"), result("1"), again, says("b")}}
	require.Empty(t, order(e))
	require.Equal(t, "done", e.Messages[2].Text)
}

func TestMessagesThatBecomeOneKeepTheirWords(t *testing.T) {
	news := user("b")
	news.Masked = true
	e := &sdk.Example{Messages: []sdk.Message{news, user("a"), {Role: sdk.RoleAssistant, Text: "c", Thinking: "x"}, calls("1"), result("1"), says("d"), says("e")}}
	require.Empty(t, order(e))
	require.Equal(t, []sdk.Message{
		user("b\n\na"), // a request, since one of the two is
		{Role: sdk.RoleAssistant, Text: "c", Thinking: "x\n\nhm", Calls: calls("1").Calls}, result("1"), says("d\n\ne"),
	}, e.Messages)
	e = &sdk.Example{Messages: []sdk.Message{user("a"), says("b"), news, news, says("c")}}
	require.Empty(t, order(e))
	require.True(t, e.Messages[2].Masked, "news and news are no request")
}

func TestAThoughtStaysBeforeWhatItLedTo(t *testing.T) {
	e := &sdk.Example{Messages: []sdk.Message{user("a"), {Role: sdk.RoleAssistant, Thinking: "first"}, calls("1"), result("1"), says("b")}}
	require.Empty(t, order(e))
	require.Equal(t, "first\n\nhm", e.Messages[1].Thinking)
	require.Empty(t, e.Messages[3].Thinking)
	e = &sdk.Example{Messages: []sdk.Message{user("a"), {Role: sdk.RoleAssistant, Thinking: "first"}, user("b"), says("c")}}
	require.Empty(t, order(e))
	require.Empty(t, e.Messages[1].Thinking, "somebody else spoke in between")
}

func TestASummaryIsWhatTheModelWentOnFrom(t *testing.T) {
	e := func() *sdk.Example { return &sdk.Example{Context: "So far: oak.", Messages: []sdk.Message{says("b")}} }
	shaped := New(Options{}, chat, nil, nil).Shape(e(), nil)
	require.Equal(t, []sdk.Message{user("So far: oak."), says("b")}, shaped.Parts[0].Example.Messages)
	require.Equal(t, []string{"it begins without a request"}, New(Options{Context: ContextStrip}, chat, nil, nil).Shape(e(), nil).Refused)
	require.Empty(t, New(Options{}, withContext(chat), nil, nil).Shape(e(), nil).Parts[0].Example.Context, "it is told once")
}

// withContext returns a format that has a place for the context, too.
func withContext(holds sdk.Holds) sdk.Holds {
	holds.Context = true
	return holds
}

func TestContext(t *testing.T) {
	example := func() *sdk.Example {
		return &sdk.Example{Context: "Doors", GameState: []byte(`{"hp": 3}`), Messages: []sdk.Message{user("open it"), says("done")}}
	}
	shaped := func(o Options, holds sdk.Holds) *sdk.Example {
		return New(o, holds, nil, nil).Shape(example(), nil).Parts[0].Example
	}
	told := shaped(Options{}, chat)
	require.Equal(t, "Doors\n\nGame state: {\"hp\": 3}\n\nopen it", told.Messages[0].Text)
	require.Empty(t, told.Context)
	require.Empty(t, told.GameState)
	apart := withContext(chat)
	require.Equal(t, "Doors", shaped(Options{}, apart).Context)
	require.Equal(t, "open it", shaped(Options{Context: ContextStrip}, chat).Messages[0].Text)
	require.Empty(t, shaped(Options{Context: ContextStrip}, apart).Context)
	for said, e := range map[string]*sdk.Example{
		"open the Doors":  {Context: "Doors", Messages: []sdk.Message{user("open the Doors"), says("done")}},
		"no state at all": {GameState: []byte(` null`), Messages: []sdk.Message{user("no state at all"), says("done")}},
	} {
		for _, holds := range []sdk.Holds{apart, chat} {
			made := New(Options{}, holds, nil, nil).Shape(e, nil).Parts[0].Example
			require.Equal(t, said, made.Messages[0].Text)
			require.Empty(t, made.GameState)
		}
	}
}

// TestEveryConversationComesOutInOrder makes random conversations in which anything may be wrong.
func TestEveryConversationComesOutInOrder(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	kept := 0
	for range 20_000 {
		e := &sdk.Example{}
		for range random.IntN(9) {
			e.Messages = append(e.Messages, anyMessage(random))
		}
		if order(e) == "" {
			kept++
			inOrder(t, e.Messages)
		}
	}
	require.Greater(t, kept, 1000)
}

func anyMessage(random *rand.Rand) sdk.Message {
	text := []string{"", " \n", "words"}[random.IntN(3)]
	id := func() string { return fmt.Sprint(random.IntN(5)) }
	switch random.IntN(4) {
	case 0:
		return sdk.Message{Role: sdk.RoleTool, CallID: id(), Text: text, IsError: random.IntN(3) == 0}
	case 1:
		return sdk.Message{Role: sdk.RoleUser, Text: text}
	}
	m := sdk.Message{Role: sdk.RoleAssistant, Text: text, Masked: random.IntN(4) == 0}
	for range random.IntN(3) {
		m.Calls = append(m.Calls, sdk.Call{ID: id(), Tool: "act", Arguments: []byte(`{}`)})
	}
	return m
}

// inOrder checks what the formats rely on.
func inOrder(t *testing.T, messages []sdk.Message) {
	t.Helper()
	require.Equal(t, sdk.RoleUser, messages[0].Role)
	require.True(t, acts(messages[len(messages)-1]), "the last word is the model's")
	require.True(t, slices.ContainsFunc(messages, trainable))
	var due []string
	seen := map[string]bool{}
	for i, m := range messages {
		if m.Role == sdk.RoleTool {
			require.NotEmpty(t, due, "%v", outline(messages))
			require.Equal(t, due[0], m.CallID, "%v", outline(messages))
			due = due[1:]
			continue
		}
		require.Empty(t, due, "every call has its result: %v", outline(messages))
		if m.Role == sdk.RoleUser {
			require.NotEmpty(t, strings.TrimSpace(m.Text))
		} else {
			require.True(t, acts(m))
		}
		if i > 0 && messages[i-1].Role == m.Role {
			require.NotEqual(t, messages[i-1].Masked, m.Masked, "%v", outline(messages))
			require.Equal(t, sdk.RoleAssistant, m.Role)
		}
		for _, call := range m.Calls {
			require.False(t, seen[call.ID])
			seen[call.ID] = true
			if i < len(messages)-1 {
				due = append(due, call.ID)
			}
		}
	}
}

func TestCutUnfinished(t *testing.T) {
	user := sdk.Message{Role: sdk.RoleUser, Text: "bury bones"}
	call := sdk.Message{Role: sdk.RoleAssistant, Calls: []sdk.Call{{ID: "1", Tool: "send_command", Arguments: json.RawMessage(`{}`)}}}
	result := sdk.Message{Role: sdk.RoleTool, CallID: "1", Text: "sent"}
	answer := sdk.Message{Role: sdk.RoleAssistant, Text: "Buried."}
	blank := sdk.Message{Role: sdk.RoleAssistant, Text: " \n", Thinking: "hm"}
	shown := sdk.Message{Role: sdk.RoleAssistant, Text: "Buried.", Masked: true}
	tests := map[string]struct {
		messages []sdk.Message
		want     int // messages left
	}{
		"finished":                {[]sdk.Message{user, call, result, answer}, 4},
		"ends on a call":          {[]sdk.Message{user, call}, 2},
		"ends on a result":        {[]sdk.Message{user, call, result}, 2},
		"ends on the user":        {[]sdk.Message{user, answer, user, user}, 2},
		"ends on an empty answer": {[]sdk.Message{user, call, result, blank}, 2},
		"only asked":              {[]sdk.Message{user}, 0},
		"ends on what is shown":   {[]sdk.Message{user, call, result, shown}, 2},
		"only shown":              {[]sdk.Message{user, shown, user}, 0},
		"empty":                   {nil, 0},
	}
	for label, test := range tests {
		t.Run(label, func(t *testing.T) {
			cut := cutUnfinished(test.messages)
			require.Len(t, cut, test.want)
			require.Equal(t, test.want > 0, slices.ContainsFunc(cut, trainable))
		})
	}
}
