package shape

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
)

// runs is a message that runs one command, and its result.
func runs(id, command string, failed bool) []sdk.Message {
	return []sdk.Message{
		{Role: sdk.RoleAssistant, Text: "Trying " + id, Thinking: "hm", Calls: []sdk.Call{{ID: id, Tool: "run", Arguments: []byte(`{"command":"` + command + `"}`)}}},
		{Role: sdk.RoleTool, CallID: id, Text: "result", IsError: failed},
	}
}

// bash is runs for a shell.
func bash(id, command string, failed bool) []sdk.Message {
	messages := runs(id, command, failed)
	messages[0].Calls[0].Tool = "Bash"
	return messages
}

func conversation(parts ...[]sdk.Message) *sdk.Example {
	e := &sdk.Example{ID: "1"}
	for _, part := range parts {
		e.Messages = append(e.Messages, part...)
	}
	return e
}

func one(m sdk.Message) []sdk.Message { return []sdk.Message{m} }

var (
	pairsOnly  = sdk.Holds{Tools: true, Results: true, ParallelCalls: true, Turns: true, Preferences: true}
	judgedOnly = sdk.Holds{Tools: true, Results: true, ParallelCalls: true, Turns: true, Judgements: true}
)

func TestPairsOfAFailedCallAndItsCorrection(t *testing.T) {
	e := conversation(one(user("list the logs")), runs("1", "ls logs", false), runs("2", "cat logs oak.txt", true),
		runs("3", "cat logs/oak.txt", false), one(says("done")))
	shaped := New(Options{}, pairsOnly, nil, nil).Shape(e, nil)
	require.Empty(t, shaped.Refused)
	require.Len(t, shaped.Parts, 1)
	pair := shaped.Parts[0].Example
	require.Equal(t, []string{"user", "assistant+1", "tool:1", "assistant+3"}, outline(pair.Messages))
	require.Equal(t, "2", pair.Rejected.Calls[0].ID)
	require.Empty(t, pair.Rejected.Text+pair.Messages[3].Text, "what is said beside them speaks of the failure")
}

func TestAQuestionNeedsSomethingToBeAbout(t *testing.T) {
	for _, e := range []sdk.Example{
		{Correction: &sdk.CodeCorrection{BadCode: "walk()", GoodCode: "walk(to)"}},
		{Negative: &sdk.AntiPattern{Pattern: "Don't walk"}},
	} {
		e.Context = "Paths"
		about := e
		require.NotEmpty(t, New(Options{}, judgedOnly, nil, nil).Shape(&about, nil).Parts)
		require.Equal(t, []string{aboutNothing}, New(Options{Context: Strip}, judgedOnly, nil, nil).Shape(&e, nil).Refused)
	}
}

func TestPairsOfCommandLines(t *testing.T) {
	e := conversation(one(user("list")), bash("1", "cat logs oak.txt | head", true), bash("2", "cat logs/oak.txt | head", false), one(says("done")))
	require.Len(t, New(Options{}, pairsOnly, nil, nil).Shape(e, nil).Parts, 1)
}

func TestWhatIsNoPair(t *testing.T) {
	for name, e := range map[string]*sdk.Example{
		"nothing fails":               conversation(one(user("a")), runs("1", "ls logs", false), runs("2", "ls logs2", false), one(says("done"))),
		"the same again":              conversation(one(user("a")), runs("1", "ls logs", true), runs("2", "ls logs", false), one(says("done"))),
		"something else is done":      conversation(one(user("a")), runs("1", "ls logs", true), runs("2", "git status", false), one(says("done"))),
		"the correction fails too":    conversation(one(user("a")), runs("1", "ls logs", true), runs("2", "ls logs2", true), one(says("done"))),
		"the user speaks in between":  conversation(one(user("a")), runs("1", "ls logs", true), one(user("no")), runs("2", "ls logs2", false), one(says("done"))),
		"another program is run":      conversation(one(user("a")), bash("1", "/tmp/cli enabl", true), bash("2", "rm /tmp/cli", false), one(says("done"))),
		"another thing is looked for": conversation(one(user("a")), bash("1", "find src -name useTodos", true), bash("2", "find lib -name Filter", false), one(says("done"))),
		"a check says what to do":     conversation(one(user("a")), bash("1", "ruff format --check", true), bash("2", "ruff format", false), one(says("done"))),
		"what is only shown": func() *sdk.Example {
			e := conversation(one(user("a")), runs("1", "ls logs", true), runs("2", "ls logs2", false), one(says("done")))
			e.Messages[1].Masked = true
			return e
		}(),
		"what not to do": {Negative: &sdk.AntiPattern{Pattern: "Don't run"}},
	} {
		shaped := New(Options{}, pairsOnly, nil, nil).Shape(e, nil)
		require.Equal(t, []string{"it has no worse answer beside a better one"}, shaped.Refused, name)
	}
}

