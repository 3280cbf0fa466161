package shape

import (
	"slices"

	"github.com/ftprep/ftprep/sdk"
)

// parts returns the rows that an example makes: itself or, for a format that trains on the last message only, one for each
// message that can be trained on, with all that came before it.
func (s *Shaper) parts(e *sdk.Example) []*sdk.Example {
	if !s.holds.LastOnly {
		return []*sdk.Example{e}
	}
	var parts []*sdk.Example
	for i, m := range e.Messages {
		if trainable(m) {
			part := *e
			part.Messages = slices.Clone(e.Messages[:i+1])
			parts = append(parts, &part)
		}
	}
	return parts
}
