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
