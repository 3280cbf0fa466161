package filters

import (
	"fmt"
	"math"
	"strings"

	"github.com/ftprep/ftprep/sdk"
)

// complete measures what share of an example's parts is there.
func complete(e *sdk.Example) sdk.Signal {
	var names, parts []string
	switch {
	case e.Chain != nil:
		names = []string{"problem", "cause", "fix"}
		parts = []string{e.Chain.Problem, e.Chain.RootCause + e.Chain.Reasoning, e.Chain.Solution}
	case e.Correction != nil:
		names = []string{"bad code", "good code", "reason"}
		parts = []string{e.Correction.BadCode, e.Correction.GoodCode, e.Correction.BadReason + e.Correction.GoodReason}
	default:
		names = []string{"pattern", "reason"}
		parts = []string{e.Negative.Pattern, e.Negative.Reason}
	}
	var missing []string
	for i, part := range parts {
		if strings.TrimSpace(part) == "" {
			missing = append(missing, names[i])
		}
	}
	signal := sdk.Signal{Name: "complete", Score: share(len(parts)-len(missing), len(parts)), Evidence: "nothing is missing"}
	if len(missing) > 0 {
		signal.Evidence = fmt.Sprintf("no %s", strings.Join(missing, ", no "))
	}
	return signal
}

// share returns n divided by all, to three places.
func share(n, all int) float64 { return math.Round(1000*float64(n)/float64(all)) / 1000 }
