package record

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftprep/ftprep/sdk"
)

func TestScoresAreCountedFromTheirBound(t *testing.T) {
	var c FilterCounts
	scores := []float64{0, 0.099, 0.1, 0.3, 0.6, 0.7, 0.999, 1}
	for _, score := range scores {
		action := sdk.ActionAnnotate
		if score < 0.3 {
			action = sdk.ActionDrop
		}
		c.Add(sdk.Decision{Action: action, Reason: "low", Score: &score})
	}
	c.Add(sdk.Decision{Action: sdk.ActionAnnotate})
	require.Equal(t, &Scores{2, 1, 0, 1, 0, 0, 1, 1, 0, 1, 1}, c.Scores)
	for bar := range c.Scores {
		passing := 0
		for _, score := range scores {
			if score >= c.Scores.Least(bar) {
				passing++
			}
		}
		require.Equal(t, passing, c.Scores.From(bar), "from %v on", c.Scores.Least(bar))
	}
}
