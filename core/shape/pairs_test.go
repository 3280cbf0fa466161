package shape

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
)

// runs returns a message that runs one command, and its result.
func runs(id, command string, failed bool) []sdk.Message {
	return []sdk.Message{
		{Role: sdk.RoleAssistant, Text: "Trying " + id, Thinking: "hm", Calls: []sdk.Call{{ID: id, Tool: "run", Arguments: []byte(`{"command":"` + command + `"}`)}}},
		{Role: sdk.RoleTool, CallID: id, Text: "result", IsError: failed},
	}
}

// bash is like runs, with the tool of a shell.
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

// TestPairsOfWhatWasCorrectedByHand: what the model had said is the worse answer, wherever in the conversation it stood.
func TestPairsOfWhatWasCorrectedByHand(t *testing.T) {
	corrected := func(m sdk.Message, was sdk.Answer) []sdk.Message {
		m.Rejected = &was
		return one(m)
	}
	calls := func(id, command string) []sdk.Call { return runs(id, command, false)[0].Calls }
	call, result := runs("1", "ls", false)[0], runs("1", "ls", false)[1:]
	call.Text = ""
	said := func(m *sdk.Message) string {
		text := m.Text
		for _, c := range m.Calls {
			text += string(c.Arguments)
		}
		return text
	}
	for name, test := range map[string]struct {
		e     *sdk.Example
		pairs []string // each: how many messages are before it, the better and the worse answer
	}{
		"words": {conversation(one(user("where?")), corrected(says("here"), sdk.Answer{Text: "there", Thinking: "hm"})), []string{"1 here there"}},
		"a call amid a turn": {
			conversation(one(user("look")), corrected(call, sdk.Answer{Calls: calls("2", "rm")}), result, one(says("done"))),
			[]string{`1 {"command":"ls"} {"command":"rm"}`},
		},
		"words before a call": {
			conversation(one(user("look")), corrected(says("I look."), sdk.Answer{Text: "Must I?"}), one(call), result, one(says("done"))),
			[]string{`1 I look.{"command":"ls"} Must I?{"command":"ls"}`},
		},
		"a call behind words": {
			conversation(one(user("look")), one(says("I look.")), corrected(call, sdk.Answer{Calls: calls("2", "rm")}), result),
			[]string{`1 I look.{"command":"ls"} I look.{"command":"rm"}`},
		},
		"words in the place of a call": {
			conversation(one(user("look")), corrected(says("I look."), sdk.Answer{Calls: calls("2", "rm")}), one(call), result),
			[]string{`1 I look.{"command":"ls"} {"command":"rm"}`},
		},
		"twice": {
			conversation(one(user("a")), corrected(says("b"), sdk.Answer{Text: "c"}), one(user("d")), corrected(says("e"), sdk.Answer{Text: "f"})),
			[]string{"1 b c", "3 e f"},
		},
		"to the same":            {conversation(one(user("a")), corrected(call, sdk.Answer{Calls: calls("2", "ls"), Thinking: "hm"}), result), nil},
		"in spacing":             {conversation(one(user("a")), corrected(call, sdk.Answer{Calls: []sdk.Call{{ID: "2", Tool: call.Calls[0].Tool, Arguments: []byte(`{ "command": "ls" }`)}}, Text: "\n"}), result), nil},
		"what is not trained on": {conversation(one(user("a")), corrected(shown("b"), sdk.Answer{Text: "c"}), one(user("d")), one(says("e"))), nil},
		"what nobody asked for":  {conversation(corrected(says("b"), sdk.Answer{Text: "c"})), nil},
	} {
		t.Run(name, func(t *testing.T) {
			var pairs, judgements, judged []string
			for _, part := range New(Options{}, pairsOnly, nil, nil).Shape(clone(test.e), nil).Parts {
				before := part.Example.Messages[:len(part.Example.Messages)-1]
				better := &part.Example.Messages[len(before)]
				pairs = append(pairs, fmt.Sprint(len(before), " ", said(better), " ", said(part.Example.Rejected)))
				judgements = append(judgements, said(part.Example.Rejected)+" is bad", said(better)+" is good")
				require.Empty(t, better.Thinking+part.Example.Rejected.Thinking)
			}
			require.Equal(t, test.pairs, pairs)
			for _, part := range New(Options{}, judgedOnly, nil, nil).Shape(clone(test.e), nil).Parts {
				is := map[bool]string{true: " is good", false: " is bad"}[*part.Example.Good]
				judged = append(judged, said(&part.Example.Messages[len(part.Example.Messages)-1])+is)
			}
			if test.pairs != nil { // else the end of the conversation is judged
				require.Equal(t, judgements, judged)
			}
			whole := sdk.Holds{Tools: true, Results: true, ParallelCalls: true, Turns: true, Masks: true}
			for _, part := range New(Options{}, whole, nil, nil).Shape(clone(test.e), nil).Parts {
				for _, m := range part.Example.Messages {
					require.Nil(t, m.Rejected)
				}
			}
		})
	}
}

