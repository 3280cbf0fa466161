package shape

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/core/tokens"
	"github.com/ftprep/ftprep/sdk"
)

func tokenizer(t *testing.T) *tokens.Tokenizer {
	t.Helper()
	opened, err := tokens.Open("qwen")
	require.NoError(t, err)
	return opened
}

// long returns a conversation of two turns, each with a result of some hundred tokens.
func long() *sdk.Example {
	result := func(id string) sdk.Message {
		return sdk.Message{Role: sdk.RoleTool, CallID: id, Text: strings.Repeat("oak willow maple yew ", 100)}
	}
	return &sdk.Example{Messages: []sdk.Message{
		user("first"), calls("1"), result("1"), says("one"),
		user("second"), calls("2"), result("2"), says("two"),
	}}
}

var chat = sdk.Holds{Tools: true, Results: true, Turns: true, ParallelCalls: true, Thinking: true}

func TestTooLongExamples(t *testing.T) {
	count := func(o Options) Shaped { return New(o, chat, nil, tokenizer(t)).Shape(long(), nil) }
	whole := count(Options{}).Parts[0].Tokens
	require.Greater(t, whole, 800)
	fits := count(Options{MaxTokens: whole, Overlong: OverlongCutResults})
	require.Equal(t, whole, fits.Parts[0].Tokens)
	require.Empty(t, fits.Changed)
	require.Equal(t, []string{tooLong}, count(Options{MaxTokens: whole - 1}).Refused)

	shorter := count(Options{MaxTokens: whole - 1, Overlong: OverlongCutHistory})
	require.Equal(t, []string{"history cut"}, shorter.Changed)
	require.Equal(t, []string{"user", "assistant+2", "tool:2", "assistant"}, outline(shorter.Parts[0].Example.Messages))
	require.Less(t, shorter.Parts[0].Tokens, whole-400)
	require.Len(t, count(Options{MaxTokens: shorter.Parts[0].Tokens, Overlong: OverlongCutHistory}).Parts, 1, "it has just the length that is left")
	require.Equal(t, []string{tooLong}, count(Options{MaxTokens: 200, Overlong: OverlongCutHistory}).Refused)

	cut := count(Options{MaxTokens: whole - 100, Overlong: OverlongCutResults})
	require.Equal(t, []string{"results cut"}, cut.Changed)
	messages := cut.Parts[0].Example.Messages
	require.Contains(t, messages[2].Text, " tokens left out]\n")
	require.NotContains(t, messages[6].Text, "left out", "the oldest goes first, and it is enough")
	require.LessOrEqual(t, cut.Parts[0].Tokens, whole-100)
	require.Equal(t, cut.Parts[0].Tokens, New(Options{}, chat, nil, tokenizer(t)).Shape(cut.Parts[0].Example, nil).Parts[0].Tokens)
}

func TestToolsThatAreTooLongByThemselvesAreNamed(t *testing.T) {
	declared := &sdk.Toolset{Tools: []sdk.ToolDefinition{{Name: "tool", Description: strings.Repeat("oak willow maple yew ", 200)}}}
	for _, overlong := range []Overlong{OverlongDrop, OverlongCutHistory, OverlongCutResults} {
		o := Options{Tools: ToolsAll, MaxTokens: 700, Overlong: overlong}
		require.Equal(t, []string{tooManyTools}, New(o, chat, declared, tokenizer(t)).Shape(long(), declared).Refused, overlong)
	}
}

func TestHistoryIsCutWhereSomebodyAsked(t *testing.T) {
	masks := chat
	masks.Masks = true
	cut := func(change func(*sdk.Example)) Shaped {
		e := long()
		e.Messages = append(e.Messages, user("third"), says("three"))
		change(e)
		whole := New(Options{}, masks, nil, tokenizer(t)).Shape(e, nil).Parts[0].Tokens
		return New(Options{MaxTokens: whole - 1, Overlong: OverlongCutHistory}, masks, nil, tokenizer(t)).Shape(e, nil)
	}
	first := func(s Shaped) string { return s.Parts[0].Example.Messages[0].Text }
	require.Equal(t, "second", first(cut(func(*sdk.Example) {})))
	three := append(long().Messages, user("third"), says("three"))
	two := New(Options{}, masks, nil, tokenizer(t)).Shape(&sdk.Example{Messages: three[4:]}, nil).Parts[0].Tokens
	require.Equal(t, "second", first(New(Options{MaxTokens: two, Overlong: OverlongCutHistory}, masks, nil, tokenizer(t)).Shape(&sdk.Example{Messages: three}, nil)),
		"no more goes than has to")
	require.Equal(t, "third", first(cut(func(e *sdk.Example) { e.Messages[4].Masked = true })), "news of a task is no request")
	require.Equal(t, []string{tooLong}, cut(func(e *sdk.Example) { e.Messages[4].Masked, e.Messages[8].Masked = true, true }).Refused)
	require.Equal(t, "second", first(cut(func(e *sdk.Example) {
		for i := range e.Messages[:8] {
			e.Messages[i].Masked = true
		}
	})), "earlier turns that are only shown")
}

