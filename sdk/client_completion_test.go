package sdk

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestACountBelowZeroDoesNotHideInTheHosts(t *testing.T) {
	c := &completion{emitter: Emitter{tallies: tallies{}}}
	c.emitter.turnTo("")
	c.emitter.Ignore("before since", 5) // by the host
	err := c.tally(Tally{Ignored: map[string]int{"before since": -3}})
	require.EqualError(t, err, `the plugin miscounted: -3 records are counted as ignored ("before since"): counts begin at 0`)
	err = c.tally(Tally{Files: map[string]Tally{"a": {Unread: -1}}})
	require.EqualError(t, err, "the plugin miscounted: the file a: -1 records are counted as unread: counts begin at 0")
}

// TestAnUnreadableFileIsCountedOnce: a source in another language counts what it met by itself, a file that it could not read, too.
func TestAnUnreadableFileIsCountedOnce(t *testing.T) {
	for _, read := range []int{3, 0} { // 0: it leaves the counting to the host
		c := &completion{emitter: Emitter{tallies: tallies{}}, out: &ReadFrame{}}
		c.emitter.turnTo("")
		c.emitter.tally.Rejected = 1
		require.NoError(t, c.tally(Tally{Read: read, Ignored: map[string]int{"empty": 2}, Unreadable: 1}))
		require.Equal(t, Tally{Read: 3, Ignored: map[string]int{"empty": 2}, Rejected: 1, Unreadable: 1}, *c.out.Tally)
	}
}
