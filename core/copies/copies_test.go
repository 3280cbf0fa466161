package copies

import (
	"fmt"
	"hash/maphash"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/core/plan"
	"github.com/ftprep/ftprep/core/stage"
	"github.com/ftprep/ftprep/sdk"
)

func TestABranchKeepsItsToolset(t *testing.T) {
	tools := &sdk.Toolset{Tools: []sdk.ToolDefinition{{Name: "Bash"}}}
	var twins []*sdk.Example
	for _, calls := range [][]string{{"1", "2"}, {"3"}} {
		e := talk("hello", "there")
		e.Toolset, e.Identity.Calls = tools, calls
		twins = append(twins, e)
	}
	left := resolved(t, twins...)
	require.Len(t, left, 2)
	for _, item := range left {
		require.Equal(t, tools.Hash(), item.Toolset)
	}
}

// TestOfCopiesTheLongerStays: one of two files, in any order, ends before the last words.
func TestOfCopiesTheLongerStays(t *testing.T) {
	short, long := talk("hello", "there"), talk("hello", "there, and more")
	short.ID, long.ID = "short", "long"
	for _, twins := range [][]*sdk.Example{{short, long}, {long, short}} {
		left := resolved(t, twins...)
		require.Len(t, left, 1)
		require.Equal(t, "long", left[0].ID)
	}
}

// TestACopyMayLackANotice: what was said before and after the notice is one text in the copy.
func TestACopyMayLackANotice(t *testing.T) {
	whole, lacking := talk("hello", "there"), talk("hello", "there\n\nand more")
	whole.Messages = append(whole.Messages,
		sdk.Message{Role: sdk.RoleUser, Text: "news of a task", Masked: true}, sdk.Message{Role: sdk.RoleAssistant, Text: "and more"})
	whole.ID, lacking.ID = "whole", "lacking"
	for _, twins := range [][]*sdk.Example{{whole, lacking}, {lacking, whole}} {
		left := resolved(t, twins...)
		require.Len(t, left, 1)
		require.Equal(t, "whole", left[0].ID)
	}
}

// TestAnotherAnswerIsABranch: if a conversation was forked before an answer without calls, both answers stay, and what they
// share is learned once.
func TestAnotherAnswerIsABranch(t *testing.T) {
	long, other, again := talk("hello", "there, and more"), talk("hello", "good day"), talk("hello", "good day")
	for _, e := range []*sdk.Example{long, other, again} {
		first := e.Messages[0]
		e.Messages = append([]sdk.Message{first, {Role: sdk.RoleAssistant, Text: "let me see"}}, e.Messages[1:]...)
	}
	long.ID, other.ID, again.ID = "long", "other", "again"
	left := resolved(t, other, long, again)
	require.Len(t, left, 2)
	require.Equal(t, "long", left[1].ID)
	branch, err := left[0].Decode()
	require.NoError(t, err)
	require.Equal(t, "other", branch.ID)
	require.Contains(t, branch.Labels, sdk.LabelBranch)
	require.True(t, branch.Messages[1].Masked)
	require.False(t, branch.Messages[2].Masked)
}

// TestABranchSharesCalls: even if it does not begin like the other, because a copy lacks the words beside a call.
func TestABranchSharesCalls(t *testing.T) {
	calling := func(last string, words ...string) *sdk.Example {
		e := talk("hello", "done "+last)
		var steps []sdk.Message
		for i, id := range []string{"shared", last} {
			steps = append(steps, sdk.Message{Role: sdk.RoleAssistant, Text: words[i], Calls: []sdk.Call{{ID: id}}}, sdk.Message{Role: sdk.RoleTool, CallID: id})
		}
		e.Messages = slices.Concat(e.Messages[:1], steps, e.Messages[1:])
		e.ID, e.Identity.Calls = last, []string{"shared", last}
		return e
	}
	left := resolved(t, calling("one", "first", "and then"), calling("other", "", ""))
	require.Len(t, left, 2)
	branch, err := left[1].Decode()
	require.NoError(t, err)
	var masked []bool
	for _, m := range branch.Messages {
		masked = append(masked, m.Masked)
	}
	require.Equal(t, []bool{true, true, true, false, false, false}, masked)
}

