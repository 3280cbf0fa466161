package filters

import (
	"fmt"

	"github.com/ftprep/ftprep/sdk"
)

// whole measures how much of a turn a selection of tools has left: no reader can know what the model means when it speaks
// of calls that are gone. What is only shown, such as earlier turns, counts on neither side.
func whole(e *sdk.Example) (sdk.Signal, bool) {
	left, gone := len(trained(e)), e.Provenance.Removed["calls"]
	if gone == 0 || left == 0 {
		return sdk.Signal{}, false
	}
	return sdk.Signal{Name: "whole", Score: share(left, left+gone), Evidence: fmt.Sprintf("%d of %d calls were left out", gone, left+gone)}, true
}