func TestResultsThatACallQuotesAreCutLast(t *testing.T) {
	quoting := func() *sdk.Example {
		e := long()
		e.Messages[2].Text = strings.Replace(e.Messages[2].Text, "maple", "\n   12\t\tgrow(willow, maple, 7)\nmaple", 1)
		e.Messages[5].Calls[0].Arguments = []byte(`{"old":"x\n\tgrow(willow, maple, 7)\n","new":"\n"}`)
		return e
	}
	whole := New(Options{}, chat, nil, tokenizer(t)).Shape(quoting(), nil).Parts[0].Tokens
	cut := func(most int) (cut []bool) {
		shaped := New(Options{MaxTokens: most, Overlong: OverlongCutResults}, chat, nil, tokenizer(t)).Shape(quoting(), nil)
		for _, m := range shaped.Parts[0].Example.Messages {
			if m.Role == sdk.RoleTool {
				cut = append(cut, strings.Contains(m.Text, "left out"))
			}
		}
		return cut
	}
	require.Equal(t, []bool{false, true}, cut(whole-100), "the older one is quoted")
	require.Equal(t, []bool{true, true}, cut(whole-900), "it goes where that is not enough")
}

func TestWhatIsNoQuotation(t *testing.T) {
	first := strings.Repeat("oak willow maple yew ", 100) + "\n   12\t\tgrow(willow, maple, 7)\n"
	for name, test := range map[string]struct {
		arguments string
		quoted    bool
	}{
		"a line":                      {`{"old":"grow(willow, maple, 7)"}`, true},
		"a line of a list":            {`{"edits":["grow(willow, maple, 7)"]}`, true},
		"a line that begins like one": {`{"old":"grow(willow, maple, 8)"}`, false},
		"a key":                       {`{"grow(willow, maple, 7)":"x"}`, false},
		"a word":                      {`{"old":"willow"}`, false},
	} {
		e := long()
		e.Messages[2].Text = first
		e.Messages[5].Calls[0].Arguments = []byte(test.arguments)
		whole := New(Options{}, chat, nil, tokenizer(t)).Shape(e, nil).Parts[0].Tokens
		shaped := New(Options{MaxTokens: whole - 100, Overlong: OverlongCutResults}, chat, nil, tokenizer(t)).Shape(e, nil)
		require.Equal(t, test.quoted, shaped.Parts[0].Example.Messages[2].Text == first, name)
	}
}

func TestOnlyResultsAreCut(t *testing.T) {
	words := strings.Repeat("oak willow maple yew ", 100)
	e := func(result string) *sdk.Example {
		return conversation(one(user(words)), one(calls("1")), one(sdk.Message{Role: sdk.RoleTool, CallID: "1", Text: result}), one(says(words)))
	}
	within := New(Options{MaxResultTokens: 10}, chat, nil, tokenizer(t)).Shape(e("oak"), nil)
	require.Equal(t, e("oak").Messages, within.Parts[0].Example.Messages)
	within = New(Options{MaxResultTokens: math.MaxInt}, chat, nil, tokenizer(t)).Shape(e("oak"), nil)
	require.Equal(t, e("oak").Messages, within.Parts[0].Example.Messages)
	require.Empty(t, within.Changed)
	longer := strings.TrimSpace(words)
	nearly := New(Options{MaxResultTokens: tokenizer(t).Count(longer) - 8}, chat, nil, tokenizer(t)).Shape(e(longer), nil)
	require.Empty(t, nearly.Changed, "the mark of a cut would be as long as what it leaves out")
	tooLongAnyway := New(Options{MaxTokens: 500, Overlong: OverlongCutResults}, chat, nil, tokenizer(t)).Shape(e("oak"), nil)
	require.Equal(t, []string{tooLong}, tooLongAnyway.Refused)
}