// TestWhatIsOnlyShownIsLearnedElsewhere: in the longer of two forks of a session the user interrupted the model, so what it did
// is masked there. The other fork learns it, though it has nothing else.
func TestWhatIsOnlyShownIsLearnedElsewhere(t *testing.T) {
	for name, did := range map[string][]sdk.Message{
		"words": {{Role: sdk.RoleAssistant, Text: "let me see"}},
		"calls": {{Role: sdk.RoleAssistant, Calls: []sdk.Call{{ID: "shared"}}}, {Role: sdk.RoleTool, CallID: "shared"}},
	} {
		t.Run(name, func(t *testing.T) {
			long, other := talk("hello", "there, and more"), talk("hello", "")
			long.ID, long.Identity.Calls = "long", []string{"shared", "another"}
			other.ID, other.Identity.Calls = "other", []string{"shared"}
			long.Messages = slices.Concat(long.Messages[:1], did, []sdk.Message{
				{Role: sdk.RoleUser, Text: "rather this"},
				{Role: sdk.RoleAssistant, Calls: []sdk.Call{{ID: "another"}}},
				{Role: sdk.RoleTool, CallID: "another"},
			}, long.Messages[1:])
			for i := range did {
				long.Messages[1+i].Masked = true
			}
			other.Messages = slices.Concat(other.Messages[:1], did)
			left := resolved(t, long, other)
			require.Len(t, left, 2)
			branch, err := left[1].Decode()
			require.NoError(t, err)
			require.Contains(t, branch.Labels, sdk.LabelBranch)
			for i, m := range branch.Messages {
				require.Equal(t, i == 0, m.Masked, i)
			}
		})
	}
}

// TestACallThatIsOnlyShownMakesNoBranch: a copy that learns nothing of its own leaves.
func TestACallThatIsOnlyShownMakesNoBranch(t *testing.T) {
	long, other := talk("hello", "there"), talk("hello", "there")
	long.ID, other.ID, other.Identity.Calls = "long", "other", []string{"own"}
	long.Messages[1].Text = "there, and more"
	other.Messages = append(other.Messages, sdk.Message{Role: sdk.RoleAssistant, Calls: []sdk.Call{{ID: "own"}}, Masked: true})
	left := resolved(t, other, long)
	require.Len(t, left, 1)
	require.Equal(t, "long", left[0].ID)
}

// TestABranchLearnsNothingTwice: what a branch shares with another branch is not learned again, although neither calls a tool.
func TestABranchLearnsNothingTwice(t *testing.T) {
	var twins []*sdk.Example
	for _, words := range [][]string{{"the whole long answer of the first one"}, {"another way", "the first end of it"}, {"another way", "an end"}} {
		e := talk("hello", words[0])
		for _, more := range words[1:] {
			e.Messages = append(e.Messages, sdk.Message{Role: sdk.RoleUser, Text: "go on"}, sdk.Message{Role: sdk.RoleAssistant, Text: more})
		}
		e.ID = words[len(words)-1]
		twins = append(twins, e)
	}
	learned := map[string]int{}
	for _, item := range resolved(t, twins...) {
		e, err := item.Decode()
		require.NoError(t, err)
		for _, m := range e.Messages {
			if m.Role == sdk.RoleAssistant && !m.Masked {
				learned[m.Text]++
			}
		}
	}
	require.Equal(t, map[string]int{"the whole long answer of the first one": 1, "another way": 1, "the first end of it": 1, "an end": 1}, learned)
}

