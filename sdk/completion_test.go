package sdk

import (
	"testing"

	"github.com/stretchr/testify/require"

	ftprepv1 "github.com/ftprep/ftprep/proto/ftprep/v1"
)

func TestACountBelowZeroDoesNotHideInTheHosts(t *testing.T) {
	c := &completion{emitter: Emitter{tallies: tallies{}}}
	c.emitter.turnTo("")
	c.emitter.Ignore("before since", 5) // by the host
	_, err := c.tally(&ftprepv1.Tally{Ignored: map[string]int64{"before since": -3}})
	require.EqualError(t, err, `the plugin miscounted: -3 records are counted as ignored ("before since"): counts begin at 0`)
	_, err = c.tally(&ftprepv1.Tally{Files: map[string]*ftprepv1.Tally{"a": {Unread: -1}}})
	require.EqualError(t, err, "the plugin miscounted: the file a: -1 records are counted as unread: counts begin at 0")
}