func TestGoodAndBadCode(t *testing.T) {
	correction := func() *sdk.Example {
		return &sdk.Example{Context: "Doors", Correction: &sdk.CodeCorrection{Language: "go", BadCode: "bad()", GoodCode: "good()", GoodReason: "It waits."}}
	}
	pair := New(Options{}, pairsOnly, nil, nil).Shape(correction(), nil).Parts[0].Example
	require.Equal(t, "Doors\n\nHow is this done right?", pair.Messages[0].Text)
	require.Equal(t, "It waits.\n\n```go\ngood()\n```", pair.Messages[1].Text)
	require.Equal(t, "```go\nbad()\n```", pair.Rejected.Text)
	judged := New(Options{}, judgedOnly, nil, nil).Shape(correction(), nil)
	require.Equal(t, []bool{true, false}, verdicts(judged))
}

func verdicts(shaped Shaped) []bool {
	var good []bool
	for _, part := range shaped.Parts {
		good = append(good, *part.Example.Good)
	}
	return good
}

func TestJudgements(t *testing.T) {
	for name, test := range map[string]struct {
		in   *sdk.Example
		good []bool
		last string // what the last part ends with
	}{
		"a conversation in which nothing fails": {conversation(one(user("a")), runs("1", "ls", false), one(says("done"))), []bool{true}, "done"},
		"a failure and its correction": {
			conversation(one(user("a")), runs("1", "ls logs", true), runs("2", "ls logs2", false), one(says("done"))), []bool{false, true}, ""},
		"what not to do": {&sdk.Example{Context: "Ovens", Negative: &sdk.AntiPattern{Pattern: "Don't cook far away"}}, []bool{false}, "Cook far away"},
		"a chain":        {&sdk.Example{Chain: &sdk.ReasoningChain{Problem: "p", RootCause: "c"}}, []bool{true}, "Root cause: c"},
	} {
		t.Run(name, func(t *testing.T) {
			shaped := New(Options{}, judgedOnly, nil, nil).Shape(test.in, nil)
			require.Empty(t, shaped.Refused)
			require.Equal(t, test.good, verdicts(shaped))
			messages := shaped.Parts[len(shaped.Parts)-1].Example.Messages
			require.Equal(t, test.last, messages[len(messages)-1].Text)
			require.Equal(t, sdk.RoleUser, messages[0].Role)
		})
	}
	for name, e := range map[string]*sdk.Example{
		"a failure that nobody corrects": conversation(one(user("a")), runs("1", "ls logs", true), one(says("it fails"))),
		"an unfinished one":              {Labels: []string{sdk.LabelUnfinished}, Messages: []sdk.Message{user("a"), says("b")}},
	} {
		require.Equal(t, []string{"nothing says whether it is good"}, New(Options{}, judgedOnly, nil, nil).Shape(e, nil).Refused, name)
	}
}

func TestABlankPatternIsNoAnswer(t *testing.T) {
	e := &sdk.Example{Context: "Ovens", Negative: &sdk.AntiPattern{Pattern: " \n"}}
	require.Equal(t, Shaped{Refused: []string{untrainable}}, New(Options{}, judgedOnly, nil, nil).Shape(e, nil))
}