// TestABranchMayShowOtherEarlierTurns: of two forks, one shows what was said before the turn. What the turns share is learned
// once all the same.
func TestABranchMayShowOtherEarlierTurns(t *testing.T) {
	long, branch := talk("hello", "there"), talk("hello", "there")
	for e, more := range map[*sdk.Example]string{long: "the end of the longer one", branch: "another"} {
		e.Messages = append(e.Messages, sdk.Message{Role: sdk.RoleUser, Text: "go on"}, sdk.Message{Role: sdk.RoleAssistant, Text: more})
	}
	earlier := []sdk.Message{{Role: sdk.RoleUser, Text: "earlier", Masked: true}, {Role: sdk.RoleAssistant, Text: "yes", Masked: true}}
	for _, showing := range []*sdk.Example{long, branch} {
		own := showing.Messages
		showing.Messages = slices.Concat(earlier, own)
		left := resolved(t, long, branch)
		showing.Messages = own
		require.Len(t, left, 2)
		e, err := left[1].Decode()
		require.NoError(t, err)
		var masked []bool
		for _, m := range e.Messages[len(e.Messages)-len(own):] {
			masked = append(masked, m.Masked)
		}
		require.Equal(t, []bool{true, true, true, false}, masked)
	}
}

// TestACopyMayEndWithinWords: a copy may have the beginning of the words of any of several branches.
func TestACopyMayEndWithinWords(t *testing.T) {
	var twins []*sdk.Example
	for _, answer := range []string{"one way to go", "another way to go", "an", "one way", "o", "ano!", "anot!", "yes\n\nthe first of all ways", "yes\n\nanother"} {
		e := talk("hello", answer)
		e.ID = answer
		twins = append(twins, e)
	}
	var left []string
	for _, item := range resolved(t, twins...) {
		left = append(left, item.ID)
	}
	require.Equal(t, []string{"one way to go", "another way to go", "ano!", "anot!", "yes\n\nthe first of all ways"}, left)
}

// TestCopiesOfCopiesMeet: each names only what it was copied from, and they may be read in any order. All go by the names of
// the first one, and so do the other examples of their conversations.
func TestCopiesOfCopiesMeet(t *testing.T) {
	known := []sdk.Identity{
		{Opening: "a", Conversation: "of a"},
		{Opening: "a", Alias: "b", Conversation: "of a"},
		{Opening: "b", Alias: "c", Conversation: "of b"},
		{Opening: "c", Alias: "d", Conversation: "of c"},
	}
	for _, order := range [][]int{{0, 1, 2, 3}, {3, 2, 1, 0}, {2, 0, 3, 1}} {
		var examples []*sdk.Example
		for _, i := range order {
			shared, own := talk("hello", strings.Repeat("there ", 9-i)), talk("and now?", "nothing")
			shared.ID, shared.Identity = fmt.Sprint("shared ", i), known[i]
			own.ID, own.Identity = fmt.Sprint("own ", i), sdk.Identity{Opening: fmt.Sprint("own ", i), Conversation: known[i].Conversation}
			examples = append(examples, shared, own)
		}
		found := map[string]sdk.Identity{}
		for _, item := range resolveAll(t, examples...) {
			e, err := item.Decode()
			require.NoError(t, err)
			require.Equal(t, e.Identity.Opening, item.Opening)
			require.Empty(t, e.Labels)
			found[e.ID] = e.Identity
		}
		require.Equal(t, map[string]sdk.Identity{
			"shared 0": {Opening: "a", Conversation: "of a"},
			"own 0":    {Opening: "own 0", Conversation: "of a"},
			"own 1":    {Opening: "own 1", Conversation: "of a"},
			"own 2":    {Opening: "own 2", Conversation: "of a"},
			"own 3":    {Opening: "own 3", Conversation: "of a"},
		}, found, "%v", order)
	}
}

// TestOfEqualCopiesTheOriginalStays: its id does not change when copies of it come and go.
func TestOfEqualCopiesTheOriginalStays(t *testing.T) {
	original, copied := talk("hello", "there"), talk("hello", "there")
	original.ID, original.Identity = "original", sdk.Identity{Opening: "a"}
	copied.ID, copied.Identity = "copied", sdk.Identity{Opening: "a", Alias: "b"}
	for _, twins := range [][]*sdk.Example{{original, copied}, {copied, original}} {
		left := resolveAll(t, twins...)
		require.Len(t, left, 1)
		require.Equal(t, "original", left[0].ID)
	}
}