// TestEverythingOfARowIsCounted: every word that is added to an example is counted, and little besides.
func TestEverythingOfARowIsCounted(t *testing.T) {
	base := func() *sdk.Example {
		return &sdk.Example{Messages: []sdk.Message{user("go"), calls("1"), result("1"), says("done")}, Toolset: &sdk.Toolset{}}
	}
	count := func(e *sdk.Example) (n int) {
		n, messages := Lengths(tokenizer(t), e)
		for _, each := range messages {
			n += each
		}
		return n
	}
	words := strings.Repeat("oak willow maple yew ", 20)
	whole, each := count(base()), tokenizer(t).Count(words)
	quoted := []byte(`{"a":"` + words + `"}`)
	for name, add := range map[string]func(*sdk.Example){
		"system":             func(e *sdk.Example) { e.System = words },
		"context":            func(e *sdk.Example) { e.Context = words },
		"state":              func(e *sdk.Example) { e.GameState = quoted },
		"words":              func(e *sdk.Example) { e.Messages[3].Text = words },
		"thinking":           func(e *sdk.Example) { e.Messages[3].Thinking = words },
		"a tool's name":      func(e *sdk.Example) { e.Messages[1].Calls[0].Tool = words },
		"arguments":          func(e *sdk.Example) { e.Messages[1].Calls[0].Arguments = quoted },
		"arguments, no JSON": func(e *sdk.Example) { e.Messages[1].Calls[0].Arguments = quoted[1:] },
		"a defined name":     func(e *sdk.Example) { e.Toolset.Tools = []sdk.ToolDefinition{{Name: words}} },
		"a description":      func(e *sdk.Example) { e.Toolset.Tools = []sdk.ToolDefinition{{Description: words}} },
		"a schema": func(e *sdk.Example) {
			e.Toolset.Tools = []sdk.ToolDefinition{{Schema: slices.Concat([]byte(`{"type":"object","properties":`), quoted, []byte(`}`))}}
		},
		"a problem":            func(e *sdk.Example) { e.Chain = &sdk.ReasoningChain{Problem: words} },
		"a cause":              func(e *sdk.Example) { e.Chain = &sdk.ReasoningChain{RootCause: words} },
		"reasoning":            func(e *sdk.Example) { e.Chain = &sdk.ReasoningChain{Reasoning: words} },
		"a solution":           func(e *sdk.Example) { e.Chain = &sdk.ReasoningChain{Solution: words} },
		"bad code":             func(e *sdk.Example) { e.Correction = &sdk.CodeCorrection{BadCode: words} },
		"why it is bad":        func(e *sdk.Example) { e.Correction = &sdk.CodeCorrection{BadReason: words} },
		"good code":            func(e *sdk.Example) { e.Correction = &sdk.CodeCorrection{GoodCode: words} },
		"why it is good":       func(e *sdk.Example) { e.Correction = &sdk.CodeCorrection{GoodReason: words} },
		"what not to do":       func(e *sdk.Example) { e.Negative = &sdk.AntiPattern{Pattern: words} },
		"why one should not":   func(e *sdk.Example) { e.Negative = &sdk.AntiPattern{Reason: words} },
		"words beside a state": func(e *sdk.Example) { e.System, e.GameState = words, []byte(`1`) },
	} {
		e := base()
		add(e)
		more := count(e) - whole
		require.GreaterOrEqual(t, more, each-1, name)
		require.LessOrEqual(t, more, each+40, name)
	}
}

// TestASchemaIsCountedAsItIsWritten: formats complete a schema that is missing or says little.
func TestASchemaIsCountedAsItIsWritten(t *testing.T) {
	around := func(schema string) int {
		n, _ := Lengths(tokenizer(t), &sdk.Example{Toolset: &sdk.Toolset{Tools: []sdk.ToolDefinition{{Name: "look", Schema: []byte(schema)}}}})
		return n
	}
	require.Equal(t, around(`{"type":"object","properties":{}}`), around(``))
	require.Equal(t, around(`{"type":"object","properties":{}}`), around(`{"type":"object"}`))
}