// clone returns a copy of an example, with messages of its own.
func clone(e *sdk.Example) *sdk.Example {
	c := *e
	c.Messages = slices.Clone(e.Messages)
	return &c
}

func TestAQuestionNeedsSomethingToBeAbout(t *testing.T) {
	for _, e := range []sdk.Example{
		{Correction: &sdk.CodeCorrection{BadCode: "walk()", GoodCode: "walk(to)"}},
		{Negative: &sdk.AntiPattern{Pattern: "Don't walk"}},
	} {
		e.Context = "Paths"
		about := e
		require.NotEmpty(t, New(Options{}, judgedOnly, nil, nil).Shape(&about, nil).Parts)
		again := e
		require.Equal(t, []string{aboutNothing}, New(Options{Context: ContextStrip}, judgedOnly, nil, nil).Shape(&e, nil).Refused)
		if again.Correction != nil {
			require.Equal(t, []string{aboutNothing}, New(Options{Context: ContextStrip}, pairsOnly, nil, nil).Shape(&again, nil).Refused)
		}
	}
}

func TestWhatIsAPair(t *testing.T) {
	masked := conversation(one(user("a")), one(shown("b")), one(user("c")), runs("1", "ls logs", true), runs("2", "ls logs2", false), one(says("done")))
	for name, e := range map[string]*sdk.Example{
		"half of a command line's words":     conversation(one(user("list")), bash("1", "cat oak", true), bash("2", "cat yew", false), one(says("done"))),
		"a third of other arguments' words":  conversation(one(user("list")), runs("1", "oak", true), runs("2", "yew", false), one(says("done"))),
		"no arguments but marks":             conversation(one(user("a")), runsTwo("1", `[]`, `[1]`, true), runsTwo("2", `{}`, `[1]`, false), one(says("done"))),
		"two calls, of which one is changed": conversation(one(user("a")), runsTwo("1", `{"a":1,"b":2}`, `{"c":3}`, true), runsTwo("2", `{"a":1,"b":3}`, `{"c":3}`, false), one(says("done"))),
		"no command line checks":             conversation(one(user("a")), runs("1", "format --check", true), runs("2", "format", false), one(says("done"))),
		"behind a system message":            conversation(one(sdk.Message{Role: sdk.RoleSystem, Text: "s"}), one(user("a")), runs("1", "ls logs", true), runs("2", "ls logs2", false), one(says("done"))),
		"behind what is only shown":          masked,
	} {
		judged := *e
		require.Len(t, New(Options{}, pairsOnly, nil, nil).Shape(e, nil).Parts, 1, name)
		require.Equal(t, []bool{false, true}, verdicts(New(Options{}, judgedOnly, nil, nil).Shape(&judged, nil)), name)
	}
}

// runsTwo returns a message of two calls with the same outcome, and their results.
func runsTwo(id, first, second string, failed bool) []sdk.Message {
	m := calls(id+"a", id+"b")
	m.Calls[0].Arguments, m.Calls[1].Arguments = []byte(first), []byte(second)
	return []sdk.Message{m, {Role: sdk.RoleTool, CallID: id + "a", IsError: failed}, {Role: sdk.RoleTool, CallID: id + "b", IsError: failed}}
}

func TestAPairOfParallelCallsIsNotParted(t *testing.T) {
	serial := pairsOnly
	serial.ParallelCalls = false
	e := conversation(one(user("a")), runsTwo("1", `{"a":1,"b":2}`, `{}`, true), runsTwo("2", `{"a":1,"b":3}`, `{}`, false), one(says("done")))
	require.Equal(t, []string{"the format holds one call a message"}, New(Options{}, serial, nil, nil).Shape(e, nil).Refused)
	single := conversation(one(user("a")), runs("1", "ls logs", true), runs("2", "ls logs2", false), one(says("done")))
	require.Len(t, New(Options{}, serial, nil, nil).Shape(single, nil).Parts, 1)
}

