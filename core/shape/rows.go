package shape

import (
	"slices"

	"github.com/ftprep/ftprep/sdk"
)

// rows returns the rows that an example makes: itself or, for a format that trains on the last message only, one for each
// message that can be trained on, with all that came before it.
func (s *Shaper) rows(e *sdk.Example) []*sdk.Example {
	if !s.holds.LastOnly {
		return []*sdk.Example{e}
	}
	var rows []*sdk.Example
	for i, m := range e.Messages {
		if trainable(m) {
			row := *e
			row.Messages = slices.Clone(e.Messages[:i+1])
			rows = append(rows, &row)
		}
	}
	return rows
}
