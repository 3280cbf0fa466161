package sdk

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	ftprepv1 "github.com/ftprep/ftprep/proto/ftprep/v1"
)

func TestACountBelowZeroDoesNotHideInTheHosts(t *testing.T) {
	c := &completion{emitter: Emitter{tallies: tallies{}}}
	c.emitter.turnTo("")
	c.emitter.Ignore("before since", 5) // by the host
	err := c.tally(Tally{Ignored: map[string]int{"before since": -3}})
	require.EqualError(t, err, `the plugin miscounted: -3 records are counted as ignored ("before since"): a count cannot be negative`)
	err = c.tally(Tally{Files: map[string]Tally{"a": {Unread: -1}}})
	require.EqualError(t, err, "the plugin miscounted: the file a: -1 records are counted as unread: a count cannot be negative")
}

// TestAnUnreadableFileIsCountedOnce: a source in another language counts itself what it has met, including a file that it
// could not read.
func TestAnUnreadableFileIsCountedOnce(t *testing.T) {
	for _, read := range []int{3, 0} { // 0 if it leaves the counting to the host
		c := &completion{emitter: Emitter{tallies: tallies{}}, out: &ReadFrame{}}
		c.emitter.turnTo("")
		c.emitter.tally.Rejected = 1
		require.NoError(t, c.tally(Tally{Read: read, Ignored: map[string]int{"empty": 2}, Unreadable: 1}))
		require.Equal(t, Tally{Read: 3, Ignored: map[string]int{"empty": 2}, Rejected: 1, Unreadable: 1}, *c.out.Tally)
	}
}

// TestAnItemSaysWhatItsExampleDoes: the host relies on the item, and a score that is NaN is neither better nor worse than
// others.
func TestAnItemSaysWhatItsExampleDoes(t *testing.T) {
	half, none := 0.5, math.NaN()
	e := &Example{ID: "x", Source: "s", Type: TypeDirectExecution, Quality: &half, Messages: []Message{{Role: RoleUser, Text: "go"}}}
	require.NoError(t, checkItems([]Item{NewItem(e)}))
	for fault, change := range map[string]func(*Item){
		`the plugin sent an example "x" of type "direct_execution" in an item that says "y" of type "direct_execution"`: func(i *Item) { i.ID = "y" },
		"the plugin sent example x with the quality 0.5 in an item that says NaN":                                       func(i *Item) { i.Quality = &none },
		"the plugin sent example x with the quality 0.5 in an item that says none":                                      func(i *Item) { i.Quality = nil },
	} {
		item := NewItem(e)
		change(&item)
		require.EqualError(t, checkItems([]Item{item}), fault)
	}
}

func TestASchemaIsJSON(t *testing.T) {
	set := func(schema string) *Toolset {
		return &Toolset{Tools: []ToolDefinition{{Name: "look", Schema: []byte(schema)}}}
	}
	for _, schema := range []string{"", "true", `{"type":"object"}`} {
		require.NoError(t, checkToolsets([]*Toolset{set(schema)}), schema)
	}
	const fault = `the plugin sent the tool "look" with a schema that is not valid JSON`
	broken := set(`{"type":`)
	require.EqualError(t, checkFrame(&ReadFrame{Toolsets: []*Toolset{broken}}), fault)
	require.EqualError(t, (&completion{}).frame(&ReadFrame{Toolsets: []*Toolset{broken}}), fault)
	_, err := (&Client{distrust: true}).outcomes(verdicts{toolsets: []*ftprepv1.Toolset{toolsetToWire(broken)}}, newGivenToolsets())
	require.EqualError(t, err, fault)
}