func TestTheWorseCallIsNamedAsTheBetterOne(t *testing.T) {
	e := conversation(one(user("a")), runs("1", "ls logs", true), runs("2", "ls logs2", false), one(says("done")))
	for _, m := range e.Messages {
		for i := range m.Calls {
			m.Calls[i].Server = "game"
		}
	}
	pair := New(Options{}, pairsOnly, nil, nil).Shape(e, nil).Parts[0].Example
	require.Equal(t, []string{"run", "run"}, []string{pair.Messages[1].Calls[0].FullName(), pair.Rejected.Calls[0].FullName()})
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
		"another tool is called": func() *sdk.Example {
			e := conversation(one(user("a")), runs("1", "ls logs", true), runs("2", "ls logs2", false), one(says("done")))
			e.Messages[3].Calls[0].Tool = "walk"
			return e
		}(),
		"another number of calls":         conversation(one(user("a")), runsTwo("1", `{}`, `{}`, true), one(calls("2")), one(result("2")), one(says("done"))),
		"the correction has no result":    conversation(one(user("a")), runs("1", "ls logs", true), runs("2", "ls logs2", false)[:1]),
		"nothing follows":                 conversation(one(user("a")), runs("1", "ls logs", true)),
		"nobody asked":                    conversation(runs("1", "ls logs", true), runs("2", "ls logs2", false), one(says("done"))),
		"nothing is said":                 {},
		"what not to do":                  {Negative: &sdk.AntiPattern{Pattern: "Don't run"}},
		"good code beside no bad code":    {Context: "Doors", Correction: &sdk.CodeCorrection{BadCode: " ", GoodCode: "good()"}},
		"bad code beside what is no code": {Context: "Doors", Correction: &sdk.CodeCorrection{BadCode: "bad()", GoodReason: "It waits."}},
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
	require.Equal(t, "```go\ngood()\n```", pair.Messages[1].Text, "a reason on one side only would tell them apart")
	require.Equal(t, "```go\nbad()\n```", pair.Rejected.Text)
	require.False(t, pair.Detailed(), "the messages tell it now")
	require.Empty(t, New(Options{}, withContext(pairsOnly), nil, nil).Shape(correction(), nil).Parts[0].Example.Context, "the question tells it")
	judged := New(Options{}, judgedOnly, nil, nil).Shape(correction(), nil)
	require.Equal(t, []bool{false, true}, verdicts(judged))
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
		"one with half a success": {
			&sdk.Example{Signals: []sdk.Signal{{Name: "succeeded", Score: 0.5}, {Name: "feedback", Score: math.NaN()}, {Name: "other"}},
				Messages: []sdk.Message{user("a"), says("b")}}, []bool{true}, "b"},
		"one that the user rated down": {
			&sdk.Example{Signals: []sdk.Signal{{Name: "feedback", Score: 0}}, Messages: []sdk.Message{user("a"), says("b")}}, []bool{false}, "b"},
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
		"one that ends on a result":      conversation(one(user("a")), runs("1", "ls logs", false)),
		"an empty one":                   {},
		"one whose log tells a failure":  {Signals: []sdk.Signal{{Name: "succeeded", Score: 0.4}}, Messages: []sdk.Message{user("a"), says("b")}},
		"an unfinished one":              {Labels: []string{sdk.LabelUnfinished}, Messages: []sdk.Message{user("a"), says("b")}},
	} {
		require.Equal(t, []string{"nothing says whether it is good"}, New(Options{}, judgedOnly, nil, nil).Shape(e, nil).Refused, name)
	}
}

func TestWhatCannotBeJudged(t *testing.T) {
	for refused, e := range map[string]*sdk.Example{
		untold:                        {Chain: &sdk.ReasoningChain{Problem: "p"}},
		unpaired:                      {Context: "Doors", Correction: &sdk.CodeCorrection{GoodCode: "good()"}},
		"it begins without a request": conversation(one(says("done"))),
	} {
		require.Equal(t, Shaped{Refused: []string{refused}}, New(Options{}, judgedOnly, nil, nil).Shape(e, nil))
	}
}

func TestAContextThatIsToldIsGone(t *testing.T) {
	for _, holds := range []sdk.Holds{chat, judgedOnly} {
		e := &sdk.Example{Context: "Ovens", Chain: &sdk.ReasoningChain{Problem: "p", RootCause: "c"}}
		require.Empty(t, New(Options{}, withContext(holds), nil, nil).Shape(e, nil).Parts[0].Example.Context)
	}
}

func TestABlankPatternIsNoAnswer(t *testing.T) {
	e := &sdk.Example{Context: "Ovens", Negative: &sdk.AntiPattern{Pattern: " \n"}}
	require.Equal(t, Shaped{Refused: []string{untrainable}}, New(Options{}, judgedOnly, nil, nil).Shape(e, nil))
}