// TestABranchOfACopyMeets: it meets the original under the original's name, so that nothing splits them.
func TestABranchOfACopyMeets(t *testing.T) {
	first, middle, last := talk("hello", "there, and more"), talk("hello", "there"), talk("hello", "good day")
	first.ID, first.Identity = "first", sdk.Identity{Opening: "a"}
	middle.ID, middle.Identity = "middle", sdk.Identity{Opening: "a", Alias: "b", Conversation: "of a"}
	last.ID, last.Identity = "last", sdk.Identity{Opening: "b", Alias: "c", Conversation: "of b"}
	left := resolveAll(t, last, middle, first)
	require.Len(t, left, 2)
	branch, err := left[0].Decode()
	require.NoError(t, err)
	require.Equal(t, []string{sdk.LabelBranch}, branch.Labels)
	require.Equal(t, sdk.Identity{Opening: "a", Alias: "c", Conversation: "of a"}, branch.Identity)
	require.Equal(t, "first", left[1].ID)
}

// TestOnlyTwinsGetNames: other examples keep their names, and those without a name get none.
func TestOnlyTwinsGetNames(t *testing.T) {
	identities := map[string]sdk.Identity{
		"first":   {Opening: "a", Conversation: "x"},
		"nowhere": {Opening: "a"},
		"second":  {Opening: "a", Conversation: "y"},
		"copy":    {Opening: "c", Alias: "d"},
		"of it":   {Opening: "d"},
		"alone":   {},
		"another": {Opening: "e", Conversation: "y"},
	}
	var examples []*sdk.Example
	for i, id := range []string{"first", "nowhere", "second", "copy", "of it", "alone", "another"} {
		e := talk("hello", strings.Repeat("x", i+1)+" is what "+id+" says")
		e.ID, e.Identity = id, identities[id]
		examples = append(examples, e)
	}
	found := map[string]sdk.Identity{}
	for _, item := range resolveAll(t, examples...) {
		e, err := item.Decode()
		require.NoError(t, err)
		found[e.ID] = e.Identity
	}
	identities["second"], identities["another"] = sdk.Identity{Opening: "a", Conversation: "x"}, sdk.Identity{Opening: "e", Conversation: "x"}
	identities["of it"] = sdk.Identity{Opening: "c"}
	require.Equal(t, identities, found)
}

func TestConversationsThatShareAnExampleAreOneWithoutOtherNames(t *testing.T) {
	var examples []*sdk.Example
	for i, conversation := range []string{"x", "y"} {
		shared, own := talk("hello", strings.Repeat("there ", 2-i)), talk("and now?", "nothing")
		shared.ID, shared.Identity = "shared", sdk.Identity{Opening: "a", Conversation: conversation}
		own.ID, own.Identity = "own", sdk.Identity{Opening: "own " + conversation, Conversation: conversation}
		examples = append(examples, shared, own)
	}
	for _, item := range resolveAll(t, examples...) {
		e, err := item.Decode()
		require.NoError(t, err)
		require.Equal(t, "x", e.Identity.Conversation)
	}
}

// TestAConversationGoesByOneNameInEveryRun: a correction without an opening may bring together examples that have its id and
// different openings.
func TestAConversationGoesByOneNameInEveryRun(t *testing.T) {
	s := stage.NewStore(t.TempDir())
	defer s.Close()
	var items []sdk.Item
	for _, identity := range []sdk.Identity{{Opening: "a", Conversation: "x"}, {Opening: "a", Conversation: "y"}, {Opening: "b", Conversation: "y"}, {Opening: "b", Conversation: "x"}} {
		e := talk("hello", "there")
		e.ID, e.Identity = "same", identity
		items = append(items, sdk.NewItem(e))
	}
	chunk, err := s.Put(items)
	require.NoError(t, err)
	for range 20 {
		c := newComparison(stage.Stage{Pieces: []stage.Piece{{Chunk: chunk}}, Store: s, Rivals: oneGroup()})
		_, err := c.twins([]stage.Position{{Item: 0}, {Item: 1}, {Item: 2}, {Item: 3}})
		require.NoError(t, err)
		require.Equal(t, "x", c.names.conversations.of("y"))
	}
}

