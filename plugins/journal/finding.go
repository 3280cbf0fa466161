package journal

import (
	"encoding/json"
	"slices"

	"github.com/ftprep/ftprep/sdk"
)

// A finding is a place in a journal that looks like an example: it is one, or it is refused or ignored for a reason.
type finding struct {
	span
	example *sdk.Example
	refused string // what is wrong with it
	ignored string // the kind of what is no example and was not meant as one
}

// report hands findings over in the order of the journal.
func report(found []finding, emitter *sdk.Emitter) error {
	slices.SortStableFunc(found, func(a, b finding) int { return a.first - b.first })
	for _, one := range found {
		var err error
		switch {
		case one.example != nil:
			one.example.Provenance.FirstLine = one.first
			one.example.Provenance.LastLine = max(one.first, one.last)
			err = emitter.Example(one.example)
		case one.refused != "":
			err = emitter.Reject(sdk.Reject{Line: one.first, Cause: one.refused})
		default:
			emitter.Ignore(one.ignored, 1)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// unique leaves out examples that say the same as an earlier one of their journal.
func unique(found []finding) []finding {
	seen := map[string]bool{}
	return slices.DeleteFunc(found, func(one finding) bool {
		if one.example == nil {
			return false
		}
		bare := sdk.Example{
			Messages: one.example.Messages, Chain: one.example.Chain,
			Correction: one.example.Correction, Negative: one.example.Negative,
		}
		key, err := json.Marshal(bare)
		if err != nil || seen[string(key)] {
			return err == nil
		}
		seen[string(key)] = true
		return false
	})
}