func TestARowIsAsLongAsWhatStandsInIt(t *testing.T) {
	e := calling("look")
	e.System = "be brief"
	part := New(Options{}, chat, toolset("look"), tokenizer(t)).Shape(e, nil).Parts[0]
	part.Example.Toolset = part.Tools
	before, messages := Lengths(tokenizer(t), part.Example)
	require.Equal(t, part.Tokens, before+messages[0]+messages[1])
}

func TestAPairIsAsLongAsTheLongerAnswer(t *testing.T) {
	length := func(bad, good string) int {
		e := &sdk.Example{Context: "Doors", Correction: &sdk.CodeCorrection{BadCode: bad, GoodCode: good}}
		return New(Options{}, pairsOnly, nil, tokenizer(t)).Shape(e, nil).Parts[0].Tokens
	}
	code := strings.Repeat("knock()\n", 50)
	require.Equal(t, length(code, "open()"), length("open()", code))
}

func TestAChainIsCountedOnce(t *testing.T) {
	chain := &sdk.Example{Chain: &sdk.ReasoningChain{Problem: strings.Repeat("oak ", 100), RootCause: "c"}}
	require.InDelta(t, 120, New(Options{}, chat, nil, tokenizer(t)).Shape(chain, nil).Parts[0].Tokens, 15)
}

func TestResultsAreCut(t *testing.T) {
	shaped := New(Options{MaxResultTokens: 30}, chat, nil, tokenizer(t)).Shape(long(), nil)
	require.Equal(t, []string{"results cut"}, shaped.Changed)
	text := shaped.Parts[0].Example.Messages[2].Text
	require.True(t, strings.HasPrefix(text, "oak willow"))
	require.True(t, strings.HasSuffix(text, "maple yew "))
	require.Regexp(t, `\n\[\d+ tokens left out\]\n`, text)
	require.Less(t, tokenizer(t).Count(text), 45)
}

func TestARowForEachMessageThatIsTrained(t *testing.T) {
	lastOnly := chat
	lastOnly.LastOnly = true
	e := long()
	e.Messages[1].Masked = true
	shaped := New(Options{}, lastOnly, nil, nil).Shape(e, nil)
	var rows [][]string
	for _, part := range shaped.Parts {
		rows = append(rows, outline(part.Example.Messages))
	}
	require.Empty(t, shaped.Refused)
	require.Equal(t, [][]string{
		{"user", "assistant+1", "tool:1", "assistant"},
		{"user", "assistant+1", "tool:1", "assistant", "user", "assistant+2"},
		{"user", "assistant+1", "tool:1", "assistant", "user", "assistant+2", "tool:2", "assistant"},
	}, rows)
}

func TestWhatIsTrained(t *testing.T) {
	masks := chat
	masks.Masks = true
	masked := func(o Options, e *sdk.Example) (all []bool) {
		for _, m := range New(o, masks, nil, nil).Shape(e, nil).Parts[0].Example.Messages {
			if m.Role == sdk.RoleAssistant {
				all = append(all, m.Masked)
			} else {
				require.False(t, m.Masked, "nobody trains on it anyway")
			}
		}
		return all
	}
	require.Equal(t, []bool{false, false, false, false}, masked(Options{}, long()))
	require.Equal(t, []bool{true, true, false, false}, masked(Options{Train: TrainLast}, long()))
	failing := long()
	failing.Messages[2].IsError = true
	require.Equal(t, []bool{true, false, false, false}, masked(Options{Train: TrainSucceeded}, failing))
	beside := conversation(one(user("both")), one(calls("1", "2")), one(sdk.Message{Role: sdk.RoleTool, CallID: "1"}), one(sdk.Message{Role: sdk.RoleTool, CallID: "2", IsError: true}), one(says("done")))
	require.Equal(t, []bool{true, false}, masked(Options{Train: TrainSucceeded}, beside), "one of two calls failed")
}

func TestThinking(t *testing.T) {
	thoughts := func(o Options) (all []string) {
		for _, m := range New(o, chat, nil, nil).Shape(long(), nil).Parts[0].Example.Messages {
			if len(m.Calls) > 0 {
				all = append(all, m.Thinking)
			}
		}
		return all
	}
	require.Equal(t, []string{"hm", "hm"}, thoughts(Options{}))
	require.Equal(t, []string{"", "hm"}, thoughts(Options{Thinking: ThinkingLast}))
	require.Equal(t, []string{"", ""}, thoughts(Options{Thinking: ThinkingStrip}))
}