func TestJoined(t *testing.T) {
	names := joined[string]{}
	for _, pair := range [][2]string{{"a", "b"}, {"c", "b"}, {"d", "e"}, {"b", "e"}, {"e", "a"}} {
		names.join(pair[0], pair[1])
	}
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		require.Equal(t, "c", names.of(name), name)
	}
	require.Equal(t, "f", names.of("f"))
}

// TestWhatATwinOnlyShowsIsNotItsOwn: neither earlier turns nor what the user says makes a copy a branch.
func TestWhatATwinOnlyShowsIsNotItsOwn(t *testing.T) {
	whole := func() *sdk.Example { return talk("hello", "there, and more") }
	shows, asks := talk("hello", "there"), talk("hello", "there")
	shown := sdk.Message{Role: sdk.RoleAssistant, Text: strings.Repeat("an earlier answer ", 9), Masked: true}
	shows.Messages = append([]sdk.Message{shown}, shows.Messages...)
	asks.Messages = append(asks.Messages, sdk.Message{Role: sdk.RoleUser, Text: "and?"})
	for _, twin := range []*sdk.Example{shows, asks} {
		w := whole()
		w.ID, twin.ID = "whole", "twin"
		left := resolved(t, twin, w)
		require.Len(t, left, 1)
		require.Equal(t, "whole", left[0].ID)
	}
}

// TestOfEqualTwinsTheEarliestStays: or the one that has what the model thought.
func TestOfEqualTwinsTheEarliestStays(t *testing.T) {
	early, late := talk("hello", "there"), talk("hello", "there")
	early.Provenance.Time = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	late.Provenance.Time = early.Provenance.Time.Add(time.Hour)
	early.ID, late.ID = "early", "late"
	left := resolved(t, late, early)
	require.Len(t, left, 1)
	require.Equal(t, "early", left[0].ID)
	late.Messages[1].Thinking = "hm"
	left = resolved(t, early, late)
	require.Len(t, left, 1)
	require.Equal(t, "late", left[0].ID)
}

func talk(request, answer string) *sdk.Example {
	return &sdk.Example{Messages: []sdk.Message{{Role: sdk.RoleUser, Text: request}, {Role: sdk.RoleAssistant, Text: answer}}}
}

// resolved returns what is left of examples that have one opening.
func resolved(t *testing.T, twins ...*sdk.Example) []sdk.Item {
	for _, e := range twins {
		e.Identity.Opening = "o"
	}
	return resolveAll(t, twins...)
}

// resolveAll returns what is left of examples of one unit.
func resolveAll(t *testing.T, examples ...*sdk.Example) []sdk.Item {
	s := stage.NewStore(t.TempDir())
	defer s.Close()
	var items []sdk.Item
	for _, e := range examples {
		items = append(items, sdk.NewItem(e))
	}
	together, err := s.Put(items)
	require.NoError(t, err)
	pieces := []stage.Piece{{Chunk: together}}
	pieces[0].Identify(maphash.MakeSeed(), items, false)
	pieces, _, err = Resolve(t.Context(), stage.Stage{Pieces: pieces, Store: s, Rivals: oneGroup()}, func(stage.Piece, sdk.Item, Instead) {})
	require.NoError(t, err)
	left, err := s.Get(pieces[0].Chunk)
	require.NoError(t, err)
	return left
}

