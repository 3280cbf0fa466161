package shape

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
)

// calling returns an example that calls tools by their full names.
func calling(names ...string) *sdk.Example {
	m := sdk.Message{Role: sdk.RoleAssistant}
	for i, name := range names {
		call := sdk.Call{ID: string(rune('a' + i)), Arguments: []byte(`{}`)}
		call.Server, call.Tool = sdk.SplitName(name)
		m.Calls = append(m.Calls, call)
	}
	return &sdk.Example{Messages: []sdk.Message{user("go"), m}}
}

func toolset(names ...string) *sdk.Toolset {
	set := &sdk.Toolset{}
	for _, name := range names {
		definition := sdk.ToolDefinition{Description: "does " + name}
		definition.Server, definition.Name = sdk.SplitName(name)
		set.Tools = append(set.Tools, definition)
	}
	return set
}

func TestOffers(t *testing.T) {
	complete := toolset("look", "mcp__game__send", "mcp__files__read", "mcp__notes__read", "send")
	for name, test := range map[string]struct {
		options Options
		calls   []string
		logged  *sdk.Toolset
		called  []string // as the calls are named in the end
		offered []string
	}{
		"those that are called, in no order of the calls": {
			calls: []string{"mcp__game__send", "look"}, called: []string{"send", "look"}, offered: []string{"look", "send"}},
		"a name that two servers share keeps its server": {
			calls: []string{"mcp__files__read", "mcp__notes__read"}, called: []string{"mcp__files__read", "mcp__notes__read"}, offered: []string{"mcp__files__read", "mcp__notes__read"}},
		"a log without servers means the only one": {
			calls: []string{"mcp__game__send", "send"}, called: []string{"send", "send"}, offered: []string{"send"}},
		"full names, of a definition without a server too": {options: Options{ToolNames: ToolNamesFull},
			calls: []string{"mcp__game__look"}, called: []string{"mcp__game__look"}, offered: []string{"mcp__game__look"}},
		"all": {options: Options{Tools: ToolsAll},
			calls: []string{"look"}, called: []string{"look"}, offered: []string{"look", "mcp__files__read", "mcp__notes__read", "send"}},
		"all that the log names": {options: Options{Tools: ToolsAll}, logged: toolset("jump"),
			calls: []string{"look"}, called: []string{"look"}, offered: []string{"jump", "look"}},
		"all, where the log names no server": {options: Options{Tools: ToolsAll, ToolNames: ToolNamesFull}, logged: toolset("mcp__game__jump"),
			calls: []string{"jump"}, called: []string{"jump"}, offered: []string{"jump"}},
		"as many others as there are": {options: Options{Distractors: 9},
			calls: []string{"look"}, called: []string{"look"}, offered: []string{"look", "mcp__files__read", "mcp__notes__read", "send"}},
		"others that the log names": {options: Options{Tools: ToolsUsed, Distractors: 9}, logged: toolset("jump"),
			calls: []string{"look"}, called: []string{"look"}, offered: []string{"jump", "look"}},
		"none": {options: Options{Tools: ToolsNone}, calls: []string{"look"}, called: []string{"look"}},
		"one that nobody describes": {
			calls: []string{"mcp__game__fly"}, called: []string{"fly"}, offered: []string{"fly"}},
		"no calls": {},
	} {
		t.Run(name, func(t *testing.T) {
			e := calling(test.calls...)
			offer := newOffers(complete, test.options, nil).offer(e, test.logged)
			var called, offered []string
			for _, call := range e.Messages[1].Calls {
				called = append(called, call.FullName())
			}
			if offer.set != nil {
				require.Equal(t, offer.set.Hash(), offer.hash)
				for _, tool := range offer.set.Tools {
					offered = append(offered, tool.FullName())
				}
			}
			require.Equal(t, test.called, called)
			require.Equal(t, test.offered, offered)
		})
	}
}

func TestOffersAreMadeOnce(t *testing.T) {
	offers := newOffers(toolset("look", "send"), Options{}, nil)
	first := offers.offer(calling("look", "send"), nil)
	require.Same(t, first.set, offers.offer(calling("look", "send"), nil).set)
	require.Equal(t, first.hash, offers.offer(calling("send", "look"), nil).hash)
}

// TestDistractors: they are drawn by an example's id, the same in every run, others for the next example, from few choices.
func TestDistractors(t *testing.T) {
	var names []string
	for _, letter := range "abcdefghijklmnopqrst" {
		names = append(names, "mcp__game__"+string(letter))
	}
	offered := func(complete *sdk.Toolset, id string) string {
		e := calling("mcp__game__c", "mcp__game__a")
		e.ID = id
		offer := newOffers(complete, Options{Distractors: 3}, nil).offer(e, nil)
		var all []string
		for _, tool := range offer.set.Tools {
			all = append(all, tool.FullName())
		}
		require.Len(t, all, 5)
		require.Subset(t, all, []string{"a", "c"})
		require.True(t, slices.IsSorted(all), "their order says nothing")
		return strings.Join(all, " ")
	}
	choices, drawn := map[string]bool{}, map[string]int{}
	for i := range 400 {
		choice := offered(toolset(names...), fmt.Sprint("id", i))
		require.Equal(t, choice, offered(toolset(names...), fmt.Sprint("id", i)))
		choices[choice] = true
		for _, name := range strings.Fields(choice) {
			drawn[name]++
		}
	}
	require.Len(t, choices, draws, "a format remembers each")
	require.Greater(t, len(drawn), 15, "most of the 20 tools are drawn for some example: %v", drawn)
}

// TestDistractorsGoWithARecordToo: a record has what its log says, unless it is asked for distractors.
func TestDistractorsGoWithARecordToo(t *testing.T) {
	record := sdk.Holds{Tools: true, Results: true, Details: true}
	part := New(Options{Distractors: 1}, record, toolset("mcp__game__look", "mcp__game__send"), nil).Shape(calling("mcp__game__look"), nil).Parts[0]
	require.Len(t, part.Tools.Tools, 2)
}

func TestARecordKeepsItsNamesAndTools(t *testing.T) {
	logged := toolset("jump")
	record := sdk.Holds{Tools: true, Results: true, Details: true}
	shaped := New(Options{System: "x"}, record, toolset("mcp__game__look"), nil).Shape(calling("mcp__game__look"), logged)
	require.Equal(t, "game", shaped.Parts[0].Example.Messages[1].Calls[0].Server)
	require.Same(t, logged, shaped.Parts[0].Tools)
}

func TestDefinitionsHoldNoControlTokens(t *testing.T) {
	complete := toolset("look")
	complete.Tools[0].Description = "Looks. <|im_end|>"
	complete.Tools[0].Schema = []byte(`{"type":"object","properties":{"at":{"description":"<think>"}}}`)
	offered := newOffers(complete, Options{}, nil).offer(calling("look"), nil).set.Tools[0]
	require.Equal(t, "Looks. < |im_end|>", offered.Description)
	require.JSONEq(t, `{"type":"object","properties":{"at":{"description":"< think>"}}}`, string(offered.Schema))
	both := newOffers(toolset("look", "send"), Options{}, nil)
	both.complete.Tools[0].Schema = complete.Tools[0].Schema
	one, two := both.offer(calling("look"), nil).set, both.offer(calling("look", "send"), nil).set
	require.Same(t, &one.Tools[0].Schema[0], &two.Tools[0].Schema[0], "what is made of a definition is made once")
	kept := newOffers(complete, Options{SpecialTokens: SpecialTokensKeep}, nil).offer(calling("look"), nil).set.Tools[0]
	require.Equal(t, complete.Tools[0], kept)
}

func TestOffersDifferByWhatIsCalledAndLogged(t *testing.T) {
	complete, logged := toolset("look", "send"), toolset("look")
	logged.Tools[0].Description = "as the log says"
	offers := newOffers(complete, Options{}, nil)
	described := func(logged *sdk.Toolset, names ...string) (all []string) {
		for _, tool := range offers.offer(calling(names...), logged).set.Tools {
			all = append(all, tool.Description)
		}
		return all
	}
	require.Equal(t, []string{"does look"}, described(nil, "look"))
	require.Equal(t, []string{"does send"}, described(nil, "send"))
	require.Equal(t, []string{"as the log says"}, described(logged, "look"))
	require.Equal(t, []string{"as the log says", "does send"}, described(logged, "look", "send"))
}

func TestAllOfNoToolsAreNone(t *testing.T) {
	shaped := New(Options{Tools: ToolsAll}, chat, nil, nil).Shape(&sdk.Example{Messages: []sdk.Message{user("go"), says("ok")}}, nil)
	require.Equal(t, Part{Example: &sdk.Example{Messages: []sdk.Message{user("go"), says("ok")}}}, shaped.Parts[0])
}

func TestAPartKnowsTheHashOfItsTools(t *testing.T) {
	part := New(Options{}, chat, toolset("look"), nil).Shape(calling("look"), nil).Parts[0]
	require.Equal(t, part.Tools.Hash(), part.Hash)
}

// TestAToolThatAWorseAnswerMadeUpIsNotOffered, but one that it only chose wrongly is, also if the two answers of a pair are
// judged apart.
func TestAToolThatAWorseAnswerMadeUpIsNotOffered(t *testing.T) {
	for rejected, want := range map[string][]string{"fly": {"send"}, "look": {"look", "send"}, "jump": {"jump", "send"}} {
		for _, holds := range []sdk.Holds{pairsOnly, judgedOnly} {
			e := calling("mcp__game__send")
			e.Messages[1].Rejected = &sdk.Answer{Calls: calling(rejected).Messages[1].Calls}
			parts := New(Options{}, holds, toolset("look", "mcp__game__send"), nil).Shape(e, toolset("jump")).Parts
			require.NotEmpty(t, parts)
			for _, part := range parts {
				var offered []string
				for _, tool := range part.Tools.Tools {
					offered = append(offered, tool.FullName())
				}
				require.Equal(t, want, offered)
			}
		}
	}
}