// TestACopyStaysForAnOutputThatLacksTheOther: one source goes into two outputs, the others into one of these each.
func TestACopyStaysForAnOutputThatLacksTheOther(t *testing.T) {
	const both, first, second = 0, 1, 2
	type twin struct {
		source int
		calls  string
	}
	for name, test := range map[string]struct {
		twins  []twin
		left   string // the ids of those that stay
		better string // those of them that the outputs leave out
	}{
		"what goes everywhere replaces it":       {[]twin{{first, "x"}, {both, "x y"}}, "1", ""},
		"what goes elsewhere does not":           {[]twin{{first, "x"}, {second, "x y"}}, "0 1", ""},
		"what goes only here does so here":       {[]twin{{both, "x"}, {first, "x y"}}, "0 1", "first:0"},
		"but not where it has a call of its own": {[]twin{{both, "x z"}, {first, "x y w"}}, "0 1", ""},
		"two together, where both go":            {[]twin{{both, "x y"}, {first, "x v w"}, {first, "y v w"}}, "0 1 2", "first:0"},
		"two together, which never meet":         {[]twin{{both, "x y"}, {first, "x v w"}, {second, "y v w"}}, "0 1 2", ""},
	} {
		t.Run(name, func(t *testing.T) {
			store := stage.NewStore(t.TempDir())
			defer store.Close()
			groups := []plan.Group{{Outputs: []string{"first", "second"}}, {Outputs: []string{"first"}}, {Outputs: []string{"second"}}}
			rivals := stage.NewRivals(&plan.Plan{Sources: []*plan.Source{{Group: both}, {Group: first}, {Group: second}}, Groups: groups})
			var pieces []stage.Piece
			for i, one := range test.twins {
				e := talk("hello", "there")
				e.ID, e.Identity = fmt.Sprint(i), sdk.Identity{Opening: "o", Calls: strings.Fields(one.calls)}
				chunk, err := store.Put([]sdk.Item{sdk.NewItem(e)})
				require.NoError(t, err)
				pieces = append(pieces, stage.Piece{Source: one.source, Chunk: chunk, Openings: []uint64{1}})
			}
			pieces, _, err := Resolve(t.Context(), stage.Stage{Pieces: pieces, Store: store, Rivals: rivals}, func(stage.Piece, sdk.Item, Instead) {})
			require.NoError(t, err)
			var left, better []string
			for _, p := range pieces {
				items, err := store.Get(p.Chunk)
				require.NoError(t, err)
				for _, item := range items {
					left = append(left, item.ID)
					for _, output := range groups[p.Source].Outputs {
						if rivals.BetterIn(p.Source, item.ID, output) {
							better = append(better, output+":"+item.ID)
						}
					}
				}
			}
			require.Equal(t, test.left, strings.Join(left, " "))
			require.Equal(t, test.better, strings.Join(better, " "))
		})
	}
}

// oneGroup returns the rivals for examples of one source.
func oneGroup() *stage.Rivals {
	return stage.NewRivals(&plan.Plan{Sources: []*plan.Source{{}}, Groups: []plan.Group{{}}})
}

// TestCopiesWaitInTheStore: while examples that occur twice, many of them branches, are decided about and changed, memory holds
// neither their messages nor what decides about them.
func TestCopiesWaitInTheStore(t *testing.T) {
	const openings, texts = 200, 500
	s := stage.NewStore(t.TempDir())
	defer s.Close()
	var pieces []stage.Piece
	for _, call := range []string{"of the first file", "of the second", "of the first file"} {
		for i := range openings {
			e := talk("hello", strings.Repeat("x", 32<<10))
			for range texts {
				e.Messages = append(e.Messages, sdk.Message{Role: sdk.RoleAssistant, Text: "a word or two of the model's"})
			}
			e.ID, e.Identity.Opening, e.Identity.Calls = fmt.Sprint(call, i), fmt.Sprint(i), []string{call}
			chunk, err := s.Put([]sdk.Item{sdk.NewItem(e)})
			require.NoError(t, err)
			pieces = append(pieces, stage.Piece{Chunk: chunk, Openings: []uint64{uint64(i) + 1}})
		}
	}
	before := heap()
	const most = openings * texts * 40 // half of what decides about a third of them
	copies := 0
	resolved, _, err := Resolve(t.Context(), stage.Stage{Pieces: pieces, Store: s, Rivals: oneGroup()}, func(stage.Piece, sdk.Item, Instead) {
		if copies++; copies == openings {
			require.Less(t, heap()-before, int64(most))
		}
	})
	require.NoError(t, err)
	require.Equal(t, openings, copies)
	require.Equal(t, 2*openings, stage.Stage{Pieces: resolved}.Count())
}

// heap returns how many bytes are in use.
func heap() int64 {
	var memory runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&memory)
	return int64(memory.HeapAlloc)
}
